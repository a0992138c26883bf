/** Arithmetic as it is drawn: matrices of numbers, sums in a line. The texts come printed from core, so that they agree. */
/** @import { Colours } from './colors.js' */
import { h, num, sign } from './dom.js';

/**
 * A matrix of printed numbers on their colours.
 * @param {{text: string, value: number, role: string, padding?: boolean, mark?: boolean}[]} cells @param {number} columns
 * @param {number} bound @param {Colours} colours @param {string} label
 * @param {number=} characters   the widest text of its kind on the card, so that matrices line up
 */
export function matrix(cells, columns, bound, colours, label, characters = 0) {
  const drawn = cells.map(({ text, value, role, padding, mark }) => num(text, role, {
    class: `num cell${padding ? ' padding' : ''}${mark ? ' winner' : ''}`,
    style: { background: colours.fill(value, bound), color: colours.ink(value, bound) },
  }));
  return h('div', { class: 'matrix', role: 'group', 'aria-label': label, style: { '--columns': columns, '--characters': characters } }, drawn);
}

/** addend + addend + ... = result; each addend hidden until its step. @param {{text: string, role: string, shown?: boolean, on?: boolean, note?: string}[]} addends @param {{text: string, shown?: boolean}} result */
export function sumLine(addends, result) {
  const parts = addends.flatMap(({ text, role, shown = true, on = false, note }, i) => [
    i ? plus(text, shown) : null,
    h('span', { class: `addend${shown ? '' : ' later'}${on ? ' on' : ''}` },
      num(i ? text.replace('−', '') : text, role, { 'data-text': text }), note ? h('span', { class: 'under' }, note) : null),
  ]);
  return h('div', { class: 'sum' }, parts, equals(result));
}

/** @param {string} text @param {boolean} shown */
const plus = (text, shown) => h('span', { class: `sign${shown ? '' : ' later'}` }, text.startsWith('−') ? '−' : '+');

/** @param {{text: string, shown?: boolean}} result */
const equals = ({ text, shown = true }) => h('span', { class: `total${shown ? '' : ' later'}` }, sign('='), num(text, 'result', { class: 'num result', 'data-text': text }));

/** One line of an equation from numbers and signs. @param {any[]} parts @param {string=} kind */
export const equation = (parts, kind = '') => h('div', { class: `equation ${kind}` }, parts);
