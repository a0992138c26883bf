/** max_pool2d: the largest value under the window; padding never wins. */
/** @import { CoreOp, NodeRecord, Operands, Window } from '../types.js' */
import { slidingSizes, slidingWindow } from '../shapes.js';
import { pooled, readCells } from './pooling.js';

/** @type {CoreOp} */
export const max_pool2d = {
  outputShape: (hp, [channels, height, width]) => [channels, ...slidingSizes(hp, height, width)],
  window: (record, [channel, y, x]) => [slidingWindow(record, [y, x], [channel, channel + 1])],
  terms: (record, index, operands) =>
    largest(record, index, operands, slidingWindow(record, [index[1], index[2]], [index[0], index[0] + 1])),
  apply: (record, operands) => pooled(record, operands.inputs[0], max_pool2d.window, (values) => Math.max(...values)),
};

/**
 * The terms of a maximum: weight 1 for the first largest, 0 for the others.
 * @param {NodeRecord} record
 * @param {number[]} index
 * @param {Operands} operands
 * @param {Window} window
 */
export function largest(record, index, { inputs: [input] }, window) {
  const cells = readCells(input, window);
  const winner = cells.reduce((best, cell, i) => (cell.value > cells[best].value ? i : best), 0);
  const terms = cells.map(({ at, value }, i) => ({
    label: `${record.inputs[0]}[${at}]`,
    weight: i === winner ? 1 : 0,
    value,
    product: i === winner ? value : 0,
    source: { node: record.inputs[0], index: at },
  }));
  const extra = { winner, winner_index: cells[winner].at };
  return { op: record.op, node: record.name, index, terms, groups: [], bias: null, result: cells[winner].value, extra };
}
