/** Formulas by KaTeX, which is loaded when the first one is shown. */
import { h } from './dom.js';

/** @type {Promise<any> | null} */
let katex = null;

/** @param {string} tex @param {string} label   read aloud in its place */
export function formula(tex, label) {
  const place = h('div', { class: 'formula', role: 'math', 'aria-label': label });
  katex ??= import('katex').then((module) => module.default ?? module);
  katex.then((k) => k.render(tex, place, { throwOnError: false, displayMode: false, output: 'htmlAndMathml' }));
  return place;
}
