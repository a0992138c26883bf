/** linear's card: the largest contributions one by one, all of them by feature map, and the sum. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedAddends } from '../../core/arithmetic.js';
import { unravel } from '../../core/tensor.js';
import { t } from '../../i18n.js';
import { gathered, ledger } from '../arithmetic.js';
import { isLong, vectorBlock } from '../bars.js';
import { h } from '../dom.js';
import { channelNumber } from '../explained.js';
import { figure } from '../figure.js';
import { heatmap } from '../heatmap.js';
import { allProducts, closing, printedOf, productTable, sumCard } from '../products.js';

/** @type {OpView} */
export const linear = {
  maps: (e) => (isLong(e.source) && e.source.shape.length === 1 ? [read(e)] : []),
  card(e) {
    if (e.record.shape.length > 1) return sumCard(e);
    const p = printedOf(e);
    return [
      h(
        'div',
        { class: 'contributions' },
        productTable(e, p, (term) => place(e, term.source?.index[0] ?? 0)),
        e.explanation.groups.length > 1 ? byMap(e) : allProducts(e),
      ),
      closing(e, p),
    ];
  },
};

/** What it reads, with the entries that contribute most. @param {Explained} e */
const read = (e) =>
  figure(
    vectorBlock(
      e.scene,
      e.input,
      t('ui.input_map'),
      1,
      printedOf(e).terms.map(({ term }) => term.source?.index[0] ?? 0),
    ),
    e.source.name,
    String(e.source.shape[0]),
    'in',
  );

/** Where an entry stood before it was flattened. @param {Explained} e @param {number} i */
function place({ operands: { flattened } }, i) {
  if (!flattened) return `x[${i}]`;
  return `x[${i}] ← ${unravel(flattened, i).join(',')}`;
}

/** Each map's products as a picture, its sum, and how the sums lead to the result. @param {Explained} e */
function byMap(e) {
  const {
    operands: { flattened },
    explanation: { groups, terms, bias },
    scene,
  } = e;
  const [, height, width] = flattened ?? [0, 1, 1];
  const most = Math.max(...terms.map((term) => Math.abs(term.product)), 1e-9);
  const printed = printedAddends([...groups.map((group) => group.sum), bias ?? 0], e.result);
  const picture = (/** @type {import('../../core/types.js').Group} */ group) =>
    heatmap({
      plane: { height, width, data: Float32Array.from(terms.slice(group.start, group.stop), (term) => term.product) },
      bound: most,
      colours: scene.colours,
      label: t('ui.products'),
      size: 'small',
    });
  const entries = groups.map((group, i) => ({
    id: group.label,
    name: String(channelNumber(group)),
    text: printed.operands[i],
    value: group.sum,
    role: 'map-sum',
    shown: e.shown('sums'),
    on: false,
    picture: height * width > 1 ? picture(group) : undefined,
  }));
  const last =
    bias === null
      ? []
      : [
          {
            id: 'bias',
            name: t('ui.bias'),
            text: printed.operands[groups.length],
            value: bias,
            role: 'bias-entry',
            shown: e.shown('bias'),
            on: e.active === 'bias',
          },
        ];
  return h(
    'section',
    { class: 'channels' },
    h('h3', {}, t('ui.by_map')),
    ledger(
      [...gathered(entries, (count) => t('ui.others', { count })), ...last],
      { name: t('ui.result'), text: printed.result, value: e.result, shown: e.shown('result') },
      t('ui.by_map'),
    ),
  );
}
