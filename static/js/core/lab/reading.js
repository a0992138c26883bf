/** Reading an answer: its planes, and which of its numbers is looked at. */
/** @import { LabScene } from './types.js' */
import { shapeOf } from './grids.js';

/** The API leaves a single channel out. @param {any} output @returns {number[][][]} */
export const planesOf = (output) => (shapeOf(output).length === 2 ? [output] : output);

/**
 * The output that is pointed at in a plane "y.<channel>", the step's, else the first.
 * @param {LabScene} scene
 * @param {number[][][]} output
 * @returns {[number, number, number]} channel, row, column
 */
export function lookedAt({ hover, step }, output) {
  const [channels, rows, columns] = shapeOf(output);
  const pointed = hover && /^y\.(\d+)$/.exec(hover.grid);
  const wanted = pointed && hover ? Number(pointed[1]) * rows * columns + hover.index : (step ?? 0);
  const index = Math.min(wanted, channels * rows * columns - 1);
  return [Math.floor(index / (rows * columns)), Math.floor(index / columns) % rows, index % columns];
}

/**
 * A picture moved down and right; zeros come in at the edge that it leaves.
 * @param {number[][]} picture
 * @param {number} down
 * @param {number} right
 * @returns {number[][]}
 */
export const moved = (picture, down, right) => picture.map((row, y) => row.map((_, x) => picture[y - down]?.[x - right] ?? 0));

/** In how many places two grids of one size hold the same. @param {ArrayLike<number>} one @param {ArrayLike<number>} other */
export const alike = (one, other) => Array.prototype.filter.call(one, (value, i) => Object.is(value, other[i])).length;
