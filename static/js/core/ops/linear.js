/** linear: every input times its weight, plus the bias. */
/** @import { CoreOp, Group, NodeRecord, Term, Window } from '../types.js' */
import { sum } from '../numbers.js';
import { offset } from '../tensor.js';

/** @type {CoreOp} */
export const linear = {
  outputShape: (hp, shape) => [...shape.slice(0, -1), hp.out_features],
  window: (record, index, shape) => [row(record, index.slice(0, -1), shape[shape.length - 1])],
  terms(record, index, { inputs: [input], params: { weight, bias }, flattened }) {
    const width = weight.shape[1];
    const rows = index.slice(0, -1);
    const unit = index[index.length - 1];
    const start = offset(input.shape, [...rows, 0]);
    /** @type {Term[]} */
    const terms = Array.from(weight.data.subarray(unit * width, (unit + 1) * width), (w, i) => {
      const value = input.data[start + i];
      const at = [...rows, i];
      return {
        label: `${record.inputs[0]}[${at}]`,
        weight: w,
        value,
        product: w * value,
        source: { node: record.inputs[0], index: at },
      };
    });
    const groups = mapGroups(terms, rows.length ? undefined : flattened);
    const added = bias ? bias.data[unit] : null;
    const result = sum(groups.map((group) => group.sum)) + (added ?? 0);
    return { op: record.op, node: record.name, index, terms, groups, bias: added, result, extra: {} };
  },
};

/**
 * All features of one row of the input: of one step, or of the whole vector.
 * @param {NodeRecord} record
 * @param {number[]} rows
 * @param {number} width
 * @returns {Window}
 */
const row = (record, rows, width) => ({
  node: record.inputs[0],
  start: [...rows, 0],
  stop: [...rows.map((i) => i + 1), width],
  step: [...rows.map(() => 1), 1],
});

/**
 * When the input was flattened from feature maps, the terms of each map belong together.
 * @param {Term[]} terms
 * @param {number[]=} shape
 * @returns {Group[]}
 */
function mapGroups(terms, shape) {
  const channels = shape && terms.length % shape[0] === 0 ? shape[0] : 0;
  const size = channels ? terms.length / channels : terms.length;
  return Array.from({ length: channels || 1 }, (_, c) => ({
    label: channels ? `channel ${c}` : 'input',
    start: c * size,
    stop: (c + 1) * size,
    sum: sum(terms.slice(c * size, (c + 1) * size).map((term) => term.product)),
  }));
}
