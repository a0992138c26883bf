/** softmax in its stable form: exp(z - max) over the sum of all of them. */
/** @import { CoreOp } from '../types.js' */

/** @type {CoreOp} */
export const softmax = {
  outputShape: (_hp, shape) => shape,
  window: (record, _index, shape) => [{ node: record.inputs[0], start: [0], stop: [shape[0]], step: [1] }],
  terms(record, index, { inputs: [input] }) {
    const logits = Array.from(input.data);
    const maximum = Math.max(...logits);
    const exponentials = logits.map((z) => Math.exp(z - maximum));
    const denominator = exponentials.reduce((total, e) => total + e, 0);
    const terms = logits.map((z, i) => ({
      label: `${record.inputs[0]}[${i}]`, weight: null, value: z, product: exponentials[i], source: { node: record.inputs[0], index: [i] },
    }));
    const result = exponentials[index[0]] / denominator;
    return { op: record.op, node: record.name, index, terms, groups: [], bias: null, result, extra: { maximum, denominator } };
  },
};
