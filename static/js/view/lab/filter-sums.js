/** The sum behind one pixel of a filtered picture, for each colour and each kernel; and the length where there are two. */
/** @import { LabScene } from '../../core/lab/types.js' */
/** @import { Source } from '../../core/lab/filter.js' */
import { windowAt } from '../../core/lab/filter.js';
import { kernelsOf } from '../../core/lab/kernels.js';
import { h, num } from '../dom.js';
import { termsLine } from './terms.js';

const MANY = 27, NAMES = ['R', 'G', 'B'];   // products of all lines: more are counted, not written out

/** Two decimals, and none where there are none. @param {number} value */
const written = (value) => String(Number(value.toFixed(2))).replace('-', '−');

/** @param {LabScene} scene @param {Source} source @param {{row: number, column: number}} pixel @returns {HTMLElement[]} */
export function sumsOf({ values, say }, source, { row, column }) {
  const kernels = kernelsOf(/** @type {any} */ (values)), pair = kernels.length === 2;
  const lines = Array.from({ length: source.colours }, (_, c) => c).flatMap((c) => {
    const found = kernels.map((kernel) => windowAt(source, c, kernel, row, column));
    const parts = found.map((window, i) => h('div', { class: 'filter-sum', 'data-plane': c, 'data-kernel': i },
      source.colours > 1 || pair ? h('span', { class: 'group-name' }, `${source.colours > 1 ? NAMES[c] : ''}${pair ? ` G${'xy'[i]}` : ''}`) : null, line(window, say, window.cells.length * source.colours > MANY)));
    return pair ? [...parts, length(found.map(({ sum }) => sum))] : parts;
  });
  const mirrored = windowAt(source, 0, kernels[0], row, column).cells.some((cell) => cell.mirrored);
  return [h('p', { class: 'quiet' }, say(mirrored ? 'at_border' : 'at', { row: row + 1, column: column + 1 })), ...lines];
}

/** @param {ReturnType<typeof windowAt>} window @param {(key: string, values?: Record<string, string | number>) => string} say @param {boolean} many */
function line({ cells, sum }, say, many) {
  if (many) return h('span', {}, say('products', { count: cells.length }), ' = ', num(written(sum), 'result', { class: 'num result', 'data-text': written(sum) }));
  const terms = cells.map(({ value, weight }) => ({ label: '', weight, value, product: weight * value, source: null }));
  const found = termsLine({ op: 'conv2d', node: 'output', index: [], terms, groups: [], bias: null, result: sum, extra: {} });
  for (const value of found.querySelectorAll('[data-role="value"]')) value.textContent = (value.textContent ?? '').replace(/\.0+$/, '');   // pixels are whole
  return found;
}

/** @param {number[]} both */
function length([x, y]) {
  const squared = (/** @type {number} */ value) => [num(value < 0 ? `(${written(value)})` : written(value), 'value', { 'data-text': written(value) }), '²'];
  return h('div', { class: 'lab-terms' }, h('span', { class: 'term' }, '√(', squared(x), ' + ', squared(y), ')'), h('span', { class: 'term total' }, '= ', num(written(Math.hypot(x, y)), 'result', { class: 'num result' })));
}
