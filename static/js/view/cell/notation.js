/** How a cell's equations are set: numbers with what they are written beneath, signs between, brackets around what is negative. */
/** @import { Way } from './ways.js' */
import { h, sign } from '../dom.js';
import { operand } from './ways.js';

/**
 * A number with what it is written under it.
 * @param {string} text
 * @param {string} role
 * @param {any=} note
 * @param {{bare?: boolean, way?: Way | null}=} how   bare: without its minus, which stands before it as a sign
 */
export const noted = (text, role, note, { bare = false, way = null } = {}) =>
  h(
    'span',
    { class: 'noted' },
    operand(way, bare ? text.replace('−', '') : text, role, { 'data-text': text }),
    note ? h('span', { class: 'under' }, note) : null,
  );

/** @typedef {{text: string, role: string, note?: any, way?: Way | null}} Addend */

/** a + b - c: signs between, the first number with its own. @param {Addend[]} addends */
export const signed = (addends) =>
  addends.flatMap(({ text, role, note, way }, i) => [
    i ? sign(text.startsWith('−') ? '−' : '+') : null,
    noted(text, role, note, { bare: i > 0, way }),
  ]);

/**
 * A factor, in brackets where it is negative.
 * @param {string} text
 * @param {string} role
 * @param {any=} note
 * @param {Way | null=} way
 */
export const factor = (text, role, note, way = null) => {
  const number = noted(text, role, note, { way });
  return text.startsWith('−') ? [sign('('), number, sign(')')] : [number];
};

/** @param {any[]} parts @param {string} line @param {string=} kind */
export const equation = (parts, line, kind = '') => h('div', { class: `cell-equation ${kind}`, 'data-line': line }, parts);

/** A part that stays on one line where it can. @param {any[]} parts */
export const group = (...parts) => h('span', { class: 'group-of' }, parts);
