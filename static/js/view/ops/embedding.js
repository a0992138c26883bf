/** embedding's card: the token, its number in the vocabulary, the row of the table with that number, and one entry of the row. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedAlike } from '../../core/arithmetic.js';
import { placeName } from '../../core/walk.js';
import { t } from '../../i18n.js';
import { h, num, sign } from '../dom.js';
import { opening, strip } from '../strips.js';
import { operand, wayTo } from '../way.js';

/** @type {OpView} */
export const embedding = {
  card(e) {
    const {
      explanation: {
        terms: [term],
        extra: { row },
      },
      record: {
        hyperparameters: { num_embeddings: rows, embedding_dim: width },
      },
      index,
    } = e;
    const unit = index[index.length - 1];
    const from = { node: e.record.inputs[0], index: index.slice(0, -1) };
    const {
      operands: [value],
      result,
    } = printedAlike([term.weight ?? 0], e.result); // one-hot: 1 × the entry;
    const later = (/** @type {string} */ step) => (e.shown(step) ? '' : ' later');
    return [
      h(
        'div',
        { class: 'moved' },
        h(
          'div',
          { class: 'moved-end' },
          wayTo(e, from),
          h('b', { class: 'token' }, tokenOf(e, from)),
          sign('='),
          operand(e, from, String(row), 'id'),
        ),
        h(
          'div',
          { class: `moved-rule${later('table_row')}` },
          sign('→'),
          h('span', {}, t('walk.row_of', { row, rows, width })),
        ),
      ),
      table(e, row, rows, later('table_row')),
      h('div', { class: `opening-frame${later('table_row')}` }, opening((row + 0.5) / rows, 0)),
      h(
        'div',
        { class: `row-strip${later('table_row')}` },
        strip(e, rowOf(e), 0, [unit, 1], t('walk.the_row', { row, width }), (i) => [...index.slice(0, -1), i]),
      ),
      h(
        'div',
        { class: `moved${later('result')}` },
        h('div', { class: 'moved-end' }, h('span', { class: 'place-name' }, `E[${row}, ${unit}]`), num(value, 'value')),
        h('div', { class: 'moved-rule' }, sign('→')),
        h(
          'div',
          { class: 'moved-end' },
          h('span', { class: 'place-name' }, placeName({ node: e.record.name, index })),
          num(result, 'result', { class: 'num result' }),
        ),
      ),
    ];
  },
};

/** @param {Explained} e @param {{index: number[]}} from */
const tokenOf = ({ scene, source }, { index }) => scene.names?.token(source, index[0]) ?? '';

/** The row, which is what the step's output is. @param {Explained} e */
function rowOf({ output, index }) {
  const width = output.shape[output.shape.length - 1];
  return output.data.subarray(index[0] * width, (index[0] + 1) * width);
}

/**
 * The table from its first row to its last, the token's row marked.
 * @param {Explained} e
 * @param {number} row
 * @param {number} rows
 * @param {string} later
 */
const table = (e, row, rows, later) =>
  h(
    'div',
    {
      class: `table-bar${later}`,
      role: 'img',
      'aria-label': t('walk.row_of', { row, rows, width: e.output.shape[e.output.shape.length - 1] }),
    },
    h('span', { class: 'num' }, '0'),
    h('span', { class: 'table-line' }, h('span', { class: 'table-mark', style: { left: `${(100 * (row + 0.5)) / rows}%` } })),
    h('span', { class: 'num' }, String(rows - 1)),
  );
