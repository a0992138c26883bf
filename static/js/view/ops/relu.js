/** relu's card: the curve with the point on it, and max(0, x). */
/** @import { OpView } from './index.js' */
import { line, scaleLinear } from 'd3';
import { printedAlike } from '../../core/arithmetic.js';
import { equation } from '../arithmetic.js';
import { num, s, sign } from '../dom.js';

const WIDTH = 480, HEIGHT = 300, EDGE = 28;

/** @type {OpView} */
export const relu = {
  card(e) {
    const value = e.explanation.terms[0].value;
    const { operands: [x], result } = printedAlike([value], e.result);
    return [
      curve(value, e.result, e.inputBound, e.shown('result')),
      equation([sign('max('), num('0', 'zero'), sign(','), num(x, 'value'), sign(') ='), num(result, 'result', { class: `num result${e.shown('result') ? '' : ' later'}` })], 'big'),
    ];
  },
};

/** @param {number} x @param {number} y @param {number} bound @param {boolean} shown */
function curve(x, y, bound, shown) {
  const across = scaleLinear().domain([-bound, bound]).range([EDGE, WIDTH - EDGE]);
  const up = scaleLinear().domain([-bound / 8, bound]).range([HEIGHT - EDGE, EDGE]);
  const path = line()([[across(-bound), up(0)], [across(0), up(0)], [across(bound), up(bound)]]) ?? '';
  const point = shown ? [
    s('path', { class: 'drop', d: `M${across(x)},${up(-bound / 8)}V${up(y)}H${across(-bound)}` }),
    s('circle', { class: 'point', cx: across(x), cy: up(y), r: 9 }),
  ] : [s('circle', { class: 'point', cx: across(x), cy: up(-bound / 8), r: 6 })];
  return s('svg', { class: 'curve', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' },
    s('path', { class: 'axis', d: `M${EDGE},${up(0)}H${WIDTH - EDGE}M${across(0)},${HEIGHT - EDGE}V${EDGE}` }),
    s('path', { class: 'graph', d: path }), point);
}
