/** max_pool2d's card: the window's numbers, the winner marked, and the maximum of them written out. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedAlike } from '../../core/arithmetic.js';
import { t } from '../../i18n.js';
import { equation, matrix } from '../arithmetic.js';
import { h, num, sign } from '../dom.js';

const WRITTEN = 9; // a longer list is left to the matrix

/** @type {OpView} */
export const max_pool2d = {
  card: largestCard,
  pointing: (e) => ({ resting: e.shown('result') ? String(e.explanation.extra.winner) : null }),
};

/** Also the card of adaptive max pooling. @param {Explained} e */
export function largestCard(e) {
  const { terms, extra } = e.explanation;
  const { operands, result } = printedAlike(
    terms.map((term) => term.value),
    e.result,
  );
  const shown = e.shown('result');
  const cells = terms.map((term, i) => ({
    text: operands[i],
    value: term.value,
    role: 'value',
    mark: shown && i === extra.winner,
  }));
  const list =
    operands.length > WRITTEN
      ? [sign('…')]
      : operands.flatMap((text, i) => [i ? sign(',') : null, num(text, 'operand', { 'data-cell': i })]);
  return [
    h(
      'div',
      { class: 'window' },
      h('h3', {}, t('ui.window')),
      sized(matrix(cells, columnsOf(terms), e.inputBound, e.scene.colours, t('ui.window')), terms.length),
    ),
    equation([sign('max('), list, sign(') ='), num(result, 'result', { class: `num result${shown ? '' : ' later'}` })], 'big'),
  ];
}

/** A matrix that fills the card. @param {HTMLElement} matrix @param {number} count */
export function sized(matrix, count) {
  matrix.classList.add('sized', 'cells');
  const columns = Number(matrix.style.getPropertyValue('--columns'));
  matrix.style.setProperty('--lines', String(Math.ceil(count / columns)));
  Object.assign(matrix.dataset, { columns, count });
  matrix.tabIndex = 0;
  return matrix;
}

/** How many cells of the window lie side by side. @param {import('../../core/types.js').Term[]} terms */
export const columnsOf = (terms) => new Set(terms.map((term) => term.source?.index[2])).size;
