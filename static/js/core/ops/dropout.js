/** dropout: at inference it hands every number on unchanged. */
/** @import { CoreOp } from '../types.js' */
import { single } from '../shapes.js';
import { passed } from './identity.js';

/** @type {CoreOp} */
export const dropout = {
  outputShape: (_hp, shape) => shape,
  window: (record, index) => [single(record.inputs[0], index)],
  terms: (record, index, operands) => passed(record, index, index, operands),
  apply: (record, { inputs: [input] }) => ({ shape: record.shape, data: input.data }),
};
