/** The arithmetic of one number as a line: weight × value + … + bias = result, each printed so that the line is true. */
/** @import { Explanation } from '../../core/types.js' */
import { printedSum } from '../../core/arithmetic.js';
import { short } from '../../core/lab/grids.js';
import { h, num } from '../dom.js';

const MANY = 40; // more terms than this are written channel by channel

/** Whether a number is written in full with so few digits. @param {number} value */
const plain = (value) => Number.isFinite(value) && Math.abs(value) < 1e6 && String(value).length <= 7;

/** In full, without the dust of binary fractions. @param {number} value */
const exact = (value) => String(Number(value.toPrecision(12))).replace('-', '−');

/**
 * Digits for a sum of products: in full where they are few, else as many as make it add up; numbers that are none stay
 * themselves.
 * @param {Explanation} explanation
 */
function printed(explanation) {
  const { terms, groups, bias, result } = explanation;
  const numbers = [...terms.flatMap(({ weight, value }) => [weight ?? 1, value]), bias ?? 0];
  const spans = groups.length ? groups : [{ label: '', start: 0, stop: terms.length, sum: 0 }];
  if (numbers.every(plain) || !numbers.every(Number.isFinite) || !Number.isFinite(result)) {
    const write = Number.isFinite(result) ? exact : short;
    return {
      groups: spans.map(({ label, start, stop }) => ({
        label,
        terms: terms.slice(start, stop).map(({ weight, value }) => [write(weight ?? 1), write(value)]),
        sum: write(terms.slice(start, stop).reduce((sum, term) => sum + term.product, 0)),
      })),
      bias: bias === null ? null : write(bias),
      result: write(result),
    };
  }
  const card = printedSum(explanation, result);
  return {
    groups: card.groups.map((group) => ({
      label: group.label,
      terms: group.terms.map(({ weight, value }) => [weight, value]),
      sum: group.sum,
    })),
    bias: card.bias,
    result: card.result,
  };
}

/**
 * weight × value of every term, their sum with the bias, and the result. Long sums become one line per channel; with `columns`
 * the products stand as the window does: its rows are rows of the sum.
 * @param {Explanation} explanation
 * @param {{label?: (group: string, index: number) => string, columns?: number}=} options
 * @returns {HTMLElement}
 */
export function termsLine(explanation, { label = (/** @type {string} */ name) => name, columns = 0 } = {}) {
  const card = printed(explanation);
  const several = card.groups.length > 1;
  const large = columns ? ' large' : '';
  const ends = [
    card.bias === null || (Number(card.bias) === 0 && explanation.bias === 0)
      ? null
      : h(
          'span',
          { class: 'term' },
          `${card.bias.startsWith('−') ? '−' : '+'} `,
          num(card.bias.replace('−', ''), 'bias', { 'data-text': card.bias }),
        ),
    h('span', { class: 'term total' }, '= ', num(card.result, 'result', { class: 'num result', 'data-text': card.result })),
  ];
  if (!several)
    return h(
      'div',
      { class: `lab-terms${large}${card.groups[0].terms.length > 4 * columns && columns > 1 ? ' deep' : ''}`, 'data-sum': '' },
      windowed(line(card.groups[0].terms), columns),
      ends,
    );
  const long = explanation.terms.length > MANY;
  const tiled = columns > 0 && (long || card.groups.every(({ terms }) => fitsWindow(terms.length, columns)));
  return h(
    'div',
    { class: `lab-sums${large}${tiled ? ' tiled' : ''}` },
    h(
      'div',
      { class: 'lab-groups' },
      card.groups.map((group, i) =>
        h(
          'div',
          { class: `lab-terms${large}`, 'data-group': i },
          h('span', { class: 'group-name' }, label(group.label, i)),
          long ? null : windowed(line(group.terms), columns),
          h('span', { class: 'term' }, long ? '' : '= ', num(group.sum, 'sum', { 'data-text': group.sum })),
        ),
      ),
    ),
    h(
      'div',
      { class: `lab-terms${large}`, 'data-sum': '' },
      card.groups.map((group, i) =>
        h(
          'span',
          { class: 'term' },
          i ? (group.sum.startsWith('−') ? '− ' : '+ ') : '',
          num(i ? group.sum.replace('−', '') : group.sum, 'sum', { 'data-text': group.sum }),
        ),
      ),
      ends,
    ),
  );
}

/** Larger windows are written as they come. @param {number} count @param {number} columns */
const fitsWindow = (count, columns) => columns > 1 && columns <= 7 && count > columns && count / columns <= 7;

/**
 * Terms as the window stands, row by row.
 * @param {HTMLElement[]} terms
 * @param {number} columns
 * @returns {HTMLElement | HTMLElement[]}
 */
export const windowed = (terms, columns) =>
  fitsWindow(terms.length, columns) ? h('span', { class: 'window', style: { '--columns': columns } }, terms) : terms;

/** @param {string[][]} terms */
const line = (terms) =>
  terms.map(([weight, value], i) =>
    h(
      'span',
      { class: `term${Number(weight) === 0 || Number(value) === 0 ? ' zero' : ''}` },
      h('span', { class: 'sign' }, i ? '+ ' : ''),
      num(value.startsWith('−') && i ? `(${value})` : value, 'value', { 'data-text': value }),
      h('span', { class: 'times' }, '×'),
      num(weight.startsWith('−') ? `(${weight})` : weight, 'weight', { 'data-text': weight }),
    ),
  );
