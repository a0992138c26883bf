/** What lstm, gru and rnn share as operations of the page's table: shapes, windows, and a unit's last line as terms. */
/** @import { CoreOp, NodeRecord, Operands, Term, Window } from '../types.js' */
/** @import { Opened } from './unit.js' */
/** @import { Place, Run } from './run.js' */
import { tensor } from '../tensor.js';
import { before, unroll } from './run.js';
import { open } from './unit.js';

/** @type {WeakMap<Operands['params'], {x: object, run: Run}>} the last run of each layer's weights */
const known = new WeakMap();

/**
 * The run of a layer alone, from zero states, computed here.
 * @param {NodeRecord} record
 * @param {Operands} operands
 * @returns {Run}
 */
export function runHere(record, { inputs: [x], params }) {
  const last = known.get(params);
  if (last?.x === x) return last.run;
  const { num_layers: layers, hidden_size: hidden, bidirectional, nonlinearity = 'tanh' } = record.hyperparameters;
  const directions = bidirectional ? 2 : 1;
  const zero = () => tensor([layers, directions, hidden]);
  const run = unroll({
    node: record.name,
    cell: record.op,
    layers,
    directions,
    steps: x.shape[0],
    hidden,
    gates: {},
    h: tensor([0]),
    c: null,
    initial: { h: zero(), c: record.op === 'lstm' ? zero() : null },
    x,
    params,
    nonlinearity,
    forced: [],
    unit: null,
  });
  known.set(params, { x, run });
  return run;
}

/**
 * A channel of the output, or (layer, direction, step, unit).
 * @param {NodeRecord} record
 * @param {number[]} index
 * @returns {Place}
 */
export function placeOf({ hyperparameters: { num_layers: layers, hidden_size: hidden } }, index) {
  if (index.length > 2) return { layer: index[0], direction: index[1], step: index[2], unit: index[3] ?? 0 };
  return { layer: layers - 1, direction: Math.floor(index[1] / hidden), step: index[0], unit: index[1] % hidden };
}

/**
 * The operation of a cell; `last` makes its last line's terms.
 * @param {(opened: Opened) => Pick<Term, 'label' | 'weight' | 'value' | 'product'>[]} last
 * @returns {CoreOp}
 */
export const recurrent = (last) => ({
  outputShape: ({ hidden_size: hidden, bidirectional }, [steps]) => [steps, hidden * (bidirectional ? 2 : 1)],
  window: (record, index, shape) => windows(record, placeOf(record, index), shape),
  terms(record, index, operands) {
    const run = runHere(record, operands);
    const place = placeOf(record, index);
    const opened = open(run, place);
    const position = before(run, place);
    const terms = last(opened).map((term) => ({
      ...term,
      source:
        term.label === 'h_previous' && position !== null
          ? { node: record.name, index: [place.layer, place.direction, position, place.unit] }
          : null,
    }));
    const result = terms.reduce((total, { product }) => total + product, 0);
    return { op: record.op, node: record.name, index, terms, groups: [], bias: null, result, extra: {} };
  },
  apply(record, operands) {
    const { h, steps, hidden, layers, directions } = runHere(record, operands);
    const whole = tensor(record.shape);
    for (let direction = 0; direction < directions; direction++) {
      const from = ((layers - 1) * directions + direction) * steps * hidden;
      for (let step = 0; step < steps; step++)
        whole.data.set(
          h.data.subarray(from + step * hidden, from + (step + 1) * hidden),
          (step * directions + direction) * hidden,
        );
    }
    return whole;
  },
});

/**
 * The step's input, and the states that it starts from.
 * @param {NodeRecord} record
 * @param {Place} place
 * @param {number[]} shape
 * @returns {Window[]}
 */
function windows(record, place, [steps, features]) {
  const { hidden_size: hidden, bidirectional } = record.hyperparameters;
  const { layer, direction, step } = place;
  const read =
    layer === 0
      ? block(record.inputs[0], [step, 0], [step + 1, features])
      : block(record.name, [layer - 1, 0, step, 0], [layer, bidirectional ? 2 : 1, step + 1, hidden]);
  const position = before(/** @type {any} */ ({ steps }), place);
  return position === null
    ? [read]
    : [read, block(record.name, [layer, direction, position, 0], [layer + 1, direction + 1, position + 1, hidden])];
}

/** @param {string} node @param {number[]} start @param {number[]} stop @returns {Window} */
const block = (node, start, stop) => ({ node, start, stop, step: start.map(() => 1) });
