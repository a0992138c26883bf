/** The first-visit tour: each of its stops is a state of the page, told by operation so that it fits every network. */
/** @import { NodeRecord, ViewState } from './types.js' */
import { isVector } from './graph.js';

/**
 * @typedef {object} Stop
 * @property {string} text    key of its words, under "tour"
 * @property {string} show    selector of what it speaks about; empty: all of the page
 * @property {{walk?: string, node?: string, at?: 'middle', step?: number}} state   operations by name: their first node is
 *   meant
 */

/** What a stop shows. @param {Stop} stop @param {ViewState} view @param {NodeRecord[]} nodes @returns {ViewState} */
export function stateOf({ state }, view, nodes) {
  const first = (/** @type {string | undefined} */ op) => nodes.findIndex((node) => node.op === op);
  const base = { ...view, node: null, at: null, channel: null, unit: 0, step: null, play: false };
  if (state.walk) return { ...base, step: Math.max(0, first(state.walk)) };
  const record = nodes[first(state.node)];
  if (!record) return base;
  const middle = isVector(record) ? [0] : record.shape.slice(1).map((size) => Math.floor(size / 2));
  return { ...base, node: record.name, at: state.at ? middle : null, step: state.step ?? null };
}
