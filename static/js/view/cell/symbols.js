/** The letters of a cell, set as in the formulas. */
import { h } from '../dom.js';

const PREVIOUS = '_previous';

/** c_previous -> c with t-1 below, f -> f with t. @param {string} name */
export function symbol(name) {
  const before = name.endsWith(PREVIOUS);
  const letter = before ? name.slice(0, -PREVIOUS.length) : name;
  return h('span', { class: 'sym' }, h('i', {}, letter), h('sub', {}, before ? 't−1' : 't'));
}

/** As plain text, for screen readers. @param {string} name */
export const spoken = (name) => (name.endsWith(PREVIOUS) ? `${name.slice(0, -PREVIOUS.length)} t−1` : name);
