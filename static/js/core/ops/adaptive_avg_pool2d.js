/** adaptive_avg_pool2d: windows chosen so that the output has the asked size; their mean. */
/** @import { CoreOp, NodeRecord, Window } from '../types.js' */
import { adaptiveRange, pair } from '../shapes.js';
import { mean } from './avg_pool2d.js';

/** @type {CoreOp} */
export const adaptive_avg_pool2d = {
  outputShape: adaptiveShape,
  window: (record, index, shape) => [adaptiveWindow(record, index, shape)],
  terms(record, index, operands) {
    const window = adaptiveWindow(record, index, operands.inputs[0].shape);
    const count = (window.stop[1] - window.start[1]) * (window.stop[2] - window.start[2]);
    return mean(record, index, operands, window, count);
  },
};

/** @param {Record<string, any>} hp @param {number[]} shape */
export function adaptiveShape(hp, [channels, height, width]) {
  const [rows, columns] = pair(hp.output_size);
  return [channels, rows ?? height, columns ?? width];
}

/** @param {NodeRecord} record @param {number[]} index @param {number[]} shape @returns {Window} */
export function adaptiveWindow(record, [channel, y, x], shape) {
  const [top, bottom] = adaptiveRange(y, shape[1], record.shape[1]);
  const [left, right] = adaptiveRange(x, shape[2], record.shape[2]);
  return { node: record.inputs[0], start: [channel, top, left], stop: [channel + 1, bottom, right], step: [1, 1, 1] };
}
