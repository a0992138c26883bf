/** The part of the network's input that one cell can see, followed back through the windows. */
/** @import { NodeRecord } from './types.js' */
import { OPS } from './ops/index.js';

/**
 * @param {Map<string, NodeRecord>} records @param {string} node @param {number[]} index
 * @returns {{top: number, left: number, bottom: number, right: number} | null}   half open, cut at the picture's edge
 */
export function receptiveField(records, node, index) {
  const record = records.get(node);
  if (!record || index.length !== 3) return null;
  let box = { start: index, stop: index.map((i) => i + 1) };
  let current = record;
  while (current.inputs.length) {
    const source = records.get(current.inputs[0]);
    if (!source || source.shape.length !== 3 || !OPS[current.op]) return null;
    box = seen(current, box, source.shape);
    current = source;
  }
  const [, top, left] = box.start;
  const [, bottom, right] = box.stop;
  return { top, left, bottom, right };
}

/** @param {NodeRecord} record @param {{start: number[], stop: number[]}} box @param {number[]} shape */
function seen(record, box, shape) {
  const first = OPS[record.op].window(record, box.start, shape)[0];
  const last = OPS[record.op].window(
    record,
    box.stop.map((i) => i - 1),
    shape,
  )[0];
  return {
    start: first.start.map((i) => Math.max(0, i)),
    stop: last.stop.map((i, d) => Math.min(shape[d], Math.max(i, first.stop[d]))),
  };
}
