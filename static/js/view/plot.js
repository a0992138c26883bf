/** A curve with the point on it: axes with numbers, the spread of all values along the foot. */
import { bin, line, scaleLinear } from 'd3';
import { significant } from '../core/numbers.js';
import { h, s } from './dom.js';

/**
 * @typedef {object} Plot
 * @property {[number, number][]} curve
 * @property {[number, number] | null} point    null: not reached yet
 * @property {ArrayLike<number>} values         what lies along the x axis
 * @property {[string, string]} names           of the axes
 * @property {string} label
 */

/** @param {Plot} plot */
export function plot({ curve, point, values, names, label }) {
  const x = scaleLinear().domain(extent(curve, 0)).range([0, 100]);
  const y = scaleLinear().domain(extent(curve, 1)).range([100, 0]);
  const path =
    line(
      (d) => x(d[0]),
      (d) => y(d[1]),
    )(curve) ?? '';
  const drawing = s(
    'svg',
    { viewBox: '0 0 100 100', preserveAspectRatio: 'none' },
    s('g', { class: 'spread' }, spreadOf(values, x)),
    s('path', { class: 'axis', d: `M0,${y(0)}H100M${x(0)},0V100` }),
    s('path', { class: 'graph', d: path }),
    point ? s('path', { class: 'drop', d: `M${x(point[0])},100V${y(point[1])}H0` }) : null,
  );
  return h(
    'div',
    { class: 'plot', role: 'img', 'aria-label': label },
    h('span', { class: 'axis-name up' }, names[1]),
    h(
      'div',
      { class: 'field-of' },
      drawing,
      point ? h('span', { class: 'point', style: at(x(point[0]), y(point[1])) }) : null,
      x.ticks(5).map((tick) => h('span', { class: 'tick num across', style: { left: `${x(tick)}%` } }, numeral(tick))),
      y.ticks(4).map((tick) => h('span', { class: 'tick num up', style: { top: `${y(tick)}%` } }, numeral(tick))),
    ),
    h('span', { class: 'axis-name across' }, names[0]),
  );
}

const numeral = (/** @type {number} */ tick) => (tick === 0 ? '0' : significant(tick, 2));
const at = (/** @type {number} */ left, /** @type {number} */ top) => ({ left: `${left}%`, top: `${top}%` });

/**
 * The ends of one coordinate, with a little air.
 * @param {[number, number][]} curve
 * @param {0 | 1} which
 * @returns {[number, number]}
 */
function extent(curve, which) {
  const ends = curve.map((place) => place[which]);
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  const air = 0.06 * (high - low || 1);
  return [low - air, high + air];
}

/**
 * How many values fall where, as bars at the foot.
 * @param {ArrayLike<number>} values
 * @param {import('d3').ScaleLinear<number, number>} x
 */
function spreadOf(values, x) {
  const [low, high] = x.domain();
  const bins = bin().domain([low, high]).thresholds(x.ticks(40))(Array.from(values));
  const most = Math.max(...bins.map(({ length }) => length), 1);
  return bins
    .filter(({ length }) => length)
    .map((found) => {
      const height = 24 * Math.sqrt(found.length / most);
      const left = x(found.x0 ?? 0);
      return s('rect', { x: left, width: Math.max(0, x(found.x1 ?? 0) - left), y: 100 - height, height });
    });
}
