/** A small layer of each cell with seeded weights, run here: what the gallery draws. */
/** @import { Run } from './run.js' */
import { numbersFrom } from '../specimen.js';
import { tensor } from '../tensor.js';
import { CELLS } from './cells.js';
import { unroll } from './run.js';

const FEATURES = 6;
const HIDDEN = 24;
const STEPS = 3;

/** @param {string} cell @returns {Run} */
export function cellSpecimen(cell) {
  const next = numbersFrom(11);
  const { gates, memory } = CELLS[cell];
  const rows = gates.length * HIDDEN;
  const random = (/** @type {number[]} */ shape) =>
    tensor(shape, Float32Array.from({ length: shape.reduce((size, n) => size * n, 1) }, next));
  const zero = () => tensor([1, 1, HIDDEN]);
  return unroll({
    node: cell,
    cell,
    layers: 1,
    directions: 1,
    steps: STEPS,
    hidden: HIDDEN,
    gates: {},
    h: tensor([0]),
    c: null,
    initial: { h: zero(), c: memory ? zero() : null },
    x: random([STEPS, FEATURES]),
    params: {
      weight_ih_l0: random([rows, FEATURES]),
      weight_hh_l0: random([rows, HIDDEN]),
      bias_ih_l0: random([rows]),
      bias_hh_l0: random([rows]),
    },
    nonlinearity: 'tanh',
    forced: [],
    unit: null,
  });
}
