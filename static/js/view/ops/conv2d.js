/** conv2d's card: window times kernel, channel by channel, the sums, the bias, the result. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedSum } from '../../core/arithmetic.js';
import { range } from '../../core/tensor.js';
import { t } from '../../i18n.js';
import { matrix, sumLine } from '../arithmetic.js';
import { boundOf } from '../colors.js';
import { h, num, sign } from '../dom.js';

/** @type {OpView} */
export const conv2d = {
  card(e) {
    const printed = printedSum(e.explanation, e.result);
    const groups = printed.groups.map((group) => ({ ...group, channel: group.label.split(' ')[1] }));
    const addends = groups.map((group) => ({
      text: group.sum, role: 'sum', note: group.channel, shown: e.shown(`channel:${group.channel}`), on: e.active === `channel:${group.channel}`,
    }));
    const bias = printed.bias === null ? [] : [{ text: printed.bias, role: 'bias', note: t('ui.bias'), shown: e.shown('bias'), on: e.active === 'bias' }];
    return [
      h('div', { class: 'groups', 'data-wide': e.operands.params.weight.shape[3] > 3, role: 'group', tabindex: 0, 'aria-label': t('ui.products') }, groups.map((group) => channel(e, group, widths(groups)))),
      sumLine([...addends, ...bias], { text: printed.result, shown: e.shown('result') }),
    ];
  },
};

/** @typedef {import('../../core/arithmetic.js').PrintedGroup & {channel: string}} Channel */
/** @typedef {Record<'value' | 'weight' | 'product', number>} Widths */

/** The longest text of each kind. @param {Channel[]} groups @returns {Widths} */
function widths(groups) {
  const longest = (/** @type {keyof Widths} */ role) => Math.max(...groups.flatMap(({ terms }) => terms.map((term) => term[role].length)));
  return { value: longest('value'), weight: longest('weight'), product: longest('product') };
}

/** @param {Explained} e @param {Channel} group @param {Widths} wide */
function channel(e, group, wide) {
  const { scene: { colours }, operands: { params: { weight } }, inputBound } = e;
  const id = `channel:${group.channel}`, columns = weight.shape[3];
  const weightBound = boundOf(...range(weight.data)), productBound = Math.max(...group.terms.map(({ term }) => Math.abs(term.product)), 1e-9);
  const cells = (/** @type {'value' | 'weight' | 'product'} */ role) => group.terms.map((printed) => ({
    text: String(printed[role]), value: Number(printed.term[role]), role, padding: role === 'value' && !printed.term.source,
  }));
  return h('section', { class: `group${e.shown(id) ? '' : ' later'}${e.active === id ? ' on' : ''}`, 'data-group': group.channel, 'aria-label': t('ui.incoming', { channel: group.channel }) },
    h('h3', {}, t('ui.incoming', { channel: group.channel })),
    h('div', { class: 'row' },
      matrix(cells('value'), columns, inputBound, colours, t('ui.window'), wide.value), sign('×'),
      matrix(cells('weight'), columns, weightBound, colours, t('ui.kernel'), wide.weight), sign('='),
      matrix(cells('product'), columns, productBound, colours, t('ui.products'), wide.product),
      sign('Σ'), num(group.sum, 'group-sum')));
}
