/** The run of one recurrent layer: what the server sent of it, or the same computed here in double from float32 weights. */
/** @import { NodeRecord, Tensor } from '../types.js' */
import { offset, tensor } from '../tensor.js';
import { CELLS, SQUASH, UPDATES, squashOf } from './cells.js';

/**
 * @typedef {{layer: number, direction: number, gate?: string, state?: string, value: number, units: number[] | null, steps: number[] | null}} Forced
 *   a gate or a state held at a value; units, steps: null for all, steps half open
 *
 * @typedef {object} Run   arrays are [layer, direction, step, unit]; initial states [layer, direction, unit]
 * @property {string} node
 * @property {string} cell
 * @property {number} layers
 * @property {number} directions
 * @property {number} steps
 * @property {number} hidden
 * @property {Record<string, Tensor>} gates
 * @property {Tensor} h
 * @property {Tensor | null} c
 * @property {{h: Tensor, c: Tensor | null}} initial
 * @property {Tensor} x                        [step, feature]: what the first layer reads
 * @property {Record<string, Tensor>} params   by torch's names, weight_ih_l0 and so on
 * @property {string} nonlinearity             of a plain layer
 * @property {Forced[]} forced
 * @property {number | null} unit              a hand-set network keeps its states in this unit, where tanh is a straight line
 * @property {boolean=} rounded                gates rounded to 0 or 1: not what torch computes
 *
 * @typedef {{layer: number, direction: number, step: number, unit: number}} Place   step: the position in the sequence, in both
 *   directions
 */

/**
 * @param {any} answer   of /gates, its arrays as tensors @param {NodeRecord & {forced?: any[]}} record @param {Tensor} x
 * @param {Record<string, Tensor>} params @param {number | null} unit @returns {Run}
 */
export function runOf(answer, record, x, params, unit) {
  const { cell, layers, directions, steps, hidden, gates, h, c, initial } = answer;
  const { nonlinearity = 'tanh' } = record.hyperparameters;
  return {
    node: record.name,
    cell,
    layers,
    directions,
    steps,
    hidden,
    gates,
    h,
    c: c ?? null,
    initial: { h: initial.h, c: initial.c ?? null },
    x,
    params,
    nonlinearity,
    forced: record.forced ?? [],
    unit,
  };
}

/** Torch's ending of a parameter's name. @param {number} layer @param {number} direction */
export const ending = (layer, direction) => `_l${layer}${direction ? '_reverse' : ''}`;

/**
 * The weights of one layer and direction; no bias reads as zeros.
 * @param {Run} run
 * @param {number} layer
 * @param {number} direction
 */
export function weightsOf({ params }, layer, direction) {
  const own = (/** @type {string} */ role) => params[role + ending(layer, direction)] ?? params[role]; // an nn.LSTMCell has no ending
  const none = tensor([own('weight_ih').shape[0]]);
  return { ih: own('weight_ih'), hh: own('weight_hh'), biasIh: own('bias_ih') ?? none, biasHh: own('bias_hh') ?? none };
}

/** The position that was processed before; null at the first. @param {Run} run @param {Place} place */
export function before({ steps }, { direction, step }) {
  const position = direction ? step + 1 : step - 1;
  return position >= 0 && position < steps ? position : null;
}

/** @param {Tensor} values @param {number[]} index */
const rowAt = (values, index) => {
  const width = values.shape[values.shape.length - 1];
  const start = offset(values.shape, [...index, 0]);
  return values.data.subarray(start, start + width);
};

/** A state that a step starts from, all units. @param {Run} run @param {'h' | 'c'} state @param {Place} place */
export function previous(run, state, place) {
  const { layer, direction } = place;
  const position = before(run, place);
  return position === null
    ? rowAt(/** @type {Tensor} */ (run.initial[state]), [layer, direction])
    : rowAt(/** @type {Tensor} */ (run[state]), [layer, direction, position]);
}

/**
 * What a layer reads at a step: x, or both directions of the layer below side by side.
 * @param {Run} run
 * @param {Place} place
 */
