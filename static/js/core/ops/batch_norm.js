/** batch_norm at inference: shifted and scaled by the running mean and variance of its channel. */
/** @import { CoreOp } from '../types.js' */
import { single } from '../shapes.js';
import { valueAt } from '../tensor.js';

/** @type {CoreOp} */
export const batch_norm = {
  outputShape: (_hp, shape) => shape,
  window: (record, index) => [single(record.inputs[0], index)],
  terms(record, index, { inputs: [input], params }) {
    const c = index[0];
    const eps = record.hyperparameters.eps ?? 1e-5;
    const read = (/** @type {string} */ role, /** @type {number} */ otherwise) => params[role]?.data[c] ?? otherwise;
    const parts = {
      mean: read('running_mean', 0),
      variance: read('running_var', 1),
      gamma: read('weight', 1),
      beta: read('bias', 0),
    };
    const value = valueAt(input, index);
    const weight = parts.gamma / Math.sqrt(parts.variance + eps);
    const bias = parts.beta - weight * parts.mean;
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
      bias,
      result: weight * value + bias,
      extra: { ...parts, eps },
    };
  },
};
