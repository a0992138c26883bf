/** avg_pool2d's card: the window's numbers, their sum over the divisor. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedMean } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation, matrix } from '../arithmetic.js';
import { num, sign } from '../dom.js';
import { columnsOf } from './max_pool2d.js';

/** @type {OpView} */
export const avg_pool2d = { card: meanCard };

/** Also the card of adaptive average pooling. @param {Explained} e */
export function meanCard(e) {
  const { terms, extra } = e.explanation;
  const { operands, result } = printedMean(terms.map((term) => term.value), extra.divisor, e.result);
  const cells = terms.map((term, i) => ({ text: operands[i], value: term.value, role: 'value' }));
  return [
    matrix(cells, columnsOf(terms), e.inputBound, e.scene.colours, t('ui.window')),
    equation([sign('Σ ÷'), num(String(extra.divisor), 'divisor'), sign('='), num(result, 'result', { class: `num result${e.shown('result') ? '' : ' later'}` })], 'big'),
  ];
}
