/**
 * What each action does to the view state: pure functions, shared by keys, mouse, touch, player and (later) tour and class
 * sync.
 */
/** @import { NodeRecord, Tensor, ViewState } from './types.js' */
import { isVector } from './graph.js';
import { indexOf, legal, levelOf } from './viewstate.js';
import { stepsOf } from './steps.js';

/** @typedef {{nodes: NodeRecord[], records: Map<string, NodeRecord>, values?: (name: string) => Tensor | undefined}} Network */

/** @param {Network} network @param {string | null} name */
const position = ({ nodes }, name) => nodes.findIndex((node) => node.name === name);

/** The node that the network view points at. @param {ViewState} state @param {Network} network @returns {NodeRecord} */
export const pointed = (state, { nodes, records }) =>
  records.get(state.node ?? '') ?? nodes[Math.min(state.step ?? 0, nodes.length - 1)];

/** One level in. @param {ViewState} state @param {Network} network @returns {ViewState} */
export function enter(state, network) {
  const level = levelOf(state);
  if (level === 'number') return state;
  if (level === 'network')
    return legal({ ...state, node: pointed(state, network).name, at: null, step: null, play: false }, network.records);
  const record = pointed(state, network);
  if (record.op === 'input') return state;
  const at = isVector(record) ? [state.unit] : strongest(record, state.unit, network.values?.(record.name));
  return legal({ ...state, at, channel: null, step: null, play: false }, network.records);
}

/**
 * The cell of a unit with the largest absolute value; the middle one where nothing stands out.
 * @param {NodeRecord} record
 * @param {number} unit
 * @param {Tensor | undefined} values
 */
function strongest({ shape: [, height, width] }, unit, values) {
  const data = Array.from(values?.data.subarray(unit * height * width, (unit + 1) * height * width) ?? [], Math.abs);
  const best = data.reduce((most, value, i) => (value > (data[most] ?? 0) ? i : most), -1);
  return best < 0 ? [Math.floor(height / 2), Math.floor(width / 2)] : [Math.floor(best / width), best % width];
}

/**
 * One level out; the network remembers where one was.
 * @param {ViewState} state
 * @param {Network} network
 * @returns {ViewState}
 */
export function leave(state, network) {
  const level = levelOf(state);
  if (level === 'number') return { ...state, at: null, channel: null, step: null, play: false };
  if (level === 'layer') return { ...state, node: null, step: position(network, state.node), play: false };
  return { ...state, step: null, unit: 0, play: false };
}

/**
 * Straight to one unit's layer view.
 * @param {ViewState} state
 * @param {Network} network
 * @param {string} node
 * @param {number} unit
 */
export const openLayer = (state, network, node, unit) =>
  legal({ ...state, node, unit, at: null, channel: null, step: null, play: false }, network.records);

/** Straight to one number. @param {ViewState} state @param {Network} network @param {string} node @param {number[]} index */
export const openNumber = (state, network, node, index) =>
  legal(
    {
      ...state,
      node,
      unit: index[0],
      at: index.length === 1 ? index : index.slice(1),
      channel: node === state.node ? state.channel : null,
      step: null,
      play: false,
    },
    network.records,
  );

/**
 * An arrow key: in the network from unit to unit, in a layer likewise, in a number from cell to cell.
 * @param {ViewState} state @param {Network} network @param {number} dy @param {number} dx @returns {ViewState}
 */
export function move(state, network, dy, dx) {
  const level = levelOf(state);
  const record = pointed(state, network);
  if (level === 'number') return moveCell(state, network, record, dy, dx);
  if (dx !== 0) return moveLayer(state, network, dx);
  const unit = Math.min(Math.max(state.unit + dy, 0), record.shape[0] - 1);
  return { ...state, unit, step: level === 'network' ? (state.step ?? 0) : null };
}

/** @param {ViewState} state @param {Network} network @param {number} dx @returns {ViewState} */
function moveLayer(state, network, dx) {
  const at = position(network, pointed(state, network).name);
  const next = Math.min(
    Math.max(at + (levelOf(state) === 'network' && state.step === null ? 0 : dx), 0),
    network.nodes.length - 1,
  );
  const unit = Math.min(state.unit, network.nodes[next].shape[0] - 1);
  if (levelOf(state) === 'network') return { ...state, step: next, unit };
  return { ...state, node: network.nodes[next].name, unit, step: null, play: false };
}

/**
 * @param {ViewState} state
 * @param {Network} network
 * @param {NodeRecord} record
 * @param {number} dy
 * @param {number} dx
 * @returns {ViewState}
 */
