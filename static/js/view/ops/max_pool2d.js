/** max_pool2d's card: the window's numbers, the winner marked. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedAlike } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation, matrix } from '../arithmetic.js';
import { num, sign } from '../dom.js';

/** @type {OpView} */
export const max_pool2d = { card: largestCard };

/** Also the card of adaptive max pooling. @param {Explained} e */
export function largestCard(e) {
  const { terms, extra } = e.explanation;
  const { operands, result } = printedAlike(terms.map((term) => term.value), e.result);
  const shown = e.shown('result');
  const cells = terms.map((term, i) => ({ text: operands[i], value: term.value, role: 'value', mark: shown && i === extra.winner }));
  return [
    matrix(cells, columnsOf(terms), e.inputBound, e.scene.colours, t('ui.window')),
    equation([sign('max ='), num(result, 'result', { class: `num result${shown ? '' : ' later'}` })], 'big'),
  ];
}

/** How many cells of the window lie side by side. @param {import('../../core/types.js').Term[]} terms */
export const columnsOf = (terms) => new Set(terms.map((term) => term.source?.index[2])).size;
