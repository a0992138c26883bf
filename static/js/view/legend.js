/** The legend of the diverging scale: colours with the numbers at both ends and at zero. */
/** @import { Colours } from './colors.js' */
import { significant } from '../core/numbers.js';
import { h } from './dom.js';

/** @param {Colours} colours @param {number} bound @param {string} label @param {boolean=} positive  only values from zero up occur */
export function legend(colours, bound, label, positive = false) {
  const stops = positive ? colours.low.slice(2) : colours.low;
  const low = positive ? '0' : significant(-bound, 2);
  return h('div', { class: 'legend', role: 'img', 'aria-label': `${label}: ${low} … ${significant(bound, 2)}` },
    h('span', { class: 'legend-name' }, label),
    h('span', { class: 'num' }, low),
    h('span', { class: 'ramp', style: { background: `linear-gradient(to right, ${stops.join(', ')})` } }),
    h('span', { class: 'num' }, significant(bound, 2)));
}
