/** A weighted sum as a card: its largest products one by one, the others as one addend, all of them as a picture, and the sum. */
/** @import { Explanation, Term } from '../core/types.js' */
/** @import { Explained } from './explained.js' */
import { scaleLinear } from 'd3';
import { printedContributions } from '../core/arithmetic.js';
import { parse } from '../core/numbers.js';
import { placeName } from '../core/walk.js';
import { t } from '../i18n.js';
import { sumLine, track } from './arithmetic.js';
import { h, num, sign } from './dom.js';
import { heatmap } from './heatmap.js';
import { operand } from './way.js';

const LISTED = 12;
const LISTED_LARGE = 8;
const HELD = 15;
const HELD_LARGE = 9; // large: numbers that can be read from the last row; a sum of no more than HELD is told whole

/** @typedef {ReturnType<typeof printedContributions>} Printed */

/** @type {WeakMap<Explanation, {listed: number, printed: Printed}>} printed once for each explanation */
const known = new WeakMap();

/** @param {Explained} e @returns {Printed} */
export function printedOf(e) {
  const listed = listedOf(e);
  const last = known.get(e.explanation);
  const printed =
    last?.listed === listed ? last.printed : inOrder(printedContributions(e.explanation, e.result, listed), e.explanation);
  known.set(e.explanation, { listed, printed });
  return printed;
}

/**
 * A sum that is told whole keeps the order of its terms.
 * @param {Printed} printed
 * @param {Explanation} explanation
 * @returns {Printed}
 */
function inOrder(printed, { terms }) {
  if (printed.others !== null) return printed;
  const place = new Map(terms.map((term, i) => [term, i]));
  return { ...printed, terms: [...printed.terms].sort((a, b) => (place.get(a.term) ?? 0) - (place.get(b.term) ?? 0)) };
}

/** How many products are told one by one. @param {Explained} e */
function listedOf({ explanation: { terms }, scene: { state }, record }) {
  if (record.shape.length === 1) return LISTED;
  const large = state.profile === 'projector';
  return terms.length <= (large ? HELD_LARGE : HELD) ? terms.length : large ? LISTED_LARGE : LISTED;
}

/** The sum under the products. @param {Explained} e @param {Printed} p */
export function closing(e, p) {
  const shown = e.shown('sums');
  const on = e.active === 'sums';
  const left = e.explanation.terms.length - p.terms.length;
  const listed = [
    { text: p.total, role: 'sum', note: t(left ? 'ui.largest_short' : 'walk.all_of', { count: p.terms.length }), shown, on },
  ];
  const others = p.others === null ? [] : [{ text: p.others, role: 'sum', note: t('ui.others', { count: left }), shown, on }];
  const bias =
    p.bias === null
      ? []
      : [{ text: p.bias, role: 'bias', note: t('ui.bias'), shown: e.shown('bias'), on: e.active === 'bias' }];
  return sumLine([...listed, ...others, ...bias], { text: p.result, shown: e.shown('result') });
}

/**
 * The listed products, each operand the way to where it was read.
 * @param {Explained} e
 * @param {Printed} p
 * @param {(term: Term) => any} place   what stands before a product
 * @param {any[] | null} heads   names over the columns: place, value, weight, product
 */
export function productTable(e, p, place, heads = null) {
  const ends = p.terms.reduce((sums, { product }) => [...sums, sums[sums.length - 1] + parse(product)], [0]);
  const whole = p.others === null;
  const x = scaleLinear()
    .domain([Math.min(...ends), Math.max(...ends, Math.min(...ends) + 1e-9)])
    .range([0, 100]);
  const bar = (/** @type {number} */ i) =>
    whole ? h('td', { class: 'bar-cell' }, track(ends[i], ends[i + 1], x, ends[i + 1] < ends[i] ? 'down' : 'up')) : null;
  const rows = p.terms.map(({ term, value, weight, product }, i) =>
    h(
      'tr',
      { 'data-term': '' },
      h('th', { scope: 'row' }, place(term)),
      h('td', {}, operand(e, term.source, value, 'value')),
      h('td', {}, sign('×')),
      h('td', {}, operand(e, term.weight_source, weight, 'weight')),
      h('td', {}, sign('=')),
      h('td', {}, num(product, 'product')),
      bar(i),
    ),
  );
  const [first, value, weight, product] = heads ?? [];
  const head =
    heads &&
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, first),
        h('th', { scope: 'col' }, value),
        h('td'),
        h('th', { scope: 'col' }, weight),
        h('td'),
        h('th', { scope: 'col' }, product),
        p.others === null ? h('td') : null,
      ),
    );
  return h(
    'section',
    {},
    h(
      'h3',
      {},
      p.others === null ? t('ui.all_products', { count: p.terms.length }) : t('ui.largest', { count: p.terms.length }),
    ),
    h('table', { class: `terms${whole ? ' waterfall' : ''}` }, head, h('tbody', {}, rows)),
  );
}

/** Every product as one cell, in the order of the operands. @param {Explained} e */
export function allProducts({ explanation: { terms }, scene }) {
  const width = Math.ceil(Math.sqrt(terms.length * 1.35));
  const height = Math.ceil(terms.length / width);
  const data = new Float32Array(width * height).fill(NaN);
  data.set(terms.map((term) => term.product));
  const bound = Math.max(...terms.map((term) => Math.abs(term.product)), 1e-9);
  const label = t('ui.all_products', { count: terms.length });
  return h(
    'section',
    { class: 'channels' },
    h('h3', {}, label),
    heatmap({ plane: { height, width, data }, bound, colours: scene.colours, label, size: 'block' }),
  );
}

/**
 * The card of a sum of products: of a row and a column, or of a row and the weights of one output.
 * @param {Explained} e
 */
export function sumCard(e) {
  const p = printedOf(e);
  const [first] = e.explanation.terms;
  const along = placesAlong(first?.source?.index, e.explanation.terms[1]?.source?.index);
  const at = (/** @type {Term} */ term) => (along < 0 ? term.label : named(e, term, along));
  const k = (/** @type {import('../core/types.js').Source | null | undefined} */ source, /** @type {number} */ axis) =>
    source
      ? placeName({ node: source.node, index: /** @type {any} */ (source.index.map((i, d) => (d === axis ? 'k' : i))) })
      : t('walk.weight');
  const other = first?.weight_source
    ? placesAlong(first.weight_source.index, e.explanation.terms[1]?.weight_source?.index)
    : -1;
  const heads = along < 0 ? null : ['k', k(first.source, along), k(first.weight_source, other), t('ui.product')];
  return [
    h(
      'div',
      { class: `contributions${p.others === null ? ' whole' : ''}` },
      productTable(e, p, at, heads),
      p.others === null ? null : allProducts(e),
    ),
    closing(e, p),
  ];
}

/**
 * The axis along which two neighbouring terms differ; −1 where there is none.
 * @param {number[]=} one
 * @param {number[]=} other
 */
const placesAlong = (one, other) =>
  one && other && one.length === other.length ? one.findIndex((i, d) => i !== other[d]) : -1;

/**
 * Which place along the axis a term has, and what stands there.
 * @param {Explained} e
 * @param {Term} term
 * @param {number} axis
 */
function named({ scene }, { source, weight_source }, axis) {
  const at = source?.index[axis] ?? 0;
  const record = scene.data.records.get(source?.node ?? '');
  const told = record && scene.names?.short(record, axis, at);
  const other = weight_source && scene.data.records.get(weight_source.node);
  const step = other && scene.names?.short(other, 0, weight_source.index[0]);
  return told || step ? [String(at), ' ', h('span', { class: 'quiet' }, told || step)] : String(at);
}
