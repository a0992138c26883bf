/** The arithmetic of a pooled number: the largest of its window, or the mean. */
import { short } from '../../core/lab/grids.js';
import { h, num } from '../dom.js';
import { windowed } from './terms.js';

/** @typedef {{value: number, row: number, column: number}[]} Cells   of a window, without padding */
/** @typedef {(key: string, values?: Record<string, string | number>) => string} Say */

const MANY = 100; // more numbers than this are only counted

/** In full, without the dust of binary fractions. @param {number} value */
const full = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(12))).replace('-', '−') : short(value));

/** How many cells of a window stand beside each other; padding may cut some off. @param {Cells} cells */
const across = (cells) => cells.filter(({ row }) => row === cells[0].row).length;

/** Which cell of a window the maximum is: the first of equals. @param {Cells} cells @param {number} result */
export const winnerAmong = (cells, result) => cells.findIndex(({ value }) => Object.is(value, result) || value === result);

/**
 * max(3, 1, …) = 3, the winner marked.
 * @param {Cells} cells
 * @param {number} result
 * @param {Say} say
 * @param {boolean=} placed   whether it is said where the winner stands
 * @returns {HTMLElement}
 */
export function maximumLine(cells, result, say, placed = true) {
  const winner = winnerAmong(cells, result);
  const many = cells.length > MANY;
  const inside = many
    ? say('many', { count: cells.length })
    : windowed(
        cells.map(({ value }, i) =>
          h(
            'span',
            { class: 'term' },
            num(full(value), 'value', { 'data-text': full(value), class: i === winner ? 'num result' : 'num' }),
            i < cells.length - 1 ? ', ' : '',
          ),
        ),
        across(cells),
      );
  return h(
    'div',
    { class: 'lab-terms large', 'data-sum': '' },
    h('span', { class: 'group-name' }, 'max('),
    inside,
    h('span', { class: 'group-name' }, ')'),
    h('span', { class: 'term total' }, '= ', num(full(result), 'result', { class: 'num result', 'data-text': full(result) })),
    winner < 0 || !placed
      ? null
      : h('span', { class: 'term quiet' }, say('winner', { row: cells[winner].row + 1, column: cells[winner].column + 1 })),
  );
}

/**
 * (3 + 1 + …) / 9 = 12 / 9 ≈ 1.33.
 * @param {Cells} cells
 * @param {number} divisor
 * @param {number} result
 * @param {Say} say
 * @returns {HTMLElement}
 */
export function meanLine(cells, divisor, result, say) {
  const sum = cells.reduce((total, { value }) => total + value, 0);
  const shown = short(result);
  const even = shown === full(result);
  const signed = (/** @type {number} */ value, /** @type {number} */ i) =>
    `${i === 0 ? '' : value < 0 ? '− ' : '+ '}${i === 0 ? full(value) : full(Math.abs(value))}`;
  const inside =
    cells.length > MANY
      ? say('many', { count: cells.length })
      : windowed(
          cells.map(({ value }, i) =>
            h('span', { class: 'term' }, num(signed(value, i), 'value', { 'data-text': full(value) }), ' '),
          ),
          across(cells),
        );
  return h(
    'div',
    { class: 'lab-terms large', 'data-sum': '' },
    h('span', { class: 'bracket' }, '('),
    inside,
    h('span', { class: 'bracket' }, ')'),
    h('span', { class: 'term' }, `/ ${divisor} = `),
    h('span', { class: 'term' }, num(full(sum), 'sum'), ` / ${divisor}`),
    h(
      'span',
      { class: 'term total' },
      even ? '= ' : '≈ ',
      num(shown, 'result', { class: 'num result', 'data-text': full(result) }),
    ),
  );
}
