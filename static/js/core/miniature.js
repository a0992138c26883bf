/** The home page's walk from a network to one of its numbers: what is shown at each step, chosen from the trace. */
/** @import { NodeRecord, Picture } from './types.js' */
import { plane, range } from './tensor.js';

/**
 * @typedef {{stage: 'network' | 'layer' | 'number', part: number, index: number[]}} Frame   part: channels folded in so far;
 *   index: the cell
 */

const CELLS = 6; // cells that the window slides over

/** The unit that a walk is worth: whose map has the widest range. @param {Picture} picture */
export function liveliest(picture) {
  const spans = Array.from({ length: picture.shape[0] }, (_, unit) => range(plane(picture, unit).data)).map(
    ([low, high]) => high - low,
  );
  return spans.indexOf(Math.max(...spans));
}

/**
 * A few neighbouring cells from the largest value of a map on, away from its border.
 * @param {Picture} picture
 * @param {number} unit
 * @returns {number[][]}
 */
export function cellsAround(picture, unit) {
  const { height, width, data } = plane(picture, unit);
  const edge = 4;
  const inner = (/** @type {number} */ i) =>
    i % width >= edge && i % width < width - CELLS && i >= edge * width && i < (height - edge) * width;
  let best = edge * width + edge;
  for (let i = 0; i < data.length; i++) if (inner(i) && Math.abs(data[i]) > Math.abs(data[best])) best = i;
  const y = Math.floor(best / width);
  const x = best % width;
  return Array.from({ length: CELLS }, (_, i) => [unit, y, x + i]);
}

/** All frames in order. @param {NodeRecord} record @param {number} channels @param {number[][]} cells @returns {Frame[]} */
export function framesOf(record, channels, cells) {
  const layer = Array.from({ length: channels + 1 }, (_, part) => ({
    stage: /** @type {const} */ ('layer'),
    part: Math.min(part + 1, channels),
    index: cells[0],
  }));
  return [
    { stage: 'network', part: 0, index: cells[0] },
    { stage: 'network', part: 1, index: cells[0] },
    { stage: 'network', part: 1, index: cells[0] },
    ...layer,
    ...cells.map((index) => ({ stage: /** @type {const} */ ('number'), part: channels, index })),
  ];
}
