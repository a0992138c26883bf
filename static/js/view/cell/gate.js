/** The number view of a cell: one unit of one gate, from its products to the squashing, and the update that follows from it. */
/** @import { Context } from './context.js' */
/** @import { PrintedSide } from '../../core/recurrent/print.js' */
/** @import { Gate } from '../../core/recurrent/unit.js' */
/** @import { Term } from '../../core/types.js' */
import { scaleLinear } from 'd3';
import { parse } from '../../core/numbers.js';
import { CELLS, SQUASH } from '../../core/recurrent/cells.js';
import { rowOf } from '../../core/recurrent/conventions.js';
import { largest, printedOthers, printedSums } from '../../core/recurrent/print.js';
import { gateAt } from '../../core/recurrent/run.js';
import { operandOf } from '../../core/recurrent/sources.js';
import { gateNamed, squashed } from '../../core/recurrent/unit.js';
import { t } from '../../i18n.js';
import { track } from '../arithmetic.js';
import { heatmap } from '../heatmap.js';
import { plot } from '../plot.js';
import { h, num, sign } from '../dom.js';
import { squashEquation, sumEquation, typeset } from './equations.js';
import { columnsOf } from './strip.js';
import { symbol } from './symbols.js';
import { updateEquation } from './update.js';
import { operand, wayBack } from './ways.js';

const LISTED = 5;
const LISTED_LARGE = 3; // large: numbers that can be read from the last row

/** @typedef {ReturnType<typeof printedSums>} Sums */

/** @type {WeakMap<Gate, {listed: number, sums: Sums}>} printed once for each gate of each unit */
const known = new WeakMap();

/** @param {Context} context @param {string} name   of the gate */
export function gateCard(context, name) {
  const gate = gateNamed(context.opened, name);
  const listed = context.scene.state.profile === 'projector' ? LISTED_LARGE : LISTED;
  const last = known.get(gate);
  const sums = last?.listed === listed ? last.sums : printedSums(context.opened, gate, listed);
  known.set(gate, { listed, sums });
  const later = (/** @type {string} */ step) => `${context.shown(step) ? '' : ' later'}${context.active === step ? ' on' : ''}`;
  const states = context.run.cell === 'lstm' ? ['c', 'h'] : context.run.cell === 'gru' ? ['h'] : [];
  return [
    h(
      'div',
      { class: `sides${sums.input.count + sums.recurrent.count ? '' : ' few'}` },
      side(context, gate, sums.input, 'input', later('terms')),
      side(context, gate, sums.recurrent, 'recurrent', later('recurrent')),
    ),
    h('div', { class: `gate-total${later(gate.hn === undefined ? 'biases' : 'reset')}` }, sumEquation(context, sums, gate)),
    h(
      'div',
      { class: 'gate-end' },
      curve(context, gate, later('squash')),
      h(
        'div',
        { class: 'gate-results' },
        h('div', { class: later('squash').trim() }, squashEquation(context, gate)),
        h(
          'div',
          { class: `updates${later('update')}` },
          states.map((state) => [typeset(context, state), updateEquation(context, state)]),
        ),
      ),
    ),
  ];
}

/**
 * One side of the sum: all its products as a picture, the largest one by one, the others.
 * @param {Context} context
 * @param {Gate} gate
 * @param {PrintedSide} side
 * @param {'input' | 'recurrent'} which
 * @param {string} later
 */
function side(context, gate, { terms, others, count, sum }, which, later) {
  const all = gate[which];
  const label = t(`cell.${which}_side`, { count: all.length });
  const values = [...terms.map(({ product }) => parse(product)), ...(others === null ? [] : [parse(others)])];
  const ends = values.reduce((sums, value) => [...sums, sums[sums.length - 1] + value], [0]);
  const last = ends[ends.length - 1];
  const x = scaleLinear()
    .domain([Math.min(...ends, last), Math.max(...ends, last, Math.min(...ends) + 1e-9)])
    .range([0, 100]);
  return h(
    'section',
    { class: `side${later}`, 'data-side': which },
    h(
      'h3',
      {},
      symbol(which === 'input' ? 'x' : 'h_previous'),
      h('span', {}, label),
      all.length > 12 ? products(context, all, label) : null,
    ),
    h(
      'div',
      { class: 'products', role: 'group', 'aria-label': label },
      terms.map((term, i) => productRow(context, term, which, track(ends[i], ends[i + 1], x, values[i] < 0 ? 'down' : 'up'))),
      others === null
        ? null
        : h(
            'div',
            { class: 'product-row others' },
            h('span', { class: 'product-name' }, t('cell.others', { count })),
            h('span', { class: 'times' }),
            track(ends[terms.length], last, x, values[terms.length] < 0 ? 'down' : 'up'),
            num(others, 'others'),
          ),
      h(
        'div',
        { class: 'product-row closing' },
        h('span', { class: 'product-name' }, t('cell.sum')),
        h('span', { class: 'times' }),
        track(0, last, x, 'whole'),
        num(sum, 'side-sum'),
      ),
    ),
    others === null ? null : rest(context, all, others, terms.length, which),
  );
}

