/** linear: every input times its weight, plus the bias. */
/** @import { CoreOp, Group, Term } from '../types.js' */
import { sum } from '../numbers.js';

/** @type {CoreOp} */
export const linear = {
  outputShape: (hp, shape) => [...shape.slice(0, -1), hp.out_features],
  window: (record, _index, shape) => [{ node: record.inputs[0], start: [0], stop: [shape[0]], step: [1] }],
  terms(record, index, { inputs: [input], params: { weight, bias }, flattened }) {
    const width = weight.shape[1];
    const row = weight.data.subarray(index[0] * width, (index[0] + 1) * width);
    /** @type {Term[]} */
    const terms = Array.from(row, (w, i) => ({
      label: `${record.inputs[0]}[${i}]`, weight: w, value: input.data[i], product: w * input.data[i], source: { node: record.inputs[0], index: [i] },
    }));
    const groups = mapGroups(terms, flattened);
    const added = bias ? bias.data[index[0]] : null;
    const result = sum(groups.map((group) => group.sum)) + (added ?? 0);
    return { op: record.op, node: record.name, index, terms, groups, bias: added, result, extra: {} };
  },
};

/** When the input was flattened from feature maps, the terms of each map belong together. @param {Term[]} terms @param {number[]=} shape @returns {Group[]} */
function mapGroups(terms, shape) {
  const channels = shape && terms.length % shape[0] === 0 ? shape[0] : 0;
  const size = channels ? terms.length / channels : terms.length;
  return Array.from({ length: channels || 1 }, (_, c) => ({
    label: channels ? `channel ${c}` : 'input', start: c * size, stop: (c + 1) * size,
    sum: sum(terms.slice(c * size, (c + 1) * size).map((term) => term.product)),
  }));
}
