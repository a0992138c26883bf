/** flatten: the same numbers in one row, last dimension fastest. */
/** @import { CoreOp } from '../types.js' */
import { single } from '../shapes.js';
import { sizeOf, unravel } from '../tensor.js';
import { passed } from './identity.js';

/** @type {CoreOp} */
export const flatten = {
  outputShape: (_hp, shape) => [sizeOf(shape)],
  window: (record, [i], shape) => [single(record.inputs[0], unravel(shape, i))],
  terms: (record, index, operands) => passed(record, index, unravel(operands.inputs[0].shape, index[0]), operands),
  apply: (record, { inputs: [input] }) => ({ shape: record.shape, data: input.data }),
};
