/**
 * Transposed convolution as spreading: every input value adds a copy of its kernels to the output channels, one kernel for
 * each (Dumoulin & Visin 2016, chapter 4).
 */
/** @import { Group, Term } from '../types.js' */
import { flat, shapeOf } from './grids.js';

/**
 * @typedef {object} Spread
 * @property {number[][][]} x          what is spread: channels, rows, columns
 * @property {number[][][][]} kernel   as torch has it: input channels, output channels of a group, rows, columns
 * @property {number[]} bias           one number per output channel, where every sum of it begins
 * @property {number} groups
 * @property {number} stride
 * @property {number} padding        cut off on all sides of what the copies cover
 * @property {number} dilation
 * @property {[number, number]} more   rows below and columns to the right that are kept or added (output_padding)
 */

/** How many output channels there are. @param {Spread} spread */
export const outputsOf = ({ kernel, groups }) => kernel[0].length * groups;

/**
 * The output channels that an input channel adds to: those of its group.
 * @param {Spread} spread
 * @param {number} channel
 * @returns {number[]}
 */
export function goesTo({ x, kernel, groups }, channel) {
  const each = kernel[0].length;
  const first = Math.floor(channel / (x.length / groups)) * each;
  return Array.from({ length: each }, (_, i) => first + i);
}

/**
 * The input channels that add to an output channel.
 * @param {Spread} spread
 * @param {number} out
 * @returns {number[]}
 */
export function comesFrom({ x, kernel, groups }, out) {
  const each = x.length / groups;
  const first = Math.floor(out / kernel[0].length) * each;
  return Array.from({ length: each }, (_, i) => first + i);
}

/**
 * Rows and columns of everything that the copies cover, the border that is cut off included.
 * @param {Spread} spread
 * @returns {[number, number]}
 */
export function coveredBy({ x, kernel, stride, dilation, more }) {
  const size = shapeOf(kernel).slice(2);
  const sizes = shapeOf(x[0]).map((side, i) => (side - 1) * stride + dilation * (size[i] - 1) + 1 + more[i]);
  return [sizes[0], sizes[1]];
}

/**
 * Where a step's input value stands: steps go through the channels one after the other.
 * @param {Spread} spread
 * @param {number} step
 * @returns {{channel: number, cell: number}} cell: its index in the channel
 */
export function inputAt({ x }, step) {
  const count = x[0].length * x[0][0].length;
  return { channel: Math.floor(step / count), cell: step % count };
}

/**
 * Where the copy of one cell of a channel lies among all that is covered, in the kernel's order.
 * @param {Spread} spread
 * @param {number} cell
 * @returns {number[]}
 */
export function copyOf(spread, cell) {
  const [, , rows, columns] = shapeOf(spread.kernel);
  const [, wide] = coveredBy(spread);
  const across = spread.x[0][0].length;
  const top = Math.floor(cell / across) * spread.stride;
  const left = (cell % across) * spread.stride;
  return Array.from(
    { length: rows * columns },
    (_, i) => (top + Math.floor(i / columns) * spread.dilation) * wide + left + (i % columns) * spread.dilation,
  );
}

/**
 * The cells of a channel whose copies reach a place of all that is covered, in the order of their steps, each with the element
 * of the kernel that it comes with.
 * @param {Spread} spread
 * @param {number} place
 * @returns {{cell: number, tap: number}[]}
 */
export function reaching(spread, place) {
  const [, , rows, columns] = shapeOf(spread.kernel);
  const [tall, across] = shapeOf(spread.x[0]);
  const [, wide] = coveredBy(spread);
  const along = (/** @type {number} */ at, /** @type {number} */ taps, /** @type {number} */ count) =>
    Array.from({ length: taps }, (_, tap) => ({ at: (at - tap * spread.dilation) / spread.stride, tap }))
      .filter((each) => Number.isInteger(each.at) && each.at >= 0 && each.at < count)
      .reverse();
  const right = along(place % wide, columns, across);
  return along(Math.floor(place / wide), rows, tall).flatMap((row) =>
    right.map((column) => ({ cell: row.at * across + column.at, tap: row.tap * columns + column.tap })),
  );
}

/** An index of the output among all that is covered, and back; -1 for what is cut off. @param {Spread} spread */
export function cutting(spread) {
  const [tall, wide] = coveredBy(spread);
  const { padding } = spread;
  const columns = wide - 2 * padding;
  const rows = tall - 2 * padding;
  return {
    rows,
    columns,
    covered: (/** @type {number} */ index) => (Math.floor(index / columns) + padding) * wide + (index % columns) + padding,
    kept: (/** @type {number} */ place) => {
      const row = Math.floor(place / wide) - padding;
      const column = (place % wide) - padding;
      return row < 0 || column < 0 || row >= rows || column >= columns ? -1 : row * columns + column;
    },
  };
}

/**
 * The sums while copies are added one after the other, and how many each place has got, by output channel and place of all that
 * is covered; one step on from the last one asked for is one copy more, and any other begins anew.
 * @param {Spread} spread
 * @returns {(copies: number) => {sums: number[][], counts: number[][]}}
 */
export function adding(spread) {
  const [tall, wide] = coveredBy(spread);
  const { kept } = cutting(spread);
  const numbers = flat(spread.x);
  const weights = spread.kernel.map((outputs) => outputs.map(flat));
  const start = (/** @type {(out: number, place: number) => number} */ first) =>
    Array.from({ length: outputsOf(spread) }, (_, out) => Array.from({ length: tall * wide }, (_, place) => first(out, place)));
  const biases = (/** @type {number} */ out, /** @type {number} */ place) => (kept(place) < 0 ? 0 : spread.bias[out]);
  let done = 0;
  let sums = start(biases);
  let counts = start(() => 0);
  return (copies) => {
    if (copies < done) [done, sums, counts] = [0, start(biases), start(() => 0)];
    for (; done < Math.min(copies, numbers.length); done++) {
      const { channel, cell } = inputAt(spread, done);
      const places = copyOf(spread, cell);
      goesTo(spread, channel).forEach((out, i) =>
        places.forEach((place, tap) => {
          sums[out][place] += numbers[done] * weights[channel][i][tap];
          counts[out][place] += 1;
        }),
      );
    }
    return { sums, counts };
  };
}

/**
 * What adds up at one place of an output channel: one term per copy that reaches it, of the first so many copies, by input
 * channel.
 * @param {Spread} spread
 * @param {number} out
 * @param {number} place   of all that is covered
 * @param {number=} copies
 * @returns {{terms: Term[], groups: Group[]}}
 */
export function termsAt(spread, out, place, copies = Infinity) {
  const [tall, across] = shapeOf(spread.x[0]);
  const columns = shapeOf(spread.kernel)[3];
  const found = reaching(spread, place);
  /** @type {Term[]} */
  const terms = [];
  /** @type {Group[]} */
  const groups = [];
  for (const channel of comesFrom(spread, out)) {
    const start = terms.length;
    const kernel = spread.kernel[channel][out % spread.kernel[0].length];
    for (const { cell, tap } of found) {
      if (channel * tall * across + cell >= copies) break;
      const [row, column] = [Math.floor(cell / across), cell % across];
      const value = spread.x[channel][row][column];
      const weight = kernel[Math.floor(tap / columns)][tap % columns];
      const source = { node: 'input', index: [channel, row, column] };
      terms.push({ label: '', weight, value, product: value * weight, source });
    }
    const sum = terms.slice(start).reduce((total, { product }) => total + product, 0);
    if (terms.length > start) groups.push({ label: String(channel), start, stop: terms.length, sum });
  }
  return { terms, groups };
}
