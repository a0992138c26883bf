/** linear's card: the largest contributions one by one, the others together, the bias, the result; and where they come from. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { printedContributions } from '../../core/arithmetic.js';
import { significant } from '../../core/numbers.js';
import { unravel } from '../../core/tensor.js';
import { t } from '../../i18n.js';
import { sumLine } from '../arithmetic.js';
import { h, num, sign } from '../dom.js';
import { heatmap } from '../heatmap.js';

const LISTED = 8;

/** @type {OpView} */
export const linear = {
  card(e) {
    const p = printedContributions(e.explanation, e.result, LISTED);
    const addends = p.terms.map((term) => ({ text: term.product, role: 'sum', shown: e.shown('sums'), on: e.active === 'sums' }));
    const others = p.others === null ? [] : [{ text: p.others, role: 'sum', note: t('ui.others', { count: e.explanation.terms.length - LISTED }), shown: e.shown('sums') }];
    const bias = p.bias === null ? [] : [{ text: p.bias, role: 'bias', note: t('ui.bias'), shown: e.shown('bias'), on: e.active === 'bias' }];
    return [
      h('div', { class: 'contributions' }, table(e, p), byMap(e)),
      sumLine([...addends, ...others, ...bias], { text: p.result, shown: e.shown('result') }),
    ];
  },
};

/** @param {Explained} e @param {ReturnType<typeof printedContributions>} p */
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

/** Each map's products as a picture with their sum. @param {Explained} e */
function byMap(e) {
  const { operands: { flattened }, explanation, scene } = e;
  if (!flattened || flattened.length !== 3) return null;
  const [, height, width] = flattened;
  const bound = Math.max(...explanation.terms.map((term) => Math.abs(term.product)), 1e-9);
  const maps = explanation.groups.map((group) => {
    const data = Float32Array.from(explanation.terms.slice(group.start, group.stop), (term) => term.product);
    return h('div', { class: 'map-sum' }, heatmap({ plane: { height, width, data }, bound, colours: scene.colours, label: group.label }), num(significant(group.sum), 'map-sum'));
  });
  return h('section', {}, h('h3', {}, t('ui.by_map')), h('div', { class: 'map-sums' }, maps));
}
