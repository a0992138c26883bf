/** Beside the arithmetic: the sizes, what the engine notes, the PyTorch lines, and what can be taken away. */
/** @import { LabScene } from '../../core/lab/types.js' */
import { t } from '../../i18n.js';
import { h } from '../dom.js';

/**
 * The size calculator: (input + before + after - dilation (kernel - 1) - 1) / stride + 1, per axis, in the numbers of the
 * answer.
 * @param {{input: number, kernel: number, stride: number, padding: [number, number], dilation: number, exact: number, output: number, cut: number}[]} sizes
 * @param {string[]} names   of the axes
 */
export function sizeTable(sizes, names) {
  return formulaTable(
    names,
    sizes.map((axis) => {
      const exact = Number.isInteger(axis.exact) ? '' : ` = ${axis.exact.toFixed(2)} → ⌊ ⌋`;
      return `(${axis.input} + ${axis.padding[0]} + ${axis.padding[1]} − ${axis.dilation} × (${axis.kernel} − 1) − 1) / ${axis.stride} + 1${exact} = ${axis.output}`;
    }),
  );
}

/** A size worked out per axis; once, where all axes say the same. @param {string[]} names @param {string[]} formulas */
export function formulaTable(names, formulas) {
  const alike = formulas.length > 1 && formulas.every((formula) => formula === formulas[0]);
  const line = (/** @type {string} */ formula, name = '') =>
    h('p', {}, name ? h('span', { class: 'axis' }, name) : null, h('span', { class: 'num' }, formula));
  return h(
    'section',
    { class: 'lab-sizes' },
    h('h3', {}, t(alike ? 'lab.sizes_alike' : 'lab.sizes')),
    alike ? line(formulas[0]) : formulas.map((formula, i) => line(formula, names[i])),
  );
}

/** What the engine has to say about the sizes. @param {LabScene} scene */
export const notesOf = ({ answer, state }) =>
  answer?.notes?.length
    ? h(
        'ul',
        { class: 'lab-notes' },
        answer.notes.map((/** @type {any} */ note) => h('li', {}, note.text[state.lang])),
      )
    : null;

/**
 * Onto the clipboard. Pages that come over plain http from another machine, as in a classroom, have no clipboard of their own:
 * there the lines are chosen and the browser copies what is chosen.
 * @param {HTMLElement} lines
 * @returns {Promise<boolean>} whether it is there; if not, the lines stay chosen
 */
async function copied(lines) {
  const written = await navigator.clipboard?.writeText(lines.textContent ?? '').then(
    () => true,
    () => false,
  );
  if (written) return true;
  getSelection()?.selectAllChildren(lines);
  const done = document.execCommand('copy');
  if (done) getSelection()?.removeAllRanges();
  return done;
}

/** @param {{save: (kind: string) => void}} hooks */
export function takeAway(hooks) {
  const lines = h('code', {});
  const said = h('span', { class: 'quiet', role: 'status' });
  const copy = async () => {
    said.textContent = t((await copied(lines)) ? 'lab.copied' : 'lab.chosen');
  };
  const code = h(
    'details',
    { class: 'lab-code' },
    h('summary', {}, t('lab.code')),
    h('pre', { tabindex: 0 }, lines),
    h('p', { class: 'row-buttons' }, h('button', { class: 'plain', onclick: copy }, t('lab.copy')), said),
  );
  const kinds = ['svg', 'png', 'gif', 'csv', 'py'];
  const save = h(
    'div',
    { class: 'row-buttons lab-save', role: 'group', 'aria-label': t('lab.save') },
    h('span', { class: 'quiet' }, t('lab.save')),
    kinds.map((kind) =>
      h(
        'button',
        { class: 'plain', 'data-save': kind, title: t(`lab.save_${kind}`), onclick: () => hooks.save(kind) },
        kind.toUpperCase(),
      ),
    ),
  );
  return {
    root: h('div', { class: 'lab-take' }, save, code),
    /** @param {string} text */
    draw(text) {
      if (lines.textContent === text) return;
      lines.textContent = text;
      said.textContent = '';
    },
  };
}
