/** The sum of a 1-D convolution: which numbers meet at which output, and where they stand on one axis. */
/** @import { Term } from '../types.js' */
/** @import { Values } from './types.js' */

/**
 * Zeros before and after the signal. "same" puts the odd zero where scipy does for a flipped kernel, and where torch does
 * otherwise.
 * @param {Values} values
 * @returns {[number, number]}
 */
export function sidesOf({ k, mode, flip, dilation }) {
  const span = (k.length - 1) * dilation;
  const less = Math.floor(span / 2);
  if (mode === 'full') return [span, span];
  if (mode === 'causal') return [span, 0];
  return mode === 'same' ? (flip ? [span - less, less] : [less, span - less]) : [0, 0];
}

/**
 * Everything on one axis of `columns` cells, the zeros included: column `before` is the signal's first number.
 * @param {Values} values
 */
export function axisOf(values) {
  const { x, k, flip, stride, dilation } = values;
  const [before, after] = sidesOf(values);
  const span = (k.length - 1) * dilation;
  const columns = before + x.length + after;
  const count = Math.max(0, Math.floor((columns - span - 1) / stride) + 1);
  const first = flip ? span : 0; // where the kernel's own first number lies: its output stands there, at t
  return {
    before,
    after,
    columns,
    count,
    span,
    cut: count ? columns - (count - 1) * stride - span - 1 : 0, // cells at the end that no window reads
    /** The column under every tap, in the axis' order. @param {number} n @returns {number[]} */
    taps: (n) => Array.from({ length: k.length }, (_, i) => n * stride + i * dilation),
    /** Which of the kernel's numbers lies there. @param {number} i */
    weight: (i) => k[flip ? k.length - 1 - i : i],
    /** The column of the time t that the output belongs to. @param {number} n */
    at: (n) => n * stride + first,
    /** The output that stands in a column; -1 where none does. @param {number} column */
    output(column) {
      const n = (column - first) / stride;
      return Number.isInteger(n) && n >= 0 && n < count ? n : -1;
    },
    /** @param {number} column */
    value: (column) => x[column - before] ?? 0,
  };
}

/** What output n is looked at while nothing is chosen: the first whose window lies within the signal. @param {Values} values */
export function firstWhole(values) {
  const { before, count } = axisOf(values);
  return Math.max(0, Math.min(count - 1, Math.ceil(before / values.stride)));
}

/** value × weight of every tap. @param {Values} values @param {number} n @param {number} result */
export function sumOf(values, n, result) {
  const axis = axisOf(values);
  /** @type {Term[]} */
  const terms = axis.taps(n).map((column, i) => {
    const value = axis.value(column);
    const weight = axis.weight(i);
    const inside = column >= axis.before && column < axis.before + values.x.length;
    return {
      label: '',
      weight,
      value,
      product: weight * value,
      source: inside ? { node: 'input', index: [column - axis.before] } : null,
    };
  });
  return { op: 'conv1d', node: 'output', index: [n], terms, groups: [], bias: null, result, extra: {} };
}
