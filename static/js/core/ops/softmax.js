/** softmax in its stable form: exp(z - max) over the sum of all of them. */
/** @import { CoreOp } from '../types.js' */
import { offset } from '../tensor.js';

/** @type {CoreOp} */
export const softmax = {
  outputShape: (_hp, shape) => shape,
  window: (record, index, shape) => {
    const rows = index.slice(0, -1);
    const one = rows.map(() => 1);
    return [
      {
        node: record.inputs[0],
        start: [...rows, 0],
        stop: [...rows.map((i) => i + 1), shape[shape.length - 1]],
        step: [...one, 1],
      },
    ];
  },
  terms(record, index, { inputs: [input] }) {
    const rows = index.slice(0, -1);
    const own = index[index.length - 1];
    const start = offset(input.shape, [...rows, 0]); // the classes lie along the last axis
    const logits = Array.from(input.data.subarray(start, start + input.shape[input.shape.length - 1]));
    const maximum = Math.max(...logits);
    const exponentials = logits.map((z) => Math.exp(z - maximum));
    const denominator = exponentials.reduce((total, e) => total + e, 0);
    const terms = logits.map((z, i) => ({
      label: `${record.inputs[0]}[${[...rows, i]}]`,
      weight: null,
      value: z,
      product: exponentials[i],
      source: { node: record.inputs[0], index: [...rows, i] },
    }));
    const result = exponentials[own] / denominator;
    return { op: record.op, node: record.name, index, terms, groups: [], bias: null, result, extra: { maximum, denominator } };
  },
};