function moveCell(state, network, record, dy, dx) {
  if (isVector(record)) return legal({ ...state, at: [Math.max(0, (state.at?.[0] ?? 0) + dy + dx)] }, network.records);
  const [y, x] = state.at ?? [0, 0];
  return legal({ ...state, at: [Math.max(0, y + dy), Math.max(0, x + dx)] }, network.records);
}

/**
 * Home or End: the first or the last layer, unit row or cell.
 * @param {ViewState} state
 * @param {Network} network
 * @param {boolean} last
 * @returns {ViewState}
 */
export function edge(state, network, last) {
  const record = pointed(state, network);
  const far = last ? 1e6 : 0;
  if (levelOf(state) === 'number') return legal({ ...state, at: isVector(record) ? [far] : [far, far] }, network.records);
  if (levelOf(state) === 'layer') return legal({ ...state, unit: far }, network.records);
  const step = last ? network.nodes.length - 1 : 0;
  return { ...state, step, unit: 0 };
}

/**
 * One step on or back. Past the last step of a number comes the next cell of the scan; at the very end it stays.
 * @param {ViewState} state @param {Network} network @param {number} by @returns {ViewState}
 */
export function advance(state, network, by) {
  const count = stepsOf(state, network.nodes, network.records).length;
  const shown = levelOf(state) === 'network' ? count : count - 1; // with everything shown, a layer or a number is at its last step
  const next = state.step === null ? (by > 0 ? 0 : Math.max(0, shown - 1)) : state.step + by;
  if (next >= 0 && next < count) return { ...state, step: next, ...(levelOf(state) === 'network' ? { unit: 0 } : {}) };
  if (levelOf(state) !== 'number') return { ...state, step: Math.min(Math.max(next, 0), count - 1), play: false };
  return nextCell(state, network, by, count);
}

/**
 * Whether a step would leave what is on the screen: in a deck that turns the slide.
 * @param {ViewState} state
 * @param {Network} network
 * @param {string} action
 */
export function beyond(state, network, action) {
  if (action === 'back') return (state.step ?? 0) === 0;
  return action === 'next' && state.step !== null && state.step >= stepsOf(state, network.nodes, network.records).length - 1;
}

/** @param {ViewState} state @param {Network} network @param {number} by @param {number} count @returns {ViewState} */
function nextCell(state, network, by, count) {
  const record = pointed(state, network);
  const index = indexOf(state, record);
  const sizes = isVector(record) ? record.shape : record.shape.slice(1);
  const at = isVector(record) ? index : index.slice(1);
  const place = at.reduce((total, i, d) => total * sizes[d] + i, 0) + by;
  const total = sizes.reduce((product, n) => product * n, 1);
  if (place < 0 || place >= total) return { ...state, step: by > 0 ? count - 1 : 0, play: false };
  const moved = sizes.length === 1 ? [place] : [Math.floor(place / sizes[1]), place % sizes[1]];
  return legal({ ...state, at: moved, step: by > 0 ? 0 : count - 1 }, network.records);
}

/** @param {string} key @param {boolean} shift @returns {string | null} the action of a key */
export function actionOf(key, shift) {
  if (key === ' ') return shift ? 'back' : 'next';
  return KEYS[key] ?? null;
}

/** The one table of keys: it drives the page and the dialog that lists them. @type {Record<string, string>} */
export const KEYS = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  PageDown: 'next',
  PageUp: 'back',
  Home: 'first',
  End: 'last',
  Enter: 'enter',
  Escape: 'leave',
  k: 'play',
  K: 'play',
  p: 'projector',
  P: 'projector',
  f: 'fullscreen',
  F: 'fullscreen',
  l: 'language',
  L: 'language',
  '?': 'keys',
};

/** @type {Record<string, (state: ViewState, network: Network) => ViewState>} */
export const ACTIONS = {
  up: (state, network) => move(state, network, -1, 0),
  down: (state, network) => move(state, network, 1, 0),
  left: (state, network) => move(state, network, 0, -1),
  right: (state, network) => move(state, network, 0, 1),
  next: (state, network) => advance(state, network, 1),
  back: (state, network) => advance(state, network, -1),
  first: (state, network) => edge(state, network, false),
  last: (state, network) => edge(state, network, true),
  enter,
  leave,
  play: (state) => ({ ...state, play: !state.play }),
  projector: (state) => ({ ...state, profile: state.profile === 'projector' ? null : 'projector' }),
};
