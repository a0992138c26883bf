/** What is on the screen of the sequence explorer, what each action does to it, and the table that writes it to the address. */
import { CONVENTIONS } from '../recurrent/conventions.js';
import { address, count, flag, text, word } from '../viewstate.js';
import { placeOf } from '../walk.js';

export const VIEWS = ['network', 'layer', 'number', 'cell', 'gate', 'compare', 'read', 'whatif', 'write'];

/**
 * @typedef {object} SequenceState
 * @property {string | null} input    "sample:<id>", "text:<the text>", "values:<numbers>" or "trace:<id>"
 * @property {string} view
 * @property {string | null} node     a recurrent layer; null: the first one
 * @property {number} layer
 * @property {number} direction
 * @property {number | null} t        the step in time; null: the last one
 * @property {number} unit
 * @property {string | null} gate
 * @property {string | null} of       the node whose layer or number is in view; null: the answer's
 * @property {number[] | null} at     one cell of that node
 * @property {number | null} channel  the input channel looked at in a convolution's number
 * @property {string[]} trail         the places that one came from, operand by operand, each as core/walk.js spells it
 * @property {number | null} step     of the player inside a cell or a number; null: everything shown
 * @property {boolean} fold
 * @property {boolean} play
 * @property {string} lang
 * @property {string | null} profile
 * @property {boolean} embed
 * @property {string} biases    conventions: see core/recurrent/conventions.js
 * @property {string} update
 * @property {string} order
 * @property {boolean} slide    the arithmetic of a slide in place of the real one
 *
 * @typedef {{node: string, cell: string, layers: number, directions: number, steps: number, hidden: number}} Section
 */

const cell = {
  write: (/** @type {any} */ v) => v.join(','),
  read: (/** @type {string} */ s) => (/^\d{1,7}(,\d{1,7}){0,2}$/.test(s) ? s.split(',').map(Number) : undefined),
};
const places = {
  write: (/** @type {any} */ v) => v.join('~'),
  read: (/** @type {string} */ s) => (s.split('~').every(placeOf) ? s.split('~') : undefined),
};

/** @type {Record<keyof SequenceState, import('../viewstate.js').Field>} */
export const FIELDS = {
  input: { initial: null, ...text },
  view: { initial: 'network', ...word(VIEWS) },
  node: { initial: null, ...text },
  layer: { initial: 0, ...count },
  direction: { initial: 0, ...count },
  t: { initial: null, ...count },
  unit: { initial: 0, ...count },
  gate: { initial: null, ...text },
  of: { initial: null, ...text },
  at: { initial: null, ...cell },
  channel: { initial: null, ...count },
  trail: { initial: [], ...places },
  step: { initial: null, ...count },
  fold: { initial: false, ...flag },
  play: { initial: false, ...flag },
  lang: { initial: '', ...word(['zh', 'en']) },
  profile: { initial: null, ...word(['light', 'dark', 'projector']) },
  embed: { initial: false, ...flag },
  ...CONVENTIONS,
};

/** @type {{initialState: () => SequenceState, toQuery: (state: SequenceState) => string, fromQuery: (query: string) => SequenceState}} */
export const { initialState, toQuery, fromQuery } = address(FIELDS);

/** The recurrent layer in view. @param {SequenceState} state @param {Section[]} sections */
export const sectionOf = (state, sections) => sections.find(({ node }) => node === state.node) ?? sections[0];

/** The step in time. @param {SequenceState} state @param {Section[]} sections */
export const timeOf = (state, sections) => state.t ?? sectionOf(state, sections).steps - 1;

const clamp = (/** @type {number} */ value, /** @type {number} */ size) => Math.min(Math.max(value, 0), size - 1);

/**
 * The same with everything inside this trace.
 * @param {SequenceState} state
 * @param {Section[]} sections
 * @returns {SequenceState}
 */
