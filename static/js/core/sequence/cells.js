/** The three cells: their gates in the order in which they are opened, and the arithmetic of one unit, printed so that it holds. */
import { printedAddends } from '../arithmetic.js';
import { decimalsFor, settle } from '../numbers.js';

export const sigmoid = (/** @type {number} */ x) => 1 / (1 + Math.exp(-x));

/** What squashes a pre-activation. @type {Record<string, (x: number) => number>} */
export const SQUASH = { sigmoid, tanh: Math.tanh, relu: (x) => Math.max(0, x), identity: (x) => x };

/**
 * @typedef {{label: string, weight: number | null, value: number, product: number, source: any}} Term
 * @typedef {object} Gate   as the server explains it
 * @property {string} name
 * @property {string} squash
 * @property {Term[]} input
 * @property {number} input_sum
 * @property {Term[]} recurrent
 * @property {number} recurrent_sum
 * @property {number} bias_ih
 * @property {number} bias_hh
 * @property {number} preactivation
 * @property {number} value
 * @property {number=} reset   the n gate of a GRU: what multiplies its recurrent part
 *
 * @typedef {{name: string, expression: string, operands: Record<string, number>, value: number}} Update
 * @typedef {{result: number, error: number, extra: {gates: Gate[], update: Update[], h_previous: number, c_previous?: number}}} CellExplanation
 */

/** Gates in the order of teaching. @type {Record<string, string[]>} */
export const ORDER = { lstm: ['f', 'i', 'g', 'o'], gru: ['r', 'z', 'n'], rnn: ['h'] };

/** The player's steps inside a cell. @param {string} cell */
export const cellSteps = (cell) => ({
  lstm: ['in', 'f', 'i', 'g', 'c', 'o', 'h'],
  gru: ['in', 'r', 'z', 'n', 'h'],
  rnn: ['in', 'h'],
})[cell]?.map((id) => ({ id, key: `seq_${cell}_${id}`, values: {} })) ?? [];

/** The player's steps inside a gate. */
export const gateSteps = () => ['terms', 'recurrent', 'biases', 'squash', 'update'].map((id) => ({ id, key: `seq_gate_${id}`, values: {} }));

/**
 * The sum before the squashing, in printed addends: input + recurrent + both biases; a GRU's n scales its recurrent part by r.
 * @param {Gate} gate @returns {{operands: string[], result: string}}
 */
export function printedGate(gate) {
  if (gate.reset === undefined) return printedAddends([gate.input_sum, gate.recurrent_sum, gate.bias_ih, gate.bias_hh], gate.preactivation);
  const { input_sum: x, recurrent_sum: u, bias_ih: b, bias_hh: d, reset: r } = gate;
  return settle([x, b, r, u, d], ([px, pb, pr, pu, pd]) => px + pb + pr * (pu + pd), gate.preactivation, { decimals: 3 });
}

/** Three decimals, and more where the number is small. @param {number} value */
const enough = (value) => Math.max(3, Math.min(decimalsFor(value), 11));

/** squash(a) = value. @param {Gate} gate */
export const printedSquash = (gate) => settle([gate.preactivation], ([a]) => SQUASH[gate.squash](a), gate.value, { decimals: enough(gate.value) });

/** How each line of an update is evaluated, by its name and cell. @type {Record<string, Record<string, {operands: string[], evaluate: (v: number[]) => number}>>} */
export const UPDATES = {
  lstm: {
    c: { operands: ['f', 'c_previous', 'i', 'g'], evaluate: ([f, c, i, g]) => f * c + i * g },
    h: { operands: ['o', 'c'], evaluate: ([o, c]) => o * Math.tanh(c) },
  },
  gru: { h: { operands: ['z', 'n', 'h_previous'], evaluate: ([z, n, h]) => (1 - z) * n + z * h } },
  rnn: {},
};

/** A line of the update in printed operands. @param {string} cell @param {Update} update */
export function printedUpdate(cell, update) {
  const { operands, evaluate } = UPDATES[cell][update.name];
  const values = operands.map((name) => update.operands[name]);
  return { names: operands, ...settle(values, evaluate, update.value, { decimals: enough(update.value) }) };
}
