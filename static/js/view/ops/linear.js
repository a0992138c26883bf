/** linear's card: the largest contributions one by one, all of them by feature map, and the sum. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
/** @import { Explanation } from '../../core/types.js' */
import { printedAddends, printedContributions } from '../../core/arithmetic.js';
import { unravel } from '../../core/tensor.js';
import { t } from '../../i18n.js';
import { gathered, ledger, sumLine } from '../arithmetic.js';
import { isLong, vectorBlock } from '../bars.js';
import { h, num, sign } from '../dom.js';
import { channelNumber } from '../explained.js';
import { figure } from '../figure.js';
import { heatmap } from '../heatmap.js';

const LISTED = 12;

/** @typedef {ReturnType<typeof printedContributions>} Printed */

/** @type {WeakMap<Explanation, Printed>} printed once for each explanation */
const known = new WeakMap();

/** @param {Explained} e @returns {Printed} */
function printedOf(e) {
  const printed = known.get(e.explanation) ?? printedContributions(e.explanation, e.result, LISTED);
  known.set(e.explanation, printed);
  return printed;
}

/** @type {OpView} */
export const linear = {
  maps: (e) => (isLong(e.source) ? [read(e)] : []),
  card(e) {
    const p = printedOf(e);
    const shown = e.shown('sums'), on = e.active === 'sums';
    const listed = [{ text: p.total, role: 'sum', note: t('ui.largest_short', { count: p.terms.length }), shown, on }];
    const others = p.others === null ? [] : [{ text: p.others, role: 'sum', note: t('ui.others', { count: e.explanation.terms.length - LISTED }), shown, on }];
    const bias = p.bias === null ? [] : [{ text: p.bias, role: 'bias', note: t('ui.bias'), shown: e.shown('bias'), on: e.active === 'bias' }];
    return [
      h('div', { class: 'contributions' }, table(e, p), e.explanation.groups.length > 1 ? byMap(e) : allProducts(e)),
      sumLine([...listed, ...others, ...bias], { text: p.result, shown: e.shown('result') }),
    ];
  },
};

/** What it reads, with the entries that contribute most. @param {Explained} e */
const read = (e) => figure(vectorBlock(e.scene, e.input, t('ui.input_map'), 1, printedOf(e).terms.map(({ term }) => term.source?.index[0] ?? 0)), e.source.name, String(e.source.shape[0]), 'in');

/** @param {Explained} e @param {Printed} p */
function table(e, p) {
  const rows = p.terms.map((term) => h('tr', { 'data-term': '' },
    h('th', { scope: 'row' }, place(e, term.term.source?.index[0] ?? 0)),
    h('td', {}, num(term.value, 'value')), h('td', {}, sign('×')), h('td', {}, num(String(term.weight), 'weight')), h('td', {}, sign('=')), h('td', {}, num(term.product, 'product'))));
  return h('section', {}, h('h3', {}, t('ui.largest', { count: p.terms.length })), h('table', { class: 'terms' }, h('tbody', {}, rows)));
}

/** Where an entry stood before it was flattened. @param {Explained} e @param {number} i */
function place({ operands: { flattened } }, i) {
  if (!flattened) return `x[${i}]`;
  return `x[${i}] ← ${unravel(flattened, i).join(',')}`;
}

/** Each map's products as a picture, its sum, and how the sums lead to the result. @param {Explained} e */
function byMap(e) {
  const { operands: { flattened }, explanation: { groups, terms, bias }, scene } = e;
  const [, height, width] = flattened ?? [0, 1, 1];
  const most = Math.max(...terms.map((term) => Math.abs(term.product)), 1e-9);
  const printed = printedAddends([...groups.map((group) => group.sum), bias ?? 0], e.result);
  const picture = (/** @type {import('../../core/types.js').Group} */ group) => heatmap({
    plane: { height, width, data: Float32Array.from(terms.slice(group.start, group.stop), (term) => term.product) }, bound: most, colours: scene.colours, label: t('ui.products'), size: 'small' });
  const entries = groups.map((group, i) => ({
    id: group.label, name: String(channelNumber(group)), text: printed.operands[i], value: group.sum, role: 'map-sum', shown: e.shown('sums'), on: false, picture: height * width > 1 ? picture(group) : undefined }));
  const last = bias === null ? [] : [{ id: 'bias', name: t('ui.bias'), text: printed.operands[groups.length], value: bias, role: 'bias-entry', shown: e.shown('bias'), on: e.active === 'bias' }];
  return h('section', { class: 'channels' }, h('h3', {}, t('ui.by_map')),
    ledger([...gathered(entries, (count) => t('ui.others', { count })), ...last], { name: t('ui.result'), text: printed.result, value: e.result, shown: e.shown('result') }, t('ui.by_map')));
}

/** Every product as one cell, in the order of the inputs. @param {Explained} e */
function allProducts({ explanation: { terms }, scene }) {
  const width = Math.ceil(Math.sqrt(terms.length * 1.35)), height = Math.ceil(terms.length / width);
  const data = new Float32Array(width * height).fill(NaN);
  data.set(terms.map((term) => term.product));
  const bound = Math.max(...terms.map((term) => Math.abs(term.product)), 1e-9), label = t('ui.all_products', { count: terms.length });
  return h('section', { class: 'channels' }, h('h3', {}, label), heatmap({ plane: { height, width, data }, bound, colours: scene.colours, label, size: 'block' }));
}
