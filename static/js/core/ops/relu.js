/** relu: max(0, x), cell by cell. */
/** @import { CoreOp } from '../types.js' */
import { single } from '../shapes.js';
import { valueAt } from '../tensor.js';

/** @type {CoreOp} */
export const relu = {
  outputShape: (_hp, shape) => shape,
  window: (record, index) => [single(record.inputs[0], index)],
  terms(record, index, { inputs: [input] }) {
    const value = valueAt(input, index);
    const weight = value > 0 ? 1 : 0;
    const term = {
      label: `${record.inputs[0]}[${index}]`,
      weight,
      value,
      product: weight * value,
      source: { node: record.inputs[0], index },
    };
    return {
      op: record.op,
      node: record.name,
      index,
      terms: [term],
      groups: [],
      bias: null,
      result: Math.max(0, value),
      extra: {},
    };
  },
  apply: (record, { inputs: [input] }) => ({ shape: record.shape, data: input.data.map((v) => (v > 0 ? v : 0)) }),
};
