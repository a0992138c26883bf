/** adaptive_max_pool2d: windows chosen so that the output has the asked size; their largest value. */
/** @import { CoreOp } from '../types.js' */
import { adaptiveShape, adaptiveWindow } from './adaptive_avg_pool2d.js';
import { largest } from './max_pool2d.js';

/** @type {CoreOp} */
export const adaptive_max_pool2d = {
  outputShape: adaptiveShape,
  window: (record, index, shape) => [adaptiveWindow(record, index, shape)],
  terms: (record, index, operands) => largest(record, index, operands, adaptiveWindow(record, index, operands.inputs[0].shape)),
};