export function legal(state, sections) {
  const { node, layers, directions, steps, hidden } = sectionOf(state, sections);
  return {
    ...state,
    node: node === sections[0].node ? null : node,
    layer: clamp(state.layer, layers),
    direction: clamp(state.direction, directions),
    t: state.t === null ? null : clamp(state.t, steps),
    unit: clamp(state.unit, hidden),
  };
}

/**
 * To a step in time; past the end of one layer comes the next.
 * @param {SequenceState} state
 * @param {Section[]} sections
 * @param {number} t
 * @returns {SequenceState}
 */
export function goTo(state, sections, t) {
  const here = sectionOf(state, sections);
  const place = sections.indexOf(here);
  if (t >= here.steps && sections[place + 1]) return legal({ ...state, node: sections[place + 1].node, t: 0 }, sections);
  if (t < 0 && sections[place - 1])
    return legal({ ...state, node: sections[place - 1].node, t: sections[place - 1].steps - 1 }, sections);
  return { ...state, t: clamp(t, here.steps) };
}

const OUT = /** @type {Record<string, string>} */ ({ gate: 'cell', cell: 'network' });

/**
 * What an action makes of the state; `count` is how many steps the player has inside the present view.
 * @param {string} action
 * @param {SequenceState} state
 * @param {Section[]} sections
 * @param {number} count
 * @returns {SequenceState}
 */
export function act(action, state, sections, count) {
  const t = timeOf(state, sections);
  const { hidden, steps, cell } = sectionOf(state, sections);
  switch (action) {
    case 'left':
      return goTo(state, sections, t - 1);
    case 'right':
      return goTo(state, sections, t + 1);
    case 'up':
      return { ...state, unit: clamp(state.unit - 1, hidden) };
    case 'down':
      return { ...state, unit: clamp(state.unit + 1, hidden) };
    case 'first':
      return { ...state, t: 0 };
    case 'last':
      return { ...state, t: steps - 1 };
    case 'next':
      return advance(state, sections, count, 1);
    case 'back':
      return advance(state, sections, count, -1);
    case 'enter':
      return enter({ ...state, t }, cell);
    case 'leave':
      return { ...state, view: OUT[state.view] ?? 'network', trail: [], step: null, play: false };
    case 'play':
      return { ...state, play: !state.play };
    case 'projector':
      return { ...state, profile: state.profile === 'projector' ? null : 'projector' };
    default:
      return state;
  }
}

/** @param {SequenceState} state @param {string} cell @returns {SequenceState} */
function enter(state, cell) {
  if (state.view === 'cell') return { ...state, view: 'gate', gate: state.gate ?? FIRST_GATE[cell], step: null, play: false };
  return state.view === 'gate' ? state : { ...state, view: 'cell', step: null, play: false };
}

/** @type {Record<string, string>} */
const FIRST_GATE = { lstm: 'f', gru: 'r', rnn: 'h' };

/**
 * One step on or back: in a cell through its gates, then to the next step in time.
 * @param {SequenceState} state
 * @param {Section[]} sections
 * @param {number} count
 * @param {number} by
 * @returns {SequenceState}
 */
function advance(state, sections, count, by) {
  const t = timeOf(state, sections);
  const { steps } = sectionOf(state, sections);
  const last = sections.at(-1)?.node === sectionOf(state, sections).node;
  if (count === 0) {
    if (state.play && last && t + by >= steps) return { ...state, play: false };
    return goTo(state, sections, state.t === null && by > 0 && !state.play ? 0 : t + by);
  }
  const next = state.step === null ? (by > 0 ? 0 : count - 1) : state.step + by;
  if (next >= 0 && next < count) return { ...state, t, step: next };
  if (by > 0 ? t + 1 >= steps : t === 0) return { ...state, step: by > 0 ? count - 1 : 0, play: false };
  return { ...goTo(state, sections, t + by), step: by > 0 ? 0 : count - 1 };
}
