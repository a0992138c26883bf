/**
 * The legend of the diverging scale: colours with the numbers at both ends and at zero; in the network with the choice of what
 * shares a range.
 */
/** @import { Colours } from './colors.js' */
/** @import { Scene } from './scene.js' */
/** @import { Target } from './lens.js' */
import { significant } from '../core/numbers.js';
import { isVector } from '../core/graph.js';
import { t } from '../i18n.js';
import { boundFor, globalBound } from './thumbs.js';
import { h } from './dom.js';

/**
 * @param {Colours} colours
 * @param {number} bound
 * @param {string} label
 * @param {boolean=} positive  only values from zero up occur
 */
export function legend(colours, bound, label, positive = false) {
  const low = positive ? '0' : significant(-bound, 2);
  return h(
    'div',
    { class: 'legend', role: 'img', 'aria-label': `${label}: ${low} … ${significant(bound, 2)}` },
    h('span', { class: 'legend-name' }, label),
    ...ramp(colours, low, significant(bound, 2), positive),
  );
}

/** @param {Colours} colours @param {string} low @param {string} high @param {boolean} positive */
const ramp = (colours, low, high, positive) => [
  h('span', { class: 'num' }, low),
  h('span', {
    class: 'ramp',
    style: { background: `linear-gradient(to right, ${(positive ? colours.low.slice(2) : colours.low).join(', ')})` },
  }),
  h('span', { class: 'num' }, high),
];

const SCALES = ['unit', 'layer', 'global'];

/** @param {(scale: string) => void} choose */
export function networkLegend(choose) {
  const select = /** @type {HTMLSelectElement} */ (
    h(
      'select',
      { id: 'scale', 'aria-label': t('ui.scale'), onchange: () => choose(select.value) },
      SCALES.map((scale) => h('option', { value: scale }, t(`ui.scale_${scale}`))),
    )
  );
  const colours = h('span', { class: 'ramps' });
  const root = h('div', { class: 'legend network-legend' }, select, colours);
  return {
    root,
    /** Numbers stand at the ends when it is clear whose they are. @param {Scene} scene @param {Target | null} target */
    draw(scene, target) {
      const { data, state } = scene;
      select.value = state.scale;
      const record = target && data.records.get(target.name);
      const known =
        state.scale === 'global' && !(record && isVector(record))
          ? globalBound(data)
          : record
            ? boundFor(data, state.scale, record.name, target.unit)
            : null;
      const positive = Boolean(record && record.stats.min >= 0);
      const [low, high] = known === null ? ['−', '+'] : [positive ? '0' : significant(-known, 2), significant(known, 2)];
      colours.replaceChildren(...ramp(scene.colours, low, high, positive));
    },
  };
}
