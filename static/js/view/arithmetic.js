/**
 * Arithmetic as it is drawn: matrices of numbers, ledgers, sums in a line. The texts come printed from core, so that they
 * agree.
 */
/** @import { Colours } from './colors.js' */
import { scaleLinear } from 'd3';
import { running } from '../core/arithmetic.js';
import { sum } from '../core/numbers.js';
import { h, num, sign } from './dom.js';

const PALE = 2.2; // digits stand on the pale part of the scale, where dark ink reads from the last row

/** The ground and the ink of a printed number. @param {Colours} colours @param {number} value @param {number} bound */
export const paleStyle = (colours, value, bound) => ({
  background: colours.fill(value, PALE * bound),
  color: colours.ink(value, PALE * bound),
});

/**
 * A matrix of printed numbers on their colours; cells with the same number belong together across matrices.
 * @param {{text: string, value: number, role: string, padding?: boolean, mark?: boolean, later?: boolean}[]} cells
 * @param {number} columns
 * @param {number} bound @param {Colours} colours @param {string} label
 * @param {number=} characters   the widest text of its kind on the card, so that matrices line up
 */
export function matrix(cells, columns, bound, colours, label, characters = Math.max(...cells.map(({ text }) => text.length))) {
  const drawn = cells.map(({ text, value, role, padding, mark, later }, i) =>
    num(text, role, {
      class: `num cell${padding ? ' padding' : ''}${mark ? ' winner' : ''}${later ? ' later' : ''}`,
      'data-cell': i,
      style: { ...paleStyle(colours, value, bound), '--i': i },
    }),
  );
  return h(
    'div',
    { class: 'matrix', role: 'group', 'aria-label': label, style: { '--columns': columns, '--characters': characters } },
    drawn,
  );
}

/** A matrix with the sign before it and its name. @param {string} before @param {any} name @param {HTMLElement} picture */
export const part = (before, name, picture) =>
  h('div', { class: 'part' }, h('span', { class: 'part-name' }, name), before ? sign(before) : null, picture);

/** Where the product of the cell that is pointed at is written. */
export const cellLine = () => h('span', { class: 'cell-line' });

/**
 * @typedef {object} Entry   one line of a ledger
 * @property {string} id
 * @property {string} name
 * @property {string} text       the printed number
 * @property {number} value
 * @property {string} role
 * @property {boolean} shown
 * @property {boolean} on
 * @property {HTMLElement=} picture
 * @property {(() => void)=} choose
 * @property {string=} label     what choosing it does
 */

const CROWD = 26;
const KEPT = 7; // more entries than this have no room: the largest stay, the others become one

/**
 * Entries that fit: of a crowd the largest (and the chosen one) in their order, and exactly the sum of the others.
 * @param {Entry[]} entries @param {(count: number) => string} name   of the others @returns {Entry[]}
 */
export function gathered(entries, name) {
  if (entries.length <= CROWD) return entries;
  const largest = new Set([...entries].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, KEPT));
  const kept = entries.filter((entry) => entry.on || largest.has(entry));
  const rest = entries.filter((entry) => !kept.includes(entry));
  return [
    ...kept,
    {
      id: 'others',
      name: name(rest.length),
      text: running(rest.map(({ text }) => text)),
      value: sum(rest.map(({ value }) => value)),
      role: entries[0].role,
      shown: rest.every(({ shown }) => shown),
      on: false,
    },
  ];
}

/**
 * Addends line by line, each bar beginning where the one before ended, down to the result.
 * @param {Entry[]} entries @param {{name: string, text: string, value: number, shown: boolean}} result @param {string} label
 */
export function ledger(entries, result, label) {
  const ends = entries.reduce((sums, { value }) => [...sums, sums[sums.length - 1] + value], [0]);
  const x = scaleLinear()
    .domain([Math.min(...ends, result.value), Math.max(...ends, result.value)])
    .range([0, 100]);
  const rows = entries.map((entry, i) =>
    row(entry, [
      h('span', { class: 'entry-name' }, entry.name),
      entry.picture ?? h('span', {}),
      track(ends[i], ends[i + 1], x, entry.value < 0 ? 'down' : 'up'),
      num(entry.text, entry.role),
    ]),
  );
  const last = h(
    'div',
    { class: `entry closing${result.shown ? '' : ' later'}` },
    h('span', { class: 'entry-name' }, result.name),
    h('span', {}),
    track(0, result.value, x, 'whole'),
    h('span', { class: 'num' }, result.text),
  );
  return h('div', { class: 'ledger', role: 'group', 'aria-label': label, tabindex: 0 }, rows, last);
}

/** @param {Entry} entry @param {any[]} content */
const row = ({ id, choose, shown, on, label }, content) =>
  h(
    choose ? 'button' : 'div',
    {
      class: `entry${shown ? '' : ' later'}${on ? ' on' : ''}`,
      'data-entry': id,
      onclick: choose,
      'aria-pressed': choose ? String(on) : null,
      title: choose ? label : null,
    },
    content,
  );

/**
 * A bar from one end to the other on an axis.
 * @param {number} from
 * @param {number} to
 * @param {(value: number) => number} x
 * @param {string} kind
 */
export const track = (from, to, x, kind) =>
  h(
    'span',
    { class: 'track', 'aria-hidden': 'true' },
    h('span', { class: 'track-zero', style: { left: `${x(0)}%` } }),
    h('span', {
      class: `track-fill ${kind}`,
      style: { left: `${Math.min(x(from), x(to))}%`, width: `${Math.abs(x(to) - x(from))}%` },
    }),
  );

/**
 * addend + addend + ... = result; each addend hidden until its step.
 * @param {{text: string, role: string, shown?: boolean, on?: boolean, note?: string}[]} addends
 * @param {{text: string, shown?: boolean}} result
 */
export function sumLine(addends, result) {
  const parts = addends.flatMap(({ text, role, shown = true, on = false, note }, i) => [
    i ? plus(text, shown) : null,
    h(
      'span',
      { class: `addend${shown ? '' : ' later'}${on ? ' on' : ''}` },
      note ? h('span', { class: 'under' }, note) : null,
      num(i ? text.replace('−', '') : text, role, { 'data-text': text }),
    ),
  ]);
  const here = addends.some(({ on, role }) => on && role === 'bias');
  return h('div', { class: `sum${here ? ' here' : ''}` }, parts, equals(result));
}

/** @param {string} text @param {boolean} shown */
const plus = (text, shown) => h('span', { class: `sign${shown ? '' : ' later'}` }, text.startsWith('−') ? '−' : '+');

/** @param {{text: string, shown?: boolean}} result */
const equals = ({ text, shown = true }) =>
  h(
    'span',
    { class: `total${shown ? '' : ' later'}` },
    sign('='),
    num(text, 'result', { class: 'num result', 'data-text': text }),
  );

/** One line of an equation from numbers and signs. @param {any[]} parts @param {string=} kind */
export const equation = (parts, kind = '') => h('div', { class: `equation ${kind}` }, parts);
