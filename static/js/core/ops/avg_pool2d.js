/** avg_pool2d: the mean under the window; whether padding counts is the call's choice. */
/** @import { CoreOp, NodeRecord, Operands, Window } from '../types.js' */
import { sliding, slidingSizes, slidingWindow } from '../shapes.js';
import { readCells } from './pooling.js';

/** @type {CoreOp} */
export const avg_pool2d = {
  outputShape: (hp, [channels, height, width]) => [channels, ...slidingSizes(hp, height, width)],
  window: (record, [channel, y, x]) => [slidingWindow(record, [y, x], [channel, channel + 1])],
  terms(record, index, operands) {
    const window = slidingWindow(record, [index[1], index[2]], [index[0], index[0] + 1]);
    return mean(record, index, operands, window, divisor(record, window, operands.inputs[0].shape));
  },
};

/**
 * torch's divisor: divisor_override, else the window's size with the padding cut at the far edge, else only the cells inside.
 * @param {NodeRecord} record @param {Window} window @param {number[]} shape
 */
function divisor(record, window, [, height, width]) {
  const { divisor_override, count_include_pad = true } = record.hyperparameters;
  if (divisor_override) return divisor_override;
  const edge = count_include_pad ? sliding(record.hyperparameters).padding : [0, 0];
  const span = (/** @type {number} */ d, /** @type {number} */ size) =>
    Math.min(window.stop[d], size + edge[d - 1]) - Math.max(window.start[d], -edge[d - 1]);
  return span(1, height) * span(2, width);
}

/**
 * The terms of a mean: each value times one over the divisor.
 * @param {NodeRecord} record
 * @param {number[]} index
 * @param {Operands} operands
 * @param {Window} window
 * @param {number} count
 */
export function mean(record, index, { inputs: [input] }, window, count) {
  const weight = 1 / count;
  const terms = readCells(input, window).map(({ at, value }) => ({
    label: `${record.inputs[0]}[${at}]`,
    weight,
    value,
    product: weight * value,
    source: { node: record.inputs[0], index: at },
  }));
  const result = terms.reduce((total, { product }) => total + product, 0);
  return { op: record.op, node: record.name, index, terms, groups: [], bias: null, result, extra: { divisor: count } };
}
