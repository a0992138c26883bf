/**
 * softmax's card: every class with its logit, less the maximum, its exponential, and its share of their sum; of a crowd the
 * largest.
 */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
/** @import { PrintedClass, PrintedSoftmax } from '../../core/arithmetic.js' */
import { scaleLinear } from 'd3';
import { printedSoftmax } from '../../core/arithmetic.js';
import { parse } from '../../core/numbers.js';
import { isTime } from '../../core/sequence/axes.js';
import { t } from '../../i18n.js';
import { equation, track } from '../arithmetic.js';
import { nameOf } from '../bars.js';
import { h, num, sign } from '../dom.js';
import { operand } from '../way.js';

const CROWD = 17;
const KEPT = 9;
const CROWD_LARGE = 13;
const KEPT_LARGE = 7; // more classes than this have no room: the largest stay, and the one in view; large: read from the last row

/** @type {OpView} */
export const softmax = {
  alone: () => true,
  card(e) {
    const logits = e.explanation.terms.map((term) => term.value);
    const place = e.index[e.index.length - 1];
    const p = printedSoftmax(logits, listedOf(logits, place, e.scene.state.profile === 'projector'));
    const own = /** @type {PrintedClass} */ (p.classes.find(({ i }) => i === place));
    const later = (/** @type {string} */ step) => (e.shown(step) ? '' : ' later');
    return [
      table(e, p, place),
      h(
        'div',
        { class: 'lines' },
        equation([sign('m = max z ='), num(p.maximum, 'maximum')], later('shifted')),
        equation([sign('Σ exp(z − m) ='), num(p.denominator, 'denominator')], later('denominator')),
        equation(
          [
            sign('p = exp('),
            num(own.shifted, 'own-shifted'),
            sign(') ÷'),
            num(p.denominator, 'denominator'),
            sign('='),
            num(own.exponential, 'own-exponential'),
            sign('÷'),
            num(p.denominator, 'denominator'),
            sign('='),
            num(own.probability, 'result', { class: `num result${later('result')}` }),
          ],
          `big${later('denominator')}`,
        ),
      ),
    ];
  },
};

/**
 * The classes with a line of their own; the largest logit is always among them.
 * @param {number[]} logits
 * @param {number} own
 * @param {boolean} large
 */
function listedOf(logits, own, large) {
  const all = logits.map((_, i) => i);
  if (logits.length <= (large ? CROWD_LARGE : CROWD)) return all;
  const kept = new Set([...all].sort((a, b) => logits[b] - logits[a]).slice(0, large ? KEPT_LARGE : KEPT));
  return [...kept.add(own)].sort((a, b) => logits[b] - logits[a]);
}

/** @typedef {'logit' | 'shifted' | 'exponential' | 'probability'} Column */
/** @type {[Column, string, string][]} what a column holds, its letter, and the step that brings it */
const COLUMNS = [
  ['logit', 'z', 'logits'],
  ['shifted', 'z − m', 'shifted'],
  ['exponential', 'exp(z − m)', 'exponentials'],
  ['probability', 'p', 'result'],
];

/** @param {Explained} e @param {PrintedSoftmax} p @param {number} place */
function table(e, p, place) {
  const later = (/** @type {string} */ step) => (e.shown(step) ? (e.active === step ? 'on' : '') : 'later');
  const { terms } = e.explanation;
  const scales = Object.fromEntries(COLUMNS.map(([key]) => [key, scaleOf(p.classes.map((row) => parse(row[key])))]));
  const head = h(
    'tr',
    {},
    h('th', {}, t(isTime(e.scene.names?.axes(e.record).at(-1)) ? 'walk.steps' : 'ui.class')),
    COLUMNS.map(([key, letter, step]) =>
      h('th', { scope: 'col', class: later(step) }, t(`ui.${key}`), h('span', { class: 'letter' }, letter)),
    ),
  );
  const cell = (/** @type {PrintedClass} */ row, /** @type {Column} */ key) =>
    key === 'logit' ? operand(e, terms[row.i].source, row.logit, 'logit') : num(row[key], key);
  const rows = p.classes.map((row) =>
    h(
      'tr',
      {
        class: row.i === place ? 'chosen' : '',
        'data-class': row.i,
        onclick: (/** @type {Event} */ event) => choose(e, event, row.i),
      },
      h('th', { scope: 'row' }, nameOf(e.scene, e.record, row.i)),
      COLUMNS.map(([key, , step]) =>
        h(
          'td',
          { class: later(step) },
          h(
            'span',
            { class: 'with-bar' },
            track(0, parse(row[key]), scales[key], key === 'probability' ? 'whole' : parse(row[key]) < 0 ? 'down' : 'up'),
            cell(row, key),
          ),
        ),
      ),
    ),
  );
  const crowd =
    p.others &&
    h(
      'tr',
      { class: 'crowd' },
      h('th', { scope: 'row' }, t('ui.others', { count: p.others.count })),
      h('td'),
      h('td'),
      h(
        'td',
        { class: later('exponentials') },
        h('span', { class: 'with-bar' }, h('span', {}), num(p.others.exponential, 'others')),
      ),
      h('td'),
    );
  const names = p.classes.map((row) => wideness(nameOf(e.scene, e.record, row.i)));
  return h(
    'table',
    { class: 'terms softmax', style: { '--longest': Math.max(...names) } },
    h('thead', {}, head),
    h('tbody', {}, rows, crowd),
  );
}

/**
 * Another class of the same softmax, unless a logit was asked for.
 * @param {Explained} e
 * @param {Event} event
 * @param {number} i
 */
function choose(e, event, i) {
  if (!(/** @type {Element} */ (event.target).closest('.way')))
    e.scene.act.openNumber(e.record.name, [...e.index.slice(0, -1), i]);
}

/** About how wide a name is, in em. @param {string} name */
const wideness = (name) => [...name].reduce((total, letter) => total + (letter > '\u2e80' ? 1 : 0.57), 0);

/** A column's own scale, with zero on it. @param {number[]} values */
const scaleOf = (values) =>
  scaleLinear()
    .domain([Math.min(0, ...values), Math.max(0, ...values)])
    .range([0, 100]);
