/** softmax's card: every class with its logit, less the maximum, its exponential, and its share of their sum. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
/** @import { PrintedClass, PrintedSoftmax } from '../../core/arithmetic.js' */
import { scaleLinear } from 'd3';
import { printedSoftmax } from '../../core/arithmetic.js';
import { parse } from '../../core/numbers.js';
import { t } from '../../i18n.js';
import { equation, track } from '../arithmetic.js';
import { nameOf } from '../bars.js';
import { h, num, sign } from '../dom.js';

/** @type {OpView} */
export const softmax = {
  alone: true,
  card(e) {
    const p = printedSoftmax(e.explanation.terms.map((term) => term.value));
    const own = p.classes[e.index[0]];
    const later = (/** @type {string} */ step) => (e.shown(step) ? '' : ' later');
    return [
      table(e, p),
      h('div', { class: 'lines' }, equation([sign('m = max z ='), num(p.maximum, 'maximum')], later('shifted')),
        equation([sign('Σ exp(z − m) ='), num(p.denominator, 'denominator')], later('denominator')),
        equation([sign('p = exp('), num(own.shifted, 'own-shifted'), sign(') ÷'), num(p.denominator, 'denominator'), sign('='), num(own.exponential, 'own-exponential'), sign('÷'), num(p.denominator, 'denominator'), sign('='),
          num(own.probability, 'result', { class: `num result${later('result')}` })], `big${later('denominator')}`)),
    ];
  },
};

/** @typedef {keyof PrintedClass} Column */
/** @type {[Column, string, string][]} what a column holds, its letter, and the step that brings it */
const COLUMNS = [['logit', 'z', 'logits'], ['shifted', 'z − m', 'shifted'], ['exponential', 'exp(z − m)', 'exponentials'], ['probability', 'p', 'result']];

/** @param {Explained} e @param {PrintedSoftmax} p */
function table(e, p) {
  const later = (/** @type {string} */ step) => (e.shown(step) ? (e.active === step ? 'on' : '') : 'later');
  const scales = Object.fromEntries(COLUMNS.map(([key]) => [key, scaleOf(p.classes.map((row) => parse(row[key])))]));
  const head = h('tr', {}, h('th', {}, t('ui.class')), COLUMNS.map(([key, letter, step]) => h('th', { scope: 'col', class: later(step) }, t(`ui.${key}`), h('span', { class: 'letter' }, letter))));
  const rows = p.classes.map((row, i) => h('tr', { class: i === e.index[0] ? 'chosen' : '', 'data-class': i, onclick: () => e.scene.act.openNumber(e.record.name, [i]) },
    h('th', { scope: 'row' }, nameOf(e.scene, e.record, i)),
    COLUMNS.map(([key, , step]) => h('td', { class: later(step) }, h('span', { class: 'with-bar' }, track(0, parse(row[key]), scales[key], key === 'probability' ? 'whole' : parse(row[key]) < 0 ? 'down' : 'up'), num(row[key], key))))));
  const names = p.classes.map((_, i) => wideness(nameOf(e.scene, e.record, i)));
  return h('table', { class: 'terms softmax', style: { '--longest': Math.max(...names) } }, h('thead', {}, head), h('tbody', {}, rows));
}

/** About how wide a name is, in em. @param {string} name */
const wideness = (name) => [...name].reduce((total, letter) => total + (letter > '\u2e80' ? 1 : 0.57), 0);

/** A column's own scale, with zero on it. @param {number[]} values */
const scaleOf = (values) => scaleLinear().domain([Math.min(0, ...values), Math.max(0, ...values)]).range([0, 100]);
