/** flatten: the same numbers in one row, last dimension fastest. */
/** @import { CoreOp } from '../types.js' */
import { single } from '../shapes.js';
import { offset, sizeOf, unravel } from '../tensor.js';
import { passed } from './identity.js';

/**
 * Where an element stood: reading order is kept.
 * @param {import('../types.js').NodeRecord} record
 * @param {number[]} index
 * @param {number[]} shape
 */
const before = (record, index, shape) => unravel(shape, offset(record.shape, index));

/** @type {CoreOp} */
export const flatten = {
  outputShape: (_hp, shape) => [sizeOf(shape)],
  window: (record, index, shape) => [single(record.inputs[0], before(record, index, shape))],
  terms: (record, index, operands) => passed(record, index, before(record, index, operands.inputs[0].shape), operands),
  apply: (record, { inputs: [input] }) => ({ shape: record.shape, data: input.data }),
};
