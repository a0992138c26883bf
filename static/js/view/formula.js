/** Formulas by KaTeX, which is loaded when the first one is shown. */
import { h } from './dom.js';

/** @type {Promise<any> | null} */
let katex = null;

/** @type {Map<string, HTMLElement>} each formula is typeset once and moved to where it is shown */
const made = new Map();

/** Symbols bear a class, \htmlClass{sym-weight}{w}, that links them to their numbers; our own formulas are all that is typeset. */
const OPTIONS = {
  throwOnError: false,
  displayMode: false,
  output: 'htmlAndMathml',
  strict: 'ignore',
  trust: (/** @type {any} */ { command }) => command === '\\htmlClass',
};

/** @param {string} tex @param {string} label   read aloud in its place */
export function formula(tex, label) {
  const known = made.get(tex);
  if (known) return known;
  const place = h('div', { class: 'formula', role: 'math', tabindex: 0, 'aria-label': label });
  katex ??= import('katex').then((module) => module.default ?? module);
  katex.then((k) => k.render(tex, place, OPTIONS));
  made.set(tex, place);
  return place;
}