/**
 * @param {Context} context
 * @param {import('../../core/arithmetic.js').PrintedTerm} term
 * @param {'input' | 'recurrent'} which
 * @param {any} bar
 */
const productRow = (context, term, which, bar) =>
  h(
    'div',
    { class: 'product-row', 'data-term': '' },
    h('span', { class: 'product-name' }, placeOf(term.term, which)),
    h('span', { class: 'times' }, factor(context, term, which), sign('×'), num(term.weight, 'weight'), sign('=')),
    bar,
    num(term.product, 'product'),
  );

/**
 * The number that is weighted: a way to where it was made.
 * @param {Context} context
 * @param {import('../../core/arithmetic.js').PrintedTerm} term
 * @param {'input' | 'recurrent'} which
 */
const factor = (context, { term, value }, which) =>
  operand(wayBack(context, operandOf(context.scene, context.run, context.place, which, entryOf(term))), value, 'value');

/** Which number of the vector: "x[3]" -> 3. @param {Term} term */
const entryOf = ({ label }) => Number(label.slice(label.indexOf('[') + 1, -1));

/** x3, h12: which number of the vector. @param {Term} term @param {'input' | 'recurrent'} which */
const placeOf = ({ label }, which) =>
  h('span', { class: 'sym' }, h('i', {}, which === 'input' ? 'x' : 'h'), h('sub', {}, label.slice(label.indexOf('[') + 1, -1)));

/** Every product in the order of the vector. @param {Context} context @param {Term[]} terms @param {string} label */
function products({ scene: { colours } }, terms, label) {
  const width = columnsOf(terms.length);
  const height = Math.ceil(terms.length / width);
  const data = new Float32Array(width * height).fill(NaN);
  data.set(terms.map(({ product }) => product));
  return heatmap({
    plane: { width, height, data },
    bound: Math.max(...terms.map(({ product }) => Math.abs(product)), 1e-12),
    colours,
    label,
    size: 'product-map',
  });
}

/**
 * The others one by one, when they are asked for.
 * @param {Context} context
 * @param {Term[]} all
 * @param {string} others
 * @param {number} listed
 * @param {string} which
 */
function rest(context, all, others, listed, which) {
  const list = h('div', { class: 'rest-list' });
  const fill = () => {
    if (list.firstChild) return;
    list.append(
      ...printedOthers(largest(all, listed).rest, others).map((term) =>
        productRow(context, term, /** @type {any} */ (which), null),
      ),
    );
  };
  return h(
    'details',
    { class: 'rest', ontoggle: fill, 'data-keep': `rest-${which}` },
    h('summary', {}, t('cell.show_others', { count: all.length - listed })),
    list,
  );
}

const REACH = 5;

/**
 * The squashing with this unit's point on it, and where all units of the gate stand along it.
 * @param {Context} context
 * @param {Gate} gate
 * @param {string} later
 */
function curve(context, gate, later) {
  const { run, place, opened } = context;
  const f = SQUASH[gate.squash];
  const a = gate.preactivation;
  const ends = [Math.min(-REACH, a * 1.1), Math.max(REACH, a * 1.1)];
  const steps = 120;
  const points = Array.from({ length: steps + 1 }, (_, i) => ends[0] + ((ends[1] - ends[0]) * i) / steps);
  const reached = context.shown('squash');
  const own = context.printed.gates[gate.name];
  const values = gate.squash === 'sigmoid' || gate.squash === 'tanh' ? inverse(gate, gateAt(run, gate.name, place), ends) : [];
  return h(
    'div',
    { class: `gate-curve${later}` },
    plot({
      curve: points.map((x) => [x, f(x)]),
      point: reached && !gate.forced ? [a, opened.rounded ? squashed(gate) : gate.value] : null,
      values,
      names: ['a', t(`cell.curve_${gate.squash}`)],
      label: t('ui.curve', { x: own.a, y: own.value }),
    }),
  );
}

/**
 * Pre-activations of all units from their gates, as far as the axis goes.
 * @param {Gate} gate
 * @param {Float32Array} values
 * @param {number[]} ends
 */
function inverse(gate, values, [low, high]) {
  if (values.length < 8) return [];
  const back = gate.squash === 'sigmoid' ? (/** @type {number} */ y) => Math.log(y / (1 - y)) : Math.atanh;
  return Array.from(values, (value) => (gate.complement ? -1 : 1) * back(value)).filter((a) => a >= low && a <= high);
}

/**
 * The row of the weight matrices that this gate's unit has, in the chosen order of the gates.
 * @param {Context} context
 * @param {string} name
 */
export function rowText({ run, place, scene: { state } }, name) {
  const order = state.order ?? 'torch';
  return t('cell.row', {
    row: rowOf(run.cell, name, place.unit, run.hidden, order),
    rows: run.hidden * CELLS[run.cell].gates.length,
  });
}
