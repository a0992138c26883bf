/** Where the numbers that a cell weighs were made: in the node that it reads, or in a state before. */
/** @import { NodeRecord, Source } from '../types.js' */
/** @import { Place, Run } from './run.js' */
import { before } from './run.js';

/**
 * @param {{data?: {records: Map<string, NodeRecord>, parts: {node: string, layers: number, steps: number}[]}}} scene   without
 *   data: nothing leads anywhere
 * @param {Run} run
 * @param {Place} place
 * @param {'input' | 'recurrent'} which
 * @param {number} i   of x or h
 * @returns {Source | null}
 */
export function operandOf({ data }, run, place, which, i) {
  const record = data?.records.get(run.node);
  if (!data || !record) return null;
  const { layer, direction, step } = place;
  const position = before(run, place);
  if (which === 'input')
    return layer === 0
      ? { node: record.inputs[0], index: [step, i] }
      : { node: run.node, index: [layer - 1, Math.floor(i / run.hidden), step, i % run.hidden] };
  if (position !== null) return { node: run.node, index: [layer, direction, position, i] };
  return begun(data, record.inputs[1], layer, direction, i);
}

/**
 * The state that a run starts from: another layer's last, or a node's row; null where it starts from zeros.
 * @param {{records: Map<string, NodeRecord>, parts: {node: string, layers: number, steps: number}[]}} data
 * @param {string | undefined} name
 * @param {number} layer
 * @param {number} direction
 * @param {number} i
 * @returns {Source | null}
 */
function begun({ records, parts }, name, layer, direction, i) {
  const source = name === undefined ? undefined : records.get(name);
  const part = parts.find(({ node }) => node === name);
  if (!source) return null;
  if (part) return { node: part.node, index: [Math.min(layer, part.layers - 1), direction, direction ? 0 : part.steps - 1, i] };
  return { node: source.name, index: source.shape.length === 2 ? [layer, i] : [i] };
}
