/** One unit at one step, opened: every product of every gate, the sums, the squashing, and the update that they lead to. */
/** @import { Term } from '../types.js' */
/** @import { Place, Run } from './run.js' */
import { sum } from '../numbers.js';
import { CELLS, SQUASH, UPDATES, squashOf } from './cells.js';
import { before, gateAt, heldAt, previous, readAt, stateAt, weightsOf } from './run.js';

/**
 * @typedef {object} Gate   the same structure as the engine's explanation
 * @property {string} name
 * @property {string} squash
 * @property {Term[]} input
 * @property {number} input_sum
 * @property {Term[]} recurrent
 * @property {number} recurrent_sum
 * @property {number} bias_ih
 * @property {number} bias_hh
 * @property {number} preactivation
 * @property {number} value          as the run has it
 * @property {boolean} forced
 * @property {number=} reset         of a GRU's n: what scales its recurrent side
 * @property {number=} hn            of a GRU's n: recurrent_sum + bias_hh
 * @property {boolean=} complement   shown as 1 - z
 *
 * @typedef {{name: string, operands: Record<string, number>, value: number, forced: boolean}} UpdateLine
 *
 * @typedef {object} Opened
 * @property {string} cell
 * @property {Place} place
 * @property {Gate[]} gates          in torch's order
 * @property {UpdateLine[]} update
 * @property {number} h_previous
 * @property {number | null} c_previous
 * @property {boolean} rounded
 * @property {number | null} unit    what states and candidates were divided by
 * @property {boolean=} merged       bias_ih holds both biases
 */

/** @param {Run} run @param {Place} place @returns {Opened} */
export function open(run, place) {
  const x = readAt(run, place);
  const h = previous(run, 'h', place);
  const weights = weightsOf(run, place.layer, place.direction);
  /** @type {Gate[]} */
  const gates = [];
  for (const [position, name] of CELLS[run.cell].gates.entries()) {
    const row = position * run.hidden + place.unit;
    const input = products(weights.ih, row, x, `x`, (i) => readFrom(run, place, i));
    const recurrent = products(weights.hh, row, h, 'h', (i) => cameFrom(run, place, i));
    gates.push(
      gateOf(
        run,
        place,
        name,
        { input, recurrent, bias_ih: weights.biasIh.data[row], bias_hh: weights.biasHh.data[row] },
        gates[0],
      ),
    );
  }
  const c = run.c ? previous(run, 'c', place)[place.unit] : null;
  return scaled(
    {
      cell: run.cell,
      place,
      gates,
      update: updateOf(run, place, gates, h[place.unit], c),
      h_previous: h[place.unit],
      c_previous: c,
      rounded: Boolean(run.rounded),
      unit: null,
    },
    run.unit,
  );
}

/**
 * @param {{shape: number[], data: Float32Array}} weight
 * @param {number} row
 * @param {ArrayLike<number>} values
 * @param {string} name
 * @param {(i: number) => Term['source']} source
 * @returns {Term[]}
 */
const products = (weight, row, values, name, source) =>
  Array.from(values, (value, i) => {
    const w = weight.data[row * weight.shape[1] + i];
    return { label: `${name}[${i}]`, weight: w, value, product: w * value, source: source(i) };
  });

/**
 * Where a layer's input stands: in the layer below; null for what the node itself read.
 * @param {Run} run
 * @param {Place} place
 * @param {number} i
 */
const readFrom = (run, { layer, step }, i) =>
  layer === 0 ? null : { node: run.node, index: [layer - 1, Math.floor(i / run.hidden), step, i % run.hidden] };

/** Where an h of the step before stands; null at the first. @param {Run} run @param {Place} place @param {number} i */
function cameFrom(run, place, i) {
  const position = before(run, place);
  return position === null ? null : { node: run.node, index: [place.layer, place.direction, position, i] };
}

