/** Going through the operations of a sequence network: to a layer, to one of its numbers, back along its operands and out again. */
/** @import { NodeRecord, Source } from '../types.js' */
/** @import { Axis } from './axes.js' */
/** @import { Section, SequenceState } from './state.js' */
import { offset, sizeOf, unravel } from '../tensor.js';
import { placeOf, spelt } from '../walk.js';
import { sectionOf, timeOf } from './state.js';

/**
 * @typedef {object} Network   what the places are checked against
 * @property {NodeRecord[]} nodes
 * @property {Map<string, NodeRecord>} records
 * @property {Section[]} sections
 * @property {Map<string, Axis[]>} axes
 */

const LONGEST = 24; // places of the way back that the address keeps

/** @param {number} value @param {number} size */
const clamp = (value, size) => Math.min(Math.max(value, 0), size - 1);

/**
 * The node in view: the one asked for, else the answer's.
 * @param {SequenceState} state
 * @param {Network} network
 * @returns {NodeRecord}
 */
export const nodeOf = ({ of }, { nodes, records }) => records.get(of ?? '') ?? nodes[nodes.length - 1];

/**
 * The cell in view, inside the node; at first the last step's first number.
 * @param {SequenceState} state
 * @param {Network} network
 */
export function cellOf(state, network) {
  const { shape } = nodeOf(state, network);
  if (state.at?.length === shape.length) return shape.map((size, d) => clamp(/** @type {number[]} */ (state.at)[d], size));
  return shape.length === 2 ? [shape[0] - 1, 0] : shape.map(() => 0);
}

/**
 * Which step in time a number belongs to, as the timeline counts.
 * @param {Source} source
 * @param {Network} network
 * @returns {Partial<SequenceState>}
 */
function timeAt({ node, index }, { axes, sections }) {
  const along = axes.get(node) ?? [];
  const written = along.indexOf('written');
  const read = along.indexOf('read');
  if (written >= 0 && sections.length > 0) return { node: sections[sections.length - 1].node, t: index[written] };
  return read >= 0 ? { node: null, t: index[read] } : {};
}

/**
 * To a number, or to the cell of a recurrent layer that made it.
 * @param {SequenceState} state
 * @param {Source} source
 * @param {Network} network
 * @returns {SequenceState}
 */
export function visit(state, source, network) {
  const { node, index } = source;
  const section = network.sections.find((one) => one.node === node);
  const still = { step: null, play: false };
  if (!section) return { ...state, ...timeAt(source, network), ...still, view: 'number', of: node, at: index, channel: null };
  const [layer, direction, t, unit] =
    index.length > 2 ? index : [section.layers - 1, Math.floor(index[1] / section.hidden), index[0], index[1] % section.hidden];
  return { ...state, ...still, view: 'cell', node, layer, direction, t, unit };
}

/**
 * Where one is, as a place; null in views that show no one number.
 * @param {SequenceState} state
 * @param {Network} network
 * @returns {Source | null}
 */
export function here(state, network) {
  if (state.view === 'number') return { node: nodeOf(state, network).name, index: cellOf(state, network) };
  if (state.view !== 'cell' && state.view !== 'gate') return null;
  const { sections } = network;
  return { node: sectionOf(state, sections).node, index: [state.layer, state.direction, timeOf(state, sections), state.unit] };
}

/**
 * To an operand: the place that one leaves joins the way back.
 * @param {SequenceState} state
 * @param {Source} source
 * @param {Network} network
 * @returns {SequenceState}
 */
export function walk(state, source, network) {
  const left = here(state, network);
  return { ...visit(state, source, network), trail: left ? [...state.trail, spelt(left)].slice(-LONGEST) : [] };
}

/**
 * Back to a place of the way, which ends there.
 * @param {SequenceState} state
 * @param {number} place   in the trail
 * @param {Network} network
 * @returns {SequenceState}
 */
export function backTo(state, place, network) {
  const source = placeOf(state.trail[place] ?? '');
  return { ...(source ? visit(state, source, network) : state), trail: state.trail.slice(0, place) };
}

/**
 * One level out: along the way that led here, else from the number to its layer, and from there to the network.
 * @param {SequenceState} state
 * @param {Network} network
 * @returns {SequenceState}
 */
export function out(state, network) {
  if (state.view === 'gate') return { ...state, view: 'cell', step: null, play: false };
  if (state.trail.length && state.view !== 'layer') return backTo(state, state.trail.length - 1, network);
  return { ...state, view: state.view === 'number' ? 'layer' : 'network', trail: [], step: null, play: false };
}

/**
 * The next cell when an arrow is pressed: time lies along a row.
 * @param {number[]} at
 * @param {number[]} shape
 * @param {number} dy
 * @param {number} dx
 */
function moved(at, shape, dy, dx) {
  const by = shape.length === 1 ? [dy + dx] : shape.length === 2 ? [dx, dy] : [0, dy, dx];
  return at.map((i, d) => clamp(i + (by[d] ?? 0), shape[d]));
}

const ARROWS = /** @type {Record<string, [number, number]>} */ ({ up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] });

/**
 * What an action makes of the state in the views of layers and numbers; `count`: how many steps the player has.
 * @param {string} action @param {SequenceState} state @param {Network} network @param {number} count @returns {SequenceState}
 */
export function actInside(action, state, network, count) {
  const record = nodeOf(state, network);
  const { shape } = record;
  const at = cellOf(state, network);
  const to = (/** @type {number[]} */ index, /** @type {number | null} */ step = state.step) => ({
    ...state,
    ...timeAt({ node: record.name, index }, network),
    of: record.name,
    at: index,
    step,
  });
  const arrow = ARROWS[action];
  if (arrow)
    return to(
      state.view === 'layer' && shape.length === 3
        ? [clamp(at[0] + arrow[0] + arrow[1], shape[0]), ...at.slice(1)]
        : moved(at, shape, ...arrow),
    );
  switch (action) {
    case 'first':
      return to(at.map(() => 0));
    case 'last':
      return to(shape.map((size) => size - 1));
    case 'next':
      return advance(state, at, shape, count, 1, to);
    case 'back':
      return advance(state, at, shape, count, -1, to);
    case 'enter':
      return visit({ ...state, trail: [] }, { node: record.name, index: at }, network);
    case 'leave':
      return out(state, network);
    default:
      return state;
  }
}

/**
 * One step on or back; past the last one comes the next number in reading order.
 * @param {SequenceState} state
 * @param {number[]} at
 * @param {number[]} shape
 * @param {number} count
 * @param {number} by
 * @param {(index: number[], step: number | null) => SequenceState} to
 * @returns {SequenceState}
 */
function advance(state, at, shape, count, by, to) {
  const next = state.step === null ? (by > 0 ? 0 : count - 2) : state.step + by;
  if (next >= 0 && next < count) return { ...state, step: next };
  const place = offset(shape, at) + by;
  if (place < 0 || place >= sizeOf(shape)) return { ...state, play: false };
  return to(unravel(shape, place), count ? (by > 0 ? 0 : count - 1) : null);
}
