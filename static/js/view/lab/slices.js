/**
 * A function of three variables cut along each of them: a curve of one variable, the others held still, with its tangent and
 * its secant.
 */
/** @import { Drawing, Frame } from '../../core/lab/types.js' */
import { plainly } from '../../core/lab/curves.js';
import { valueOfRows } from '../../core/lab/polynomial.js';
import { s } from '../dom.js';

const NAMES = ['x', 'y', 'z'];
const REACH = 1.5;
const COUNT = 48; // to either side of the point; pieces of a curve

/** @param {{terms: number[][], p: number[], slopes: number[], quotients: number[], places: [number, number][], pointed: number | null}} what   places: of each variable, the two of its difference
 * @returns {Drawing} */
export const slices = (what) => ({
  kind: 'drawing',
  id: 'slices',
  label: ' ',
  rows: 1.5,
  columns: 3,
  characters: 17,
  draw: (frame) => NAMES.flatMap((_, i) => slice(what, i, frame)),
});

/** @param {Parameters<typeof slices>[0]} what @param {number} i @param {Frame} frame */
function slice({ terms, p, slopes, quotients, places, pointed }, i, { x: left, y: top, wide, tall, rows, text }) {
  const height = tall * rows - 0.4 * text;
  const x0 = left + i * wide + 0.5 * text;
  const width = wide - text;
  const low = p[i] - REACH;
  const f = (/** @type {number} */ at) =>
    valueOfRows(
      terms,
      p.map((value, j) => (j === i ? at : value)),
    );
  const values = Array.from({ length: COUNT + 1 }, (_, n) => f(low + (2 * REACH * n) / COUNT));
  const least = Math.min(...values);
  const most = Math.max(...values);
  const span = most - least || 1;
  const x = (/** @type {number} */ at) => x0 + ((at - low) / (2 * REACH)) * width;
  const y = (/** @type {number} */ value) => top + height - ((value - least + 0.12 * span) / (1.24 * span)) * height;
  const through = (/** @type {number} */ at, /** @type {number} */ slope) =>
    `M${[low, low + 2 * REACH].map((end) => `${x(end)},${y(f(at) + slope * (end - at))}`).join('L')}`;
  const id = `slice-${i}`;
  const name = `f(${NAMES.map((each, j) => (j === i ? each : plainly(p[j]))).join(', ')})`;
  return [
    s('clipPath', { id }, s('rect', { x: x0, y: top, width, height })),
    s('rect', { class: `slice-frame${pointed === i ? ' here' : ''}`, x: x0, y: top, width, height }),
    s(
      'g',
      { class: 'slice', 'clip-path': `url(#${id})` },
      s('path', { class: 'graph dashed series-2', d: through(p[i], slopes[i]) }),
      Number.isFinite(quotients[i])
        ? s('path', { class: 'graph secant series-1', d: through(places[i][0], quotients[i]) })
        : null,
      s('path', {
        class: 'graph main series-0',
        d: `M${values.map((value, n) => `${x(low + (2 * REACH * n) / COUNT)},${y(value)}`).join('L')}`,
      }),
      [...places[i], p[i]].map((at, n) =>
        s('circle', { class: `dot series-${n < 2 ? 1 : 0}`, cx: x(at), cy: y(f(at)), r: n < 2 ? 4.5 : 6 }),
      ),
    ),
    s('text', { class: 'slice-name', x: x0 + 0.4 * text, y: top + 1.1 * text, 'font-size': text }, name),
  ];
}
