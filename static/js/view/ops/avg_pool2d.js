/** avg_pool2d's card: the window's numbers, their sum over the divisor. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedMean, running } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation, matrix } from '../arithmetic.js';
import { h, num, sign } from '../dom.js';
import { columnsOf, sized } from './max_pool2d.js';

/** @type {OpView} */
export const avg_pool2d = { card: meanCard };

/** Also the card of adaptive average pooling. @param {Explained} e */
export function meanCard(e) {
  const { terms, extra } = e.explanation;
  const { operands, result } = printedMean(
    terms.map((term) => term.value),
    extra.divisor,
    e.result,
  );
  const cells = terms.map((term, i) => ({ text: operands[i], value: term.value, role: 'value' }));
  const shown = e.shown('result') ? '' : ' later';
  return [
    h(
      'div',
      { class: 'window' },
      h('h3', {}, t('ui.window')),
      sized(matrix(cells, columnsOf(terms), e.inputBound, e.scene.colours, t('ui.window')), terms.length),
    ),
    equation(
      [
        h('span', { class: 'quiet' }, t('ui.sum_of_values', { count: terms.length })),
        num(running(operands), 'total'),
        sign('÷'),
        num(String(extra.divisor), 'divisor'),
        sign('='),
        num(result, 'result', { class: `num result${shown}` }),
      ],
      'big',
    ),
  ];
}
