/** The card of an operation without a file of its own: what the server found, labelled as the approximation that it is. */
/** @import { OpView } from './index.js' */
import { significant } from '../../core/numbers.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { h, num, sign } from '../dom.js';

const LISTED = 12;

/** @type {OpView} */
export const fallback = {
  card(e) {
    const terms = [...e.explanation.terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, LISTED);
    const rows = terms.map((term) => h('tr', { 'data-term': '' }, h('th', { scope: 'row' }, term.label),
      h('td', {}, num(significant(term.value), 'value')), h('td', {}, term.weight === null ? '' : num(significant(term.weight), 'weight')),
      h('td', {}, num(significant(term.product), 'product'))));
    return [
      h('p', { class: 'warning' }, t('ui.approximation')),
      h('table', { class: 'terms' }, h('tbody', {}, rows)),
      equation([sign('y ='), num(significant(e.result), 'result', { class: 'num result' })], 'big'),
    ];
  },
};
