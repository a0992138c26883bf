/** conv2d's card: one channel on the stage as window times kernel, every channel in the ledger, their sum with the bias. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
/** @import { Explanation } from '../../core/types.js' */
/** @import { PrintedGroup, PrintedSum, PrintedTerm } from '../../core/arithmetic.js' */
import { printedSum, running } from '../../core/arithmetic.js';
import { range } from '../../core/tensor.js';
import { t } from '../../i18n.js';
import { cellLine, gathered, ledger, matrix, part, sumLine } from '../arithmetic.js';
import { boundOf } from '../colors.js';
import { h, num, sign } from '../dom.js';
import { channelNumber } from '../explained.js';
import { chooser } from '../chooser.js';

/** @type {WeakMap<Explanation, PrintedSum>} printed once for each explanation */
const known = new WeakMap();

/** @param {Explained} e @returns {PrintedSum} */
function printedOf(e) {
  const printed = known.get(e.explanation) ?? printedSum(e.explanation, e.result);
  known.set(e.explanation, printed);
  return printed;
}

/** @param {Explained} e */
const staged = (e) => /** @type {PrintedGroup} */ (printedOf(e).groups.find((group) => channelNumber(group) === e.channel));

/** @type {OpView} */
export const conv2d = {
  card: (e) => [stage(e, printedOf(e), staged(e)), channels(e, printedOf(e)), fold(e, printedOf(e))],
  pointing: (e) => ({ resting: restingCell(e), show: (cell) => product(e, staged(e).terms, cell) }),
};

/** The cell that the step is at. @param {Explained} e */
function restingCell(e) {
  const [kind, , row, column] = (e.active ?? '').split(':');
  return kind === 'cell' ? String(Number(row) * columnsOf(e) + Number(column)) : null;
}

/** @param {Explained} e */
const columnsOf = (e) => e.operands.params.weight.shape[3];

/** @typedef {'value' | 'weight' | 'product'} Factor */

/**
 * The longest text of a kind on the whole card, so that a change of channel moves nothing.
 * @param {PrintedSum} printed
 * @param {Factor} role
 */
const longest = (printed, role) => Math.max(...printed.groups.flatMap(({ terms }) => terms.map((term) => term[role].length)));

/** window x kernel = products, and their sum. @param {Explained} e @param {PrintedSum} printed @param {PrintedGroup} group */
function stage(e, printed, group) {
  const {
    scene: { colours },
    operands: {
      params: { weight },
    },
    inputBound,
  } = e;
  const columns = columnsOf(e);
  const id = `channel:${e.channel}`;
  const bounds = {
    value: inputBound,
    weight: boundOf(...range(weight.data)),
    product: Math.max(...e.explanation.terms.map((term) => Math.abs(term.product)), 1e-9),
  };
  const draw = (/** @type {Factor} */ role, /** @type {string} */ label) =>
    matrix(
      group.terms.map((printedTerm, i) => ({
        text: printedTerm[role],
        value: Number(printedTerm.term[role]),
        role,
        padding: role === 'value' && !printedTerm.term.source,
        later: role === 'product' && !reached(e, id, i, columns),
      })),
      columns,
      bounds[role],
      colours,
      label,
      longest(printed, role),
    );
  const characters = Math.max(longest(printed, 'value'), longest(printed, 'weight'), longest(printed, 'product'));
  return h(
    'section',
    {
      class: `stage group${e.active === id ? ' sweep' : ''}${/^(cell|row|channel)/.test(e.active ?? '') ? ' here' : ''}`,
      'data-group': e.channel,
      'data-wide': String(columns > 3),
      'aria-label': t('ui.incoming', { channel: e.channel }),
    },
    h(
      'h3',
      {},
      t('ui.incoming', { channel: e.channel }),
      e.active === null && e.scene.state.channel === null ? h('span', { class: 'quiet most' }, t('ui.counts_most')) : null,
      cellLine(),
    ),
    h(
      'div',
      {
        class: 'row cells',
        role: 'group',
        tabindex: 0,
        'aria-label': t('ui.products'),
        'data-columns': columns,
        'data-count': group.terms.length,
        style: { '--columns': columns, '--widest': characters, '--tall': tall(printed, columns) },
      },
      part('', t('ui.window'), draw('value', t('ui.window'))),
      part('×', t('ui.kernel'), draw('weight', t('ui.kernel'))),
      part('=', [h('span', {}, t('ui.products')), summed(e, id, group.sum)], draw('product', t('ui.products'))),
    ),
  );
}

/** How high a cell may be, so that the ledger's lines keep theirs. @param {PrintedSum} printed @param {number} columns */
function tall(printed, columns) {
  const lines = Math.min(printed.groups.length, 9) + 2;
  const most = printed.groups.length < 5 && columns < 4 ? '9cqh' : '5.4cqh';
  return `min(${most}, (100cqh - (15.5 + 1.2 * ${lines}) * var(--text)) / 3)`;
}

