/** softmax's card: every class with its logit, less the maximum, its exponential, and its share of their sum. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedSoftmax } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { nameOf } from '../bars.js';
import { h, num, sign } from '../dom.js';

/** @type {OpView} */
export const softmax = {
  card(e) {
    const p = printedSoftmax(e.explanation.terms.map((term) => term.value));
    const k = e.index[0], own = p.classes[k];
    const later = (/** @type {string} */ step) => (e.shown(step) ? '' : ' later');
    return [
      table(e, p),
      h('div', { class: 'lines' }, equation([sign('m ='), num(p.maximum, 'maximum')]),
        equation([sign('Σ ='), num(p.denominator, 'denominator')], later('denominator')),
        equation([sign('p ='), num(own.exponential, 'exponential'), sign('÷'), num(p.denominator, 'denominator'), sign('='),
          num(own.probability, 'result', { class: `num result${later('result')}` })], `big${later('denominator')}`)),
    ];
  },
};

/** @param {Explained} e @param {ReturnType<typeof printedSoftmax>} p */
function table(e, p) {
  const columns = [['logit', 'z', 'logits'], ['shifted', 'z − m', 'shifted'], ['exponential', 'exp(z − m)', 'exponentials'], ['probability', 'p', 'result']];
  const later = (/** @type {string} */ step) => (e.shown(step) ? (e.active === step ? 'on' : '') : 'later');
  const head = h('tr', {}, h('th', {}, t('ui.class')), columns.map(([key, letter, step]) => h('th', { scope: 'col', class: later(step) }, t(`ui.${key}`), h('small', {}, ` ${letter}`))));
  const rows = p.classes.map((row, i) => h('tr', { class: i === e.index[0] ? 'chosen' : '', 'data-class': i },
    h('th', { scope: 'row' }, nameOf(e.scene, e.record, i)),
    columns.map(([key, , step]) => h('td', { class: later(step) }, num(/** @type {any} */ (row)[key], key)))));
  return h('table', { class: 'terms softmax' }, h('thead', {}, head), h('tbody', {}, rows));
}
