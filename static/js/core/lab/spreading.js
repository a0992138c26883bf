/**
 * Transposed convolution as spreading: every input value adds a copy of the kernel to the output (Dumoulin & Visin 2016,
 * chapter 4).
 */
/** @import { Term } from '../types.js' */
import { flat, shapeOf } from './grids.js';

/**
 * @typedef {object} Spread
 * @property {number[][]} x          what is spread
 * @property {number[][]} kernel
 * @property {number} stride
 * @property {number} padding        cut off on all sides of what the copies cover
 * @property {number} dilation
 * @property {[number, number]} more   rows below and columns to the right that are kept or added (output_padding)
 */

/**
 * Rows and columns of everything that the copies cover, the border that is cut off included.
 * @param {Spread} spread
 * @returns {[number, number]}
 */
export function coveredBy({ x, kernel, stride, dilation, more }) {
  const sizes = shapeOf(x).map((side, i) => (side - 1) * stride + dilation * (shapeOf(kernel)[i] - 1) + 1 + more[i]);
  return [sizes[0], sizes[1]];
}

/**
 * Where the copy of one input cell lies among all that is covered, in the kernel's order.
 * @param {Spread} spread
 * @param {number} cell
 * @returns {number[]}
 */
export function copyOf(spread, cell) {
  const [rows, columns] = shapeOf(spread.kernel);
  const [, wide] = coveredBy(spread);
  const across = shapeOf(spread.x)[1];
  const top = Math.floor(cell / across) * spread.stride;
  const left = (cell % across) * spread.stride;
  return Array.from(
    { length: rows * columns },
    (_, i) => (top + Math.floor(i / columns) * spread.dilation) * wide + left + (i % columns) * spread.dilation,
  );
}

/**
 * The sums after so many copies, and how many copies each cell has got.
 * @param {Spread} spread
 * @param {number} copies
 * @returns {{sums: number[], counts: number[]}}
 */
export function added(spread, copies) {
  const [tall, wide] = coveredBy(spread);
  const sums = new Array(tall * wide).fill(0);
  const counts = new Array(tall * wide).fill(0);
  const weights = flat(spread.kernel);
  flat(spread.x)
    .slice(0, copies)
    .forEach((value, cell) =>
      copyOf(spread, cell).forEach((place, i) => {
        sums[place] += value * weights[i];
        counts[place] += 1;
      }),
    );
  return { sums, counts };
}

/**
 * What adds up at one place of all that is covered: one term per copy that reaches it, of the first so many copies.
 * @param {Spread} spread
 * @param {number} place
 * @param {number=} copies
 * @returns {Term[]}
 */
export function termsAt(spread, place, copies = Infinity) {
  const across = shapeOf(spread.x)[1];
  const weights = flat(spread.kernel);
  return flat(spread.x)
    .slice(0, copies)
    .flatMap((value, cell) => {
      const tap = copyOf(spread, cell).indexOf(place);
      return tap < 0
        ? []
        : [
            {
              label: '',
              weight: weights[tap],
              value,
              product: value * weights[tap],
              source: { node: 'input', index: [Math.floor(cell / across), cell % across] },
            },
          ];
    });
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
