/** The network's graph: columns by depth, neighbours, and what one node needs to be computed here. */
/** @import { NodeRecord } from './types.js' */
import { OPS } from './ops/index.js';

/** @param {NodeRecord[]} nodes @returns {Map<string, NodeRecord>} */
export const byName = (nodes) => new Map(nodes.map((node) => [node.name, node]));

/**
 * Longest way from the input, in edges: the column of each node.
 * @param {NodeRecord[]} nodes in order
 * @returns {Map<string, number>}
 */
export function depths(nodes) {
  /** @type {Map<string, number>} */
  const depth = new Map();
  for (const node of nodes) depth.set(node.name, Math.max(-1, ...node.inputs.map((name) => depth.get(name) ?? -1)) + 1);
  return depth;
}

/** Nodes that the page computes from their input rather than fetching. @param {NodeRecord} record */
export const derivable = (record) => Boolean(OPS[record.op]?.apply) && record.inputs.length === 1;

/**
 * The shape a vector had before it was flattened, so that its entries can be shown in their maps.
 * @param {Map<string, NodeRecord>} records
 * @param {NodeRecord} record
 */
export function flattenedFrom(records, record) {
  let source = records.get(record.inputs[0]);
  while (source && source.op === 'dropout') source = records.get(source.inputs[0]);
  if (source?.op !== 'flatten') return undefined;
  return records.get(source.inputs[0])?.shape;
}

/** @param {NodeRecord} record */
export const isVector = (record) => record.shape.length === 1;

/** Whether each unit reads only the unit of the same number. @param {NodeRecord} record */
export const oneToOne = (record) =>
  ['relu', 'max_pool2d', 'avg_pool2d', 'adaptive_avg_pool2d', 'adaptive_max_pool2d', 'dropout', 'batch_norm'].includes(
    record.op,
  );

/**
 * A layer with those that follow it unit by unit: a convolution, its normalisation, its ReLU, its pooling. Branches stand
 * alone.
 * @param {NodeRecord[]} nodes in order @returns {NodeRecord[][]}
 */
export function blocksOf(nodes) {
  const depth = depths(nodes);
  /** @type {Map<number | undefined, number>} */
  const sharing = new Map();
  for (const node of nodes) sharing.set(depth.get(node.name), (sharing.get(depth.get(node.name)) ?? 0) + 1);
  const alone = (/** @type {NodeRecord} */ node) => sharing.get(depth.get(node.name)) === 1;
  /** @type {NodeRecord[][]} */
  const blocks = [];
  for (const node of nodes) {
    const before = blocks.at(-1)?.at(-1);
    const follows =
      before &&
      before.op !== 'input' &&
      !isVector(node) &&
      oneToOne(node) &&
      node.inputs.join() === before.name &&
      alone(node) &&
      alone(before);
    if (follows) blocks[blocks.length - 1].push(node);
    else blocks.push([node]);
  }
  return blocks;
}