/**
 * @param {Run} run
 * @param {Place} place
 * @param {string} name
 * @param {Pick<Gate, 'input' | 'recurrent' | 'bias_ih' | 'bias_hh'>} sides
 * @param {Gate | undefined} reset   the GRU's first gate
 * @returns {Gate}
 */
function gateOf(run, place, name, sides, reset) {
  const input_sum = sum(sides.input.map(({ product }) => product));
  const recurrent_sum = sum(sides.recurrent.map(({ product }) => product));
  const scales = run.cell === 'gru' && name === 'n' ? { reset: reset?.value ?? 1, hn: recurrent_sum + sides.bias_hh } : {};
  const recurrent = scales.hn === undefined ? recurrent_sum + sides.bias_hh : scales.reset * scales.hn;
  const squash = squashOf(run.cell, name, run.nonlinearity);
  return {
    name,
    squash,
    ...sides,
    input_sum,
    recurrent_sum,
    preactivation: input_sum + sides.bias_ih + recurrent,
    ...scales,
    value: gateAt(run, name, place)[place.unit],
    forced: heldAt(run, place, name) !== undefined,
  };
}

/**
 * @param {Run} run
 * @param {Place} place
 * @param {Gate[]} gates
 * @param {number} h
 * @param {number | null} c
 * @returns {UpdateLine[]}
 */
function updateOf(run, place, gates, h, c) {
  /** @type {Record<string, number>} */
  const known = { ...Object.fromEntries(gates.map(({ name, value }) => [name, value])), h_previous: h, c_previous: c ?? 0 };
  return UPDATES[run.cell].map(({ name, operands }) => {
    const value = (known[name] = stateAt(run, /** @type {'h' | 'c'} */ (name), place)[place.unit]);
    return {
      name,
      operands: Object.fromEntries(operands.map((one) => [one, known[one]])),
      value,
      forced: heldAt(run, place, name) !== undefined,
    };
  });
}

/**
 * A hand-set network's states are kept in a small unit so that tanh is a straight line; told in that unit, it is linear.
 * @param {Opened} opened @param {number | null} unit @returns {Opened}
 */
function scaled(opened, unit) {
  if (!unit) return opened;
  const state = new Set(['g', 'n', 'c', 'h', 'c_previous', 'h_previous']);
  const by = (/** @type {string} */ name, /** @type {number} */ value) => (state.has(name) ? value / unit : value);
  const gates = opened.gates.map((gate) => {
    const own = gate.squash === 'tanh' ? unit : 1; // of the gate's result; h is in units too, so its weights are as many times as large
    const input = gate.input.map((term) => ({ ...term, weight: (term.weight ?? 0) / own, product: term.product / own }));
    const recurrent = gate.recurrent.map((term) => ({
      ...term,
      value: term.value / unit,
      weight: ((term.weight ?? 0) * unit) / own,
      product: term.product / own,
    }));
    return {
      ...gate,
      input,
      recurrent,
      squash: own === 1 ? gate.squash : 'linear',
      input_sum: gate.input_sum / own,
      recurrent_sum: gate.recurrent_sum / own,
      bias_ih: gate.bias_ih / own,
      bias_hh: gate.bias_hh / own,
      preactivation: gate.preactivation / own,
      value: gate.value / own,
    };
  });
  const update = opened.update.map((line) => ({
    ...line,
    value: by(line.name, line.value),
    operands: Object.fromEntries(Object.entries(line.operands).map(([name, value]) => [name, by(name, value)])),
  }));
  return {
    ...opened,
    gates,
    update,
    h_previous: opened.h_previous / unit,
    c_previous: opened.c_previous === null ? null : opened.c_previous / unit,
    unit,
  };
}

/** What a gate is without rounding or force. @param {Gate} gate */
export const squashed = (gate) => SQUASH[gate.squash](gate.preactivation);

/** @param {Opened} opened @param {string} name */
export const gateNamed = ({ gates }, name) => /** @type {Gate} */ (gates.find((gate) => gate.name === name));