export function readAt(run, { layer, step }) {
  if (layer === 0) return rowAt(run.x, [step]);
  const parts = Array.from({ length: run.directions }, (_, direction) => rowAt(run.h, [layer - 1, direction, step]));
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** A gate, all units at a step. @param {Run} run @param {string} gate @param {Place} place */
export const gateAt = (run, gate, { layer, direction, step }) => rowAt(run.gates[gate], [layer, direction, step]);

/** A state after a step, all units. @param {Run} run @param {'h' | 'c'} state @param {Place} place */
export const stateAt = (run, state, { layer, direction, step }) =>
  rowAt(/** @type {Tensor} */ (run[state]), [layer, direction, step]);

/**
 * What a gate or a state is held at here; undefined where it is free.
 * @param {Run} run
 * @param {Place} place
 * @param {string} name
 */
export function heldAt(run, { layer, direction, step, unit }, name) {
  const found = run.forced.find(
    (held) =>
      (held.gate ?? held.state) === name &&
      (held.layer ?? 0) === layer &&
      (held.direction ?? 0) === direction &&
      (!held.units || held.units.includes(unit)) &&
      (!held.steps || (step >= held.steps[0] && step < held.steps[1])),
  );
  return found?.value;
}

/**
 * The whole run computed here, step by step. round: sigmoids rounded to 0 or 1, the arithmetic of a slide.
 * @param {Run} run   its weights, x and initial states are read @param {{round?: boolean}=} options @returns {Run}
 */
export function unroll(run, { round = false } = {}) {
  const shape = [run.layers, run.directions, run.steps, run.hidden];
  const { gates, memory } = CELLS[run.cell];
  /** @type {Run} */
  const made = {
    ...run,
    gates: Object.fromEntries(gates.map((name) => [name, tensor(shape)])),
    h: tensor(shape),
    c: memory ? tensor(shape) : null,
    rounded: round,
  };
  for (let layer = 0; layer < run.layers; layer++) {
    for (let direction = 0; direction < run.directions; direction++) scan(made, layer, direction, round);
  }
  return made;
}

/** One layer and direction. @param {Run} made @param {number} layer @param {number} direction @param {boolean} round */
function scan(made, layer, direction, round) {
  const { steps, hidden, cell } = made;
  const weights = weightsOf(made, layer, direction);
  let h = Float64Array.from(rowAt(made.initial.h, [layer, direction]));
  let c = made.initial.c && Float64Array.from(rowAt(made.initial.c, [layer, direction]));
  for (let i = 0; i < steps; i++) {
    const place = { layer, direction, step: direction ? steps - 1 - i : i, unit: 0 };
    const x = readAt(made, place);
    const next = Float64Array.from(h);
    for (let unit = 0; unit < hidden; unit++) {
      const values = gatesOf(made, weights, x, h, unit, round);
      for (const [name, value] of Object.entries(values)) gateAt(made, name, place)[unit] = value;
      const lines = update(made, { ...values, h_previous: h[unit], c_previous: c?.[unit] ?? 0 });
      if (c) stateAt(made, 'c', place)[unit] = c[unit] = lines.c;
      stateAt(made, 'h', place)[unit] = next[unit] = cell === 'rnn' ? values.h : lines.h;
    }
    h = next;
  }
}

/**
 * Every gate of one unit.
 * @param {Run} run
 * @param {ReturnType<typeof weightsOf>} weights
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} h
 * @param {number} unit
 * @param {boolean} round
 */
function gatesOf(run, weights, x, h, unit, round) {
  const { gates } = CELLS[run.cell];
  /** @type {Record<string, number>} */
  const values = {};
  for (const [place, name] of gates.entries()) {
    const row = place * run.hidden + unit;
    const usual = squashOf(run.cell, name, run.nonlinearity);
    const squash = round && run.unit && usual === 'tanh' ? 'linear' : usual;
    const input = product(weights.ih, row, x) + weights.biasIh.data[row];
    const recurrent = product(weights.hh, row, h) + weights.biasHh.data[row];
    const value = SQUASH[squash](input + (name === 'n' ? values.r * recurrent : recurrent));
    values[name] = round && squash === 'sigmoid' ? Math.round(value) : value;
  }
  return values;
}

/** @param {Tensor} weight @param {number} row @param {ArrayLike<number>} values */
function product(weight, row, values) {
  const width = weight.shape[1];
  let total = 0;
  for (let i = 0; i < width; i++) total += weight.data[row * width + i] * values[i];
  return total;
}

/** The new states by name. @param {Run} run @param {Record<string, number>} known */
function update(run, known) {
  /** @type {Record<string, number>} */
  const lines = {};
  const squash = run.rounded && run.unit ? SQUASH.linear : Math.tanh;
  for (const { name, operands, evaluate } of UPDATES[run.cell])
    lines[name] = evaluate(
      operands.map((one) => lines[one] ?? known[one]),
      squash,
    );
  return lines;
}

/** @type {WeakMap<Run, Run>} */
const slides = new WeakMap();

/**
 * The run as it is to be told: with gates rounded to 0 or 1 where the slide's arithmetic is asked for.
 * @param {Run} run
 * @param {{slide?: boolean}} state
 */
export function asTold(run, { slide = false }) {
  if (!slide) return run;
  const made = slides.get(run) ?? unroll(run, { round: true });
  slides.set(run, made);
  return made;
}