/** What the products add up to. @param {Explained} e @param {string} id @param {string} text */
const summed = (e, id, text) =>
  h('span', { class: `summed${e.shown(id) ? '' : ' later'}` }, sign('Σ ='), num(text, 'group-sum'));

/**
 * Whether a product has been reached: by its own step, its row's, or its channel's.
 * @param {Explained} e
 * @param {string} channel
 * @param {number} i
 * @param {number} columns
 */
function reached(e, channel, i, columns) {
  const row = Math.floor(i / columns);
  const [, number] = channel.split(':');
  const own = [`cell:${number}:${row}:${i % columns}`, `row:${number}:${row}`].find((id) =>
    e.scene.steps.some((step) => step.id === id),
  );
  return e.shown(own ?? channel);
}

/**
 * One product in numbers: where its factors stand, and what it comes to; without a cell, the largest.
 * @param {Explained} e
 * @param {PrintedTerm[]} terms
 * @param {string | null} cell
 */
function product(e, terms, cell) {
  const largest = terms.reduce(
    (best, { term }, i) => (Math.abs(term.product) > Math.abs(terms[best].term.product) ? i : best),
    0,
  );
  const i = cell === null ? largest : Number(cell);
  const columns = columnsOf(e);
  const { term, value, weight, product: text } = terms[i];
  const from = term.source ? t('ui.pixel_place', { y: term.source.index[1], x: term.source.index[2] }) : t('ui.padding_cell');
  return [
    h('span', { class: 'quiet' }, cell === null ? t('ui.largest_product') : from),
    h('span', { class: 'equation' }, num(value, 'value'), sign('×'), num(weight, 'weight'), sign('='), num(text, 'product')),
    cell === null
      ? null
      : h('span', { class: 'quiet' }, t('ui.kernel_place', { row: Math.floor(i / columns), column: i % columns })),
  ].filter((part) => part !== null);
}

/** Every channel's sum, one after the other, and the bias. @param {Explained} e @param {PrintedSum} printed */
function channels(e, printed) {
  const entries = printed.groups.map((group) => {
    const channel = channelNumber(group);
    const id = `channel:${channel}`;
    return {
      id,
      name: String(channel),
      text: group.sum,
      value: group.value,
      role: 'channel-sum',
      shown: e.shown(id),
      on: channel === e.channel,
      choose: () => e.scene.act.look(channel),
      label: t('ui.incoming', { channel }),
    };
  });
  const bias =
    printed.bias === null
      ? []
      : [
          {
            id: 'bias',
            name: t('ui.bias'),
            text: printed.bias,
            value: e.explanation.bias ?? 0,
            role: 'bias-entry',
            shown: e.shown('bias'),
            on: e.active === 'bias',
          },
        ];
  const lines = [...gathered(entries, (count) => t('ui.others', { count })), ...bias];
  return h(
    'section',
    { class: `channels${lines.length > 8 ? ' many' : ''}` },
    h('h3', {}, t('ui.channel_sums')),
    lines.length < entries.length ? chooserOf(e, entries) : null,
    ledger(
      lines,
      { name: t('ui.result'), text: printed.result, value: e.result, shown: e.shown('result') },
      t('ui.channel_sums'),
    ),
  );
}

/**
 * More channels than lines: each sum as a cell to choose from.
 * @param {Explained} e
 * @param {import('../arithmetic.js').Entry[]} entries
 */
const chooserOf = (e, entries) =>
  chooser({
    values: entries.map(({ value }) => value),
    at: entries.findIndex(({ on }) => on),
    colours: e.scene.colours,
    label: t('ui.channel_sums'),
    nameOf: (i) => `${entries[i].label}: ${entries[i].text}`,
    choose: (i) => entries[i].choose?.(),
  });

/** The sum so far, the bias, the result. @param {Explained} e @param {PrintedSum} printed */
function fold(e, printed) {
  const done = printed.groups.filter((group) => e.shown(`channel:${channelNumber(group)}`));
  const all = done.length === printed.groups.length;
  const note = all ? t('ui.sum_of', { count: done.length }) : t('ui.running_sum', { count: done.length });
  const total = {
    text: all ? printed.total : running(done.map(({ sum }) => sum)),
    role: 'sum',
    note,
    shown: done.length > 0,
    on: e.active?.startsWith('channel'),
  };
  const bias =
    printed.bias === null
      ? []
      : [{ text: printed.bias, role: 'bias', note: t('ui.bias'), shown: e.shown('bias'), on: e.active === 'bias' }];
  return sumLine([total, ...bias], { text: printed.result, shown: e.shown('result') });
}
