/** What the pooling operations share: reading the cells of a window, and pooling a whole tensor. */
/** @import { NodeRecord, Tensor, Window } from '../types.js' */
import { cellsOf } from '../shapes.js';
import { inside, sizeOf, unravel, valueAt } from '../tensor.js';

/** The real cells under a window; padding takes no part in pooling. @param {Tensor} input @param {Window} window */
export const readCells = (input, window) =>
  cellsOf(window)
    .filter((at) => inside(input.shape, at))
    .map((at) => ({ at, value: valueAt(input, at) }));

/**
 * One number from the cells inside each window.
 * @param {NodeRecord} record
 * @param {Tensor} input
 * @param {(record: NodeRecord, index: number[], shape: number[]) => Window[]} window
 * @param {(values: number[]) => number} reduce @returns {Tensor}
 */
export function pooled(record, input, window, reduce) {
  const data = new Float32Array(sizeOf(record.shape));
  for (let i = 0; i < data.length; i++) {
    const [under] = window(record, unravel(record.shape, i), input.shape);
    data[i] = reduce(readCells(input, under).map((cell) => cell.value));
  }
  return { shape: record.shape, data };
}
