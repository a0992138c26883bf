/**
 * The card of an operation without a file of its own: the engine's terms as a sum; where these are no more than a slope,
 * labelled as such.
 */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { significant } from '../../core/numbers.js';
import { opText, t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { h, num, sign } from '../dom.js';
import { sumCard } from '../products.js';
import { operand, wayTo } from '../way.js';

const LISTED = 12;

/** @type {OpView} */
export const fallback = {
  card(e) {
    if (e.explanation.extra.approximation) return [h('p', { class: 'warning' }, t('ui.approximation')), ...listed(e)];
    return addsUp(e) ? sumCard(e) : listed(e);
  },
};

/** Whether the products and the bias are the result: then they are printed so that it can be checked. @param {Explained} e */
function addsUp({ explanation: { terms, bias, result } }) {
  const total = terms.reduce((sum, { product }) => sum + product, bias ?? 0);
  const size = terms.reduce((sum, { product }) => sum + Math.abs(product), Math.abs(result));
  return terms.length > 0 && terms.every(({ weight }) => weight !== null) && Math.abs(total - result) <= 1e-6 * size;
}

/** What it was made from, the largest first; the operation's own rule is the formula above. @param {Explained} e */
function listed(e) {
  const terms = [...e.explanation.terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, LISTED);
  const rows = terms.map((term) =>
    h(
      'tr',
      { 'data-term': '' },
      h('th', { scope: 'row' }, term.source ? wayTo(e, term.source) : term.label),
      h('td', {}, operand(e, term.source, significant(term.value), 'value')),
      h('td', {}, term.weight === null ? '' : num(significant(term.weight), 'weight')),
      h('td', {}, num(significant(term.product), 'product')),
    ),
  );
  return [
    h('table', { class: 'terms' }, h('tbody', {}, rows)),
    equation([sign(`${opText(e.record.op, 'short')} =`), num(significant(e.result), 'result', { class: 'num result' })], 'big'),
  ];
}
