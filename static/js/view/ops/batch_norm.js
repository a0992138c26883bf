/** batch_norm's card: the formula of one number with its channel's mean, variance, scale and shift, and the line that it is. */
/** @import { OpView } from './index.js' */
import { printedNormalisation } from '../../core/arithmetic.js';
import { range } from '../../core/tensor.js';
import { t } from '../../i18n.js';
import { equation } from '../arithmetic.js';
import { h, num, sign } from '../dom.js';
import { plane } from '../explained.js';
import { plot } from '../plot.js';

/** A number after an operator; a negative one in brackets. @param {string} text @param {string} role */
const braced = (text, role) => (text.startsWith('−') ? [sign('('), num(text, role), sign(')')] : [num(text, role)]);

/** @type {OpView} */
export const batch_norm = {
  card(e) {
    const { mean, variance, gamma, beta, eps } = e.explanation.extra;
    const x = e.explanation.terms[0].value;
    const shown = e.shown('result');
    const p = printedNormalisation({ x, mean, variance, gamma, beta, eps }, e.result);
    const { data } = plane(e.input, e.index[0]);
    const [low, high] = range(data);
    const scaled = (/** @type {number} */ value) => (gamma * (value - mean)) / Math.sqrt(variance + eps) + beta;
    const ends = /** @type {[number, number][]} */ (
      [low, mean, high].sort((a, b) => a - b).map((value) => [value, scaled(value)])
    );
    const given = [
      ['x', p.x, t('ui.input')],
      ['μ', p.mean, t('ui.mean')],
      ['σ²', p.variance, t('ui.variance')],
      ['ε', p.eps, ''],
      ['γ', p.gamma, t('ui.scale')],
      ['β', p.beta, t('ui.shift')],
    ];
    return [
      plot({
        curve: ends,
        point: shown ? [x, e.result] : null,
        values: data,
        names: ['x', 'y'],
        label: t('ui.curve', { x: p.x, y: p.result }),
      }),
      h(
        'dl',
        { class: 'given' },
        given.map(([letter, text, name]) =>
          h(
            'div',
            {},
            h('dt', {}, letter, name ? h('span', {}, ` ${name}`) : null),
            h('dd', {}, num(String(text), String(letter))),
          ),
        ),
      ),
      equation(
        [
          sign('y ='),
          num(p.gamma, 'gamma'),
          sign('× ('),
          num(p.x, 'value'),
          sign('−'),
          ...braced(p.mean, 'mean'),
          sign(') ÷ √('),
          num(p.variance, 'variance'),
          sign('+'),
          num(p.eps, 'eps'),
          sign(') +'),
          ...braced(p.beta, 'beta'),
          sign('='),
          num(p.result, 'result', { class: `num result${shown ? '' : ' later'}` }),
        ],
        'long',
      ),
    ];
  },
};
