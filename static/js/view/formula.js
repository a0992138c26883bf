/** Formulas by KaTeX, which is loaded when the first one is shown. */
import { h } from './dom.js';

/** @type {Promise<any> | null} */
let katex = null;

/** @type {Map<string, HTMLElement>} each formula is typeset once and moved to where it is shown */
const made = new Map();

/** @param {string} tex @param {string} label   read aloud in its place */
export function formula(tex, label) {
  const known = made.get(tex);
  if (known) return known;
  const place = h('div', { class: 'formula', role: 'math', 'aria-label': label });
  katex ??= import('katex').then((module) => module.default ?? module);
  katex.then((k) => k.render(tex, place, { throwOnError: false, displayMode: false, output: 'htmlAndMathml' }));
  made.set(tex, place);
  return place;
}
