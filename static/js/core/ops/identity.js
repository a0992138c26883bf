/** One value passed on: what flatten and dropout (at inference) have in common. */
/** @import { Explanation, NodeRecord, Operands } from '../types.js' */
import { valueAt } from '../tensor.js';

/**
 * @param {NodeRecord} record
 * @param {number[]} index
 * @param {number[]} source
 * @param {Operands} operands
 * @returns {Explanation}
 */
export function passed(record, index, source, { inputs: [input] }) {
  const value = valueAt(input, source);
  const term = {
    label: `${record.inputs[0]}[${source}]`,
    weight: 1,
    value,
    product: value,
    source: { node: record.inputs[0], index: source },
  };
  return { op: record.op, node: record.name, index, terms: [term], groups: [], bias: null, result: value, extra: {} };
}
