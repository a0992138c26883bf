/** The three cells as torch has them: their gates, what squashes each, and how a step's gates make its new state. */

/** Written so that exp never overflows. @param {number} a */
export function sigmoid(a) {
  const small = Math.exp(-Math.abs(a));
  return a >= 0 ? 1 / (1 + small) : small / (1 + small);
}

/** @type {Record<string, (a: number) => number>} "linear": what a worked example has in place of tanh */
export const SQUASH = { sigmoid, tanh: Math.tanh, relu: (a) => Math.max(0, a), linear: (a) => a };

/**
 * @typedef {object} Cell
 * @property {string[]} gates    in torch's order: how their rows stand in the weight matrices
 * @property {string[]} told     in the order in which a lesson opens them
 * @property {boolean} memory    whether there is a cell state c beside h
 */

/** @type {Record<string, Cell>} */
export const CELLS = {
  lstm: { gates: ['i', 'f', 'g', 'o'], told: ['f', 'i', 'g', 'o'], memory: true },
  gru: { gates: ['r', 'z', 'n'], told: ['r', 'z', 'n'], memory: false },
  rnn: { gates: ['h'], told: ['h'], memory: false },
};

/** What squashes a gate. @param {string} cell @param {string} gate @param {string=} nonlinearity   of a plain layer */
export function squashOf(cell, gate, nonlinearity = 'tanh') {
  if (cell === 'rnn') return nonlinearity;
  return gate === 'g' || gate === 'n' ? 'tanh' : 'sigmoid';
}

/**
 * @typedef {object} Line   one line of the update; evaluate(operands in their order) is its value
 * @property {string} name
 * @property {string[]} operands
 * @property {(values: number[], squash?: (c: number) => number) => number} evaluate   squash: of the LSTM's c, where an example
 *   has it linear
 */

/** @type {Record<string, Line[]>} */
export const UPDATES = {
  lstm: [
    { name: 'c', operands: ['f', 'c_previous', 'i', 'g'], evaluate: ([f, c, i, g]) => f * c + i * g },
    { name: 'h', operands: ['o', 'c'], evaluate: ([o, c], squash = Math.tanh) => o * squash(c) },
  ],
  gru: [{ name: 'h', operands: ['z', 'n', 'h_previous'], evaluate: ([z, n, h]) => (1 - z) * n + z * h }],
  rnn: [],
};
