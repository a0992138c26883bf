/** The sum behind one pixel of a filtered picture, for each colour and each kernel; and the length where there are two. */
/** @import { LabScene } from '../../core/lab/types.js' */
/** @import { Source } from '../../core/lab/filter.js' */
import { windowAt } from '../../core/lab/filter.js';
import { short } from '../../core/lab/grids.js';
import { kernelsOf } from '../../core/lab/kernels.js';
import { decimalsFor, fixed, parse, reads, settle, sum } from '../../core/numbers.js';
import { h, num } from '../dom.js';
import { termsLine } from './terms.js';

const MANY = 27; // products of all lines: more are added up row by row
const FEW = 9; // of a line where room is short: on a phone, and read from afar
const NARROW = 900; // px of a window
const WIDE = 7; // columns: the rows of a wider kernel are not written out
const TALL = 9; // rows: more sums are folded where they would take the picture's room
const NAMES = ['R', 'G', 'B'];

const DUST = 1e-9; // what binary fractions leave of a sum that is zero
let open = false; // whether the rows are written out, here and for the next pixel

/** @typedef {ReturnType<typeof windowAt>} Window */
/** @typedef {(key: string, values?: Record<string, string | number>) => string} Say */

/** Two decimals, and none where there are none. @param {number} value */
const written = (value) => String(Number(value.toFixed(2))).replace('-', '−');

/** @param {LabScene} scene @param {Source} source @param {{row: number, column: number}} pixel @returns {HTMLElement[]} */
export function sumsOf({ values, say, state }, source, { row, column }) {
  const far = state.profile === 'projector';
  const many = far || innerWidth <= NARROW ? FEW : MANY / source.colours;
  const kernels = kernelsOf(/** @type {any} */ (values));
  const pair = kernels.length === 2;
  const lines = Array.from({ length: source.colours }, (_, c) => c).flatMap((c) => {
    const found = kernels.map((kernel) => windowAt(source, c, kernel, row, column));
    const parts = found.map((window, i) =>
      h(
        'div',
        { class: 'filter-sum', 'data-plane': c, 'data-kernel': i },
        source.colours > 1 || pair
          ? h('span', { class: 'group-name' }, `${source.colours > 1 ? NAMES[c] : ''}${pair ? ` G${'xy'[i]}` : ''}`)
          : null,
        window.cells.length > many ? byRows(window, say, far) : line(window),
      ),
    );
    if (!pair) return parts;
    const lengthLine = length(found.map(({ sum }) => sum));
    if (source.colours === 1) return [...parts, lengthLine];
    return folded([h('span', { class: 'group-name' }, NAMES[c]), lengthLine], '', parts, 'filter-pair');
  });
  const mirrored = windowAt(source, 0, kernels[0], row, column).cells.some((cell) => cell.mirrored);
  return [h('p', { class: 'quiet' }, say(mirrored ? 'at_border' : 'at', { row: row + 1, column: column + 1 })), ...lines];
}

/** Pixels are whole numbers. @param {string} text */
const whole = (text) => text.replace(/\.0+$/, '');

/** @param {string[]} addends */
const added = (addends) =>
  addends.map((text, i) =>
    h(
      'span',
      { class: 'term' },
      i ? (text.startsWith('−') ? '− ' : '+ ') : '',
      num(i ? text.replace('−', '') : text, 'sum', { 'data-text': text }),
    ),
  );

/** @param {string} result */
const total = (result) =>
  h('span', { class: 'term total' }, '= ', num(result, 'result', { class: 'num result', 'data-text': result }));

/** Weight × value for each pixel under the kernel, and their sum. @param {Window} window */
const explained = ({ cells, sum }) => ({
  op: 'conv2d',
  node: 'output',
  index: [],
  terms: cells.map(({ value, weight }) => ({ label: '', weight, value, product: weight * value, source: null })),
  groups: [],
  bias: null,
  result: sum,
  extra: {},
});

/** All on one line. @param {Window} window */
function line(window) {
  const found = termsLine(explained(window));
  for (const value of found.querySelectorAll('[data-role="value"]')) value.textContent = whole(value.textContent ?? '');
  return found;
}

