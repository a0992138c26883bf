/** The player's steps inside a cell and inside one of its gates; a caption's key is steps.<key>. */
/** @import { Step } from '../types.js' */

/** @type {Record<string, string[]>} */
const CELL_STEPS = {
  lstm: ['in', 'f', 'i', 'g', 'c', 'o', 'h'],
  gru: ['in', 'r', 'z', 'n', 'h'],
  rnn: ['in', 'a', 'h'],
};

/** @param {string} cell @returns {Step[]} */
export const cellSteps = (cell) => CELL_STEPS[cell].map((id) => ({ id, key: `seq_${cell}_${id}`, values: {} }));

/** @param {string} cell @param {string} gate @returns {Step[]} */
export const gateSteps = (cell, gate) =>
  ['terms', 'recurrent', 'biases', ...(gate === 'n' ? ['reset'] : []), 'squash', ...(cell === 'rnn' ? [] : ['update'])].map(
    (id) => ({ id, key: `seq_gate_${id}`, values: { gate } }),
  );
