/** What is on the screen, and the one table that writes it to the address and reads it back. */
/** @import { ViewState, Level, NodeRecord } from './types.js' */

export const text = { write: (/** @type {any} */ v) => v, read: (/** @type {string} */ s) => s || null };
export const word = (/** @type {string[]} */ legal) => ({
  write: (/** @type {any} */ v) => v,
  read: (/** @type {string} */ s) => (legal.includes(s) ? s : undefined),
});
export const count = {
  write: (/** @type {any} */ v) => String(v),
  read: (/** @type {string} */ s) => (/^\d{1,7}$/.test(s) ? Number(s) : undefined),
};
const cell = {
  write: (/** @type {any} */ v) => v.join(','),
  read: (/** @type {string} */ s) => (/^\d{1,6}(,\d{1,6})?$/.test(s) ? s.split(',').map(Number) : undefined),
};
export const flag = { write: (/** @type {any} */ v) => (v ? '1' : '0'), read: (/** @type {string} */ s) => s === '1' };

/** @type {Record<keyof ViewState, {initial: any, write: (v: any) => string, read: (s: string) => any}>} */
export const FIELDS = {
  input: { initial: null, ...text },
  node: { initial: null, ...text },
  unit: { initial: 0, ...count },
  at: { initial: null, ...cell },
  channel: { initial: null, ...count },
  step: { initial: null, ...count },
  play: { initial: false, ...flag },
  lang: { initial: '', ...word(['zh', 'en']) },
  profile: { initial: null, ...word(['light', 'dark', 'projector']) },
  embed: { initial: false, ...flag },
  scale: { initial: 'layer', ...word(['unit', 'layer', 'global']) },
};

/** @typedef {{initial: any, write: (v: any) => string, read: (s: string) => any}} Field */

/** Reading and writing the query string by a table of fields. @template T @param {Record<string, Field>} fields */
export function address(fields) {
  /** @returns {T} */
  const initialState = () =>
    /** @type {any} */ (Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.initial])));
  return {
    initialState,
    /** The query string of a state; what has its initial value is left out. @param {T} state */
    toQuery(state) {
      const query = new URLSearchParams();
      for (const [key, field] of Object.entries(fields)) {
        const value = /** @type {any} */ (state)[key];
        if (!same(value, field.initial)) query.set(key, field.write(value));
      }
      return query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
    },
    /** A state from a query string; what is missing or malformed has its initial value. @param {string} query @returns {T} */
    fromQuery(query) {
      const given = new URLSearchParams(query);
      const state = /** @type {any} */ (initialState());
      for (const [key, field] of Object.entries(fields)) {
        const read = given.has(key) ? field.read(/** @type {string} */ (given.get(key))) : undefined;
        if (read !== undefined) state[key] = read;
      }
      return state;
    },
  };
}

/** @param {any} a @param {any} b */
const same = (a, b) => a === b || (Array.isArray(a) && Array.isArray(b) && a.join() === b.join());

/**
 * Of the explorer of pictures.
 * @type {{initialState: () => ViewState, toQuery: (state: ViewState) => string, fromQuery: (query: string) => ViewState}}
 */
export const { initialState, toQuery, fromQuery } = address(FIELDS);

/** @param {ViewState} state @returns {Level} */
export const levelOf = (state) => (state.node === null ? 'network' : state.at === null ? 'layer' : 'number');

/** The full index of the chosen cell. @param {ViewState} state @param {NodeRecord} record @returns {number[]} */
export const indexOf = (state, record) =>
  record.shape.length === 1
    ? [state.at?.[0] ?? state.unit]
    : [state.unit, ...(state.at ?? []), 0, 0].slice(0, record.shape.length);

/**
 * The same state with everything inside this network: an unknown node falls back to the network, a cell out of range to the
 * nearest.
 * @param {ViewState} state @param {Map<string, NodeRecord>} records @returns {ViewState}
 */
export function legal(state, records) {
  if (state.node === null) return state.at === null ? state : { ...state, at: null };
  const record = records.get(state.node);
  if (!record) return { ...state, node: null, at: null, unit: 0, step: null };
  const unit = clamp(state.unit, record.shape[0]);
  if (!state.at || record.op === 'input') return { ...state, unit, at: null };
  if (record.shape.length === 1)
    return { ...state, at: [clamp(state.at[0], record.shape[0])], unit: clamp(state.at[0], record.shape[0]) };
  return { ...state, unit, at: [clamp(state.at[0], record.shape[1]), clamp(state.at[1] ?? 0, record.shape[2])] };
}

/** @param {number} value @param {number} size */
const clamp = (value, size) => Math.min(Math.max(value, 0), size - 1);
