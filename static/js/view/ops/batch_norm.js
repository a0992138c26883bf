/** batch_norm's card: the formula of one number with its channel's mean, variance, scale and shift. */
/** @import { OpView } from './index.js' */
import { printedNormalisation } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { h, num, sign } from '../dom.js';

/** @type {OpView} */
export const batch_norm = {
  card(e) {
    const { mean, variance, gamma, beta, eps } = e.explanation.extra;
    const p = printedNormalisation({ x: e.explanation.terms[0].value, mean, variance, gamma, beta, eps }, e.result);
    const given = [['x', p.x], ['μ', p.mean, t('ui.mean')], ['σ²', p.variance, t('ui.variance')], ['ε', p.eps], ['γ', p.gamma, t('ui.scale')], ['β', p.beta, t('ui.shift')]];
    return [
      h('dl', { class: 'given' }, given.map(([letter, text, name]) => h('div', {}, h('dt', {}, letter, name ? h('small', {}, ` ${name}`) : null), h('dd', {}, num(String(text), String(letter)))))),
      equation([num(p.gamma, 'gamma'), sign('× ('), num(p.x, 'value'), sign('−'), num(p.mean, 'mean'), sign(') ÷ √('), num(p.variance, 'variance'), sign('+'), num(p.eps, 'eps'),
        sign(') +'), num(p.beta, 'beta'), sign('='), num(p.result, 'result', { class: `num result${e.shown('result') ? '' : ' later'}` })], 'big'),
    ];
  },
};
