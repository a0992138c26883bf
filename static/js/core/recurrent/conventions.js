/**
 * Where books and libraries write a cell differently: the choices, their place in the address, and the same numbers told
 * otherwise.
 */
/** @import { Gate, Opened } from './unit.js' */
import { flag, word } from '../viewstate.js';

/**
 * How libraries stack the rows of the gates. TF 1: BasicLSTMCell. Keras: as torch for an LSTM, z first for a GRU, like ONNX.
 * @type {Record<string, Record<string, string[]>>}
 */
export const ORDERS = {
  torch: { lstm: ['i', 'f', 'g', 'o'], gru: ['r', 'z', 'n'], rnn: ['h'] },
  onnx: { lstm: ['i', 'o', 'f', 'g'], gru: ['z', 'r', 'n'], rnn: ['h'] },
  tf1: { lstm: ['i', 'g', 'f', 'o'], gru: ['r', 'z', 'n'], rnn: ['h'] },
};

/** Fields of the page's state. @type {Record<'biases' | 'update' | 'order' | 'slide', import('../viewstate.js').Field>} */
export const CONVENTIONS = {
  biases: { initial: 'two', ...word(['two', 'one']) }, // torch adds two biases; books have one
  update: { initial: 'z', ...word(['z', 'complement']) }, // h = (1 - z) n + z h, or h = z n + (1 - z) h
  order: { initial: 'torch', ...word(Object.keys(ORDERS)) },
  slide: { initial: false, ...flag }, // gates rounded to 0 or 1
};

/** @typedef {{biases?: string, update?: string, order?: string, slide?: boolean}} Told */

/** The same unit in the chosen conventions. @param {Opened} opened @param {Told} told @returns {Opened} */
export function inConventions(opened, told) {
  const one = told.biases === 'one' ? merged(opened) : opened;
  return told.update === 'complement' && one.cell === 'gru' ? complemented(one) : one;
}

/** Both biases as one; a GRU's candidate keeps two, for r scales only the second. @param {Opened} opened @returns {Opened} */
const merged = (opened) => ({
  ...opened,
  merged: true,
  gates: opened.gates.map((gate) =>
    gate.hn === undefined ? { ...gate, bias_ih: gate.bias_ih + gate.bias_hh, bias_hh: 0 } : gate,
  ),
});

/**
 * The update gate as 1 - z = sigmoid(-a): all its weights and biases change their sign.
 * @param {Opened} opened
 * @returns {Opened}
 */
function complemented(opened) {
  const turned = (/** @type {Gate} */ gate) => ({
    ...gate,
    input: gate.input.map(negative),
    recurrent: gate.recurrent.map(negative),
    input_sum: -gate.input_sum,
    recurrent_sum: -gate.recurrent_sum,
    bias_ih: -gate.bias_ih,
    bias_hh: -gate.bias_hh,
    preactivation: -gate.preactivation,
    value: 1 - gate.value,
    complement: true,
  });
  return {
    ...opened,
    gates: opened.gates.map((gate) => (gate.name === 'z' ? turned(gate) : gate)),
    update: opened.update.map((line) => ({ ...line, operands: { ...line.operands, z: 1 - line.operands.z } })),
  };
}

/** @param {import('../types.js').Term} term */
const negative = (term) => ({ ...term, weight: -(term.weight ?? 0), product: -term.product });

/**
 * The row of a gate's unit in the stacked weight matrices.
 * @param {string} cell
 * @param {string} gate
 * @param {number} unit
 * @param {number} hidden
 * @param {string} order
 */
export const rowOf = (cell, gate, unit, hidden, order) => ORDERS[order][cell].indexOf(gate) * hidden + unit;
