/** A lab's state and its address: what differs from the preset, which differs from the start. */
/** @import { Field, Lab, LabState, Values } from './types.js' */
import { readGrid, written } from './grids.js';

const OWN = ['preset', 'view', 'step', 'lang', 'profile', 'embed', 'play'];
const PROFILES = ['light', 'dark', 'projector'];

/**
 * @typedef {{id: string, values: Values, view?: string, title: Record<string, string>, source?: string, elsewhere?: string}} Preset
 *     elsewhere: the lab that shows it
 */

/** @param {Lab} lab @returns {Values} */
export const startOf = (lab) => Object.fromEntries(lab.fields.map(({ key, start }) => [key, start]));

/** What a preset sets, the rest as at the start. @param {Lab} lab @param {Preset | undefined} preset @returns {Values} */
export const presetValues = (lab, preset) => ({ ...startOf(lab), ...preset?.values });

/** @param {string} query @param {Lab} lab @param {Preset[]} presets @param {string} lang @returns {LabState} */
export function fromQuery(query, lab, presets, lang) {
  const asked = new URLSearchParams(query);
  const preset = presets.find(({ id }) => id === asked.get('preset')) ?? (asked.has('preset') ? undefined : presets[0]);
  const values = presetValues(lab, preset);
  for (const field of lab.fields) {
    const text = asked.get(field.key);
    const value = text === null ? null : valueOf(text, field);
    if (value !== null) values[field.key] = value;
  }
  const views = lab.views ?? [''];
  const step = Number.parseInt(asked.get('step') ?? '', 10);
  const profile = asked.get('profile') ?? '';
  return {
    preset: preset?.id ?? null,
    values: lab.fit?.(values) ?? values,
    view: views.find((view) => view === asked.get('view')) ?? preset?.view ?? views[0],
    step: Number.isNaN(step) || step < 0 ? null : step,
    play: asked.get('play') === '1',
    profile: PROFILES.includes(profile) ? profile : null,
    lang,
    embed: asked.get('embed') === '1',
  };
}

/**
 * The value that a text of the address says; null when it is out of the field's range.
 * @param {string} text
 * @param {Field} field
 * @returns {any}
 */
export function valueOf(text, { kind, rank = 2, least = -Infinity, most = Infinity, options = [] }) {
  if (kind === 'grid') return readGrid(text, rank);
  if (kind === 'flag') return text === '1' ? true : text === '0' ? false : null;
  if (kind === 'choice') return options.includes(text) ? text : null;
  const value = Number(text);
  const right = text.trim() !== '' && Number.isFinite(value) && (kind === 'number' || Number.isInteger(value));
  return right && value >= least && value <= most ? value : null;
}

/**
 * What an address says that its field cannot be; it is left at the preset's value then.
 * @param {string} query
 * @param {Lab} lab
 * @returns {{field: Field, text: string}[]}
 */
export function refusedIn(query, lab) {
  const asked = new URLSearchParams(query);
  return lab.fields
    .map((field) => ({ field, text: asked.get(field.key) ?? '' }))
    .filter(({ field, text }) => asked.has(field.key) && valueOf(text, field) === null);
}

/** @param {LabState} state @param {Lab} lab @param {Preset[]} presets @returns {string} */
export function toQuery(state, lab, presets) {
  const asked = new URLSearchParams();
  const preset = presets.find(({ id }) => id === state.preset);
  const base = presetValues(lab, preset);
  if (state.preset !== (presets[0]?.id ?? null)) asked.set('preset', state.preset ?? 'none');
  for (const { key, kind } of lab.fields) {
    const value = state.values[key];
    if (value !== base[key] && text(value, kind) !== text(base[key], kind)) asked.set(key, text(value, kind));
  }
  if (state.view !== (preset?.view ?? lab.views?.[0] ?? '')) asked.set('view', state.view);
  if (state.step !== null) asked.set('step', String(state.step));
  asked.set('lang', state.lang);
  if (state.profile) asked.set('profile', state.profile);
  if (state.embed) asked.set('embed', '1');
  if (state.play) asked.set('play', '1');
  return asked.toString();
}

const ROOM = 2000; // characters of a query that browsers, servers and what lies between take without asking

/**
 * The whole address. What is too long for a query goes behind the #, which no server gets to see: the page alone reads it.
 * @param {LabState} state
 * @param {Lab} lab
 * @param {Preset[]} presets
 * @returns {string}
 */
export function toAddress(state, lab, presets) {
  const query = new URLSearchParams(toQuery(state, lab, presets));
  const after = new URLSearchParams();
  let length = String(query).length;
  for (const [key, value] of [...query].sort(([, one], [, other]) => other.length - one.length)) {
    if (length <= ROOM) break;
    query.delete(key);
    after.set(key, value);
    length -= value.length;
  }
  return `?${query}${after.size ? `#${after}` : ''}`;
}

/** What an address says before and behind its #. @param {{search: string, hash: string}} address */
export const queryOf = ({ search, hash }) =>
  [search.slice(1), hash.includes('=') ? hash.slice(1) : ''].filter(Boolean).join('&');

/** Long grids are written once: they are never changed in place. @type {WeakMap<any[], string>} */
const known = new WeakMap();

/** @param {any[]} grid @returns {string} */
function gridText(grid) {
  const found = known.get(grid) ?? written(grid);
  known.set(grid, found);
  return found;
}

/** @param {any} value @param {string} kind */
const text = (value, kind) => (kind === 'grid' ? gridText(value) : kind === 'flag' ? (value ? '1' : '0') : String(value));

/** The names that a lab's fields may not have. */
export const reserved = OWN;