/**
 * Weights with so many decimals that every row, worked out as printed, reads as its sum.
 * @param {Window['cells'][]} rows
 * @param {string[]} sums
 * @returns {string[]} of all cells
 */
function weightsOf(rows, sums) {
  const digits = (/** @type {number} */ count) => rows.map((row) => row.map(({ weight }) => fixed(weight, count)));
  const right = (/** @type {string[][]} */ texts) =>
    rows.every((row, i) => reads(sum(row.map(({ value }, j) => value * parse(texts[i][j]))), sums[i]));
  for (let count = 2; count <= 12; count++) if (right(digits(count))) return digits(count).flat();
  return rows.flat().map(({ weight }) => String(weight).replace('-', '−'));
}

/**
 * Row by row: the sums of the kernel's rows make the result; where rows are short, each is written out below.
 * @param {Window} window
 * @param {Say} say
 * @param {boolean} far   read from afar: there is less room
 */
function byRows({ columns, rows: tall, cells, sum: value }, say, far) {
  const rows = Array.from({ length: tall }, (_, i) => cells.slice(i * columns, (i + 1) * columns));
  const sums = rows.map((row) => sum(row.map((cell) => cell.value * cell.weight)));
  const head = (/** @type {string} */ text) => h('span', { class: 'quiet' }, text);
  const line = (/** @type {any[]} */ ...parts) => h('div', { class: 'lab-terms', 'data-sum': '' }, parts);
  const all = (/** @type {string[]} */ addends, /** @type {string} */ result) =>
    line(head(say('row_sums')), added(addends), total(result));
  if (!Number.isFinite(value)) return all(sums.map(short), short(value));
  const { operands, result } = settle(sums, sum, Math.abs(value) < DUST ? 0 : value, {
    decimals: Math.min(4, Math.max(2, decimalsFor(value))),
  });
  const shown = operands.map(whole);
  const found = whole(result);
  if (columns > WIDE)
    return far && tall > TALL
      ? folded([head(say('row_sums_of', { rows: tall })), total(found)], '', [line(added(shown))])
      : all(shown, found);
  const weights = weightsOf(rows, shown).map(whole);
  return folded(
    [all(shown, found)],
    say('row_by_row'),
    rows.map((row, i) =>
      h(
        'div',
        { class: 'lab-terms', 'data-row': i },
        h('span', { class: 'group-name' }, say('kernel_row', { row: i + 1 })),
        row.map((cell, j) => product(cell.value, weights[i * columns + j], j > 0)),
        h('span', { class: 'term' }, '= ', num(shown[i], 'sum', { 'data-text': shown[i] })),
      ),
    ),
  );
}

/**
 * What is there for whoever asks; open for the next pixel too.
 * @param {any[]} summary
 * @param {string} title
 * @param {any[]} parts
 * @param {string=} kind
 */
function folded(summary, title, parts, kind = 'filter-rows') {
  const details = /** @type {HTMLDetailsElement} */ (
    h(
      'details',
      {
        class: kind,
        open,
        ontoggle: () => {
          if (details.isConnected) open = details.open;
        },
      },
      h('summary', { title }, summary),
      parts,
    )
  );
  return details;
}

/** @param {number} value @param {string} weight @param {boolean} more */
const product = (value, weight, more) =>
  h(
    'span',
    { class: `term${value === 0 || Number(weight) === 0 ? ' zero' : ''}` },
    more ? '+ ' : '',
    num(String(value), 'value', { 'data-text': String(value) }),
    h('span', { class: 'times' }, '×'),
    num(weight.startsWith('−') ? `(${weight})` : weight, 'weight', { 'data-text': weight }),
  );

/** @param {number[]} both */
function length([x, y]) {
  const squared = (/** @type {number} */ value) => [
    num(value < 0 ? `(${written(value)})` : written(value), 'value', { 'data-text': written(value) }),
    '²',
  ];
  return h(
    'div',
    { class: 'lab-terms' },
    h('span', { class: 'term' }, '√(', squared(x), ' + ', squared(y), ')'),
    h('span', { class: 'term total' }, '= ', num(written(Math.hypot(x, y)), 'result', { class: 'num result' })),
  );
}
