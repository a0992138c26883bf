/** A small network with every operation, made from a seed and computed here: what the gallery of components is drawn from. */
/** @import { NodeRecord, Operands, Picture, Tensor } from './types.js' */
import { byName, flattenedFrom } from './graph.js';
import { OPS } from './ops/index.js';
import { sizeOf, spread, tensor, unravel } from './tensor.js';

/** Numbers between -1 and 1, the same for the same seed (mulberry32). @param {number} seed */
export function numbersFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

const LAYERS =
  /** @type {[string, string, string, Record<string, any>, Record<string, number[]>][]} name, op, input, hyperparameters, shapes of parameters */ ([
    [
      'conv',
      'conv2d',
      'input',
      {
        in_channels: 3,
        out_channels: 4,
        kernel_size: [3, 3],
        stride: [1, 1],
        padding: [1, 1],
        dilation: [1, 1],
        groups: 1,
        bias: true,
      },
      { weight: [4, 3, 3, 3], bias: [4] },
    ],
    ['norm', 'batch_norm', 'conv', { eps: 1e-5 }, { weight: [4], bias: [4], running_mean: [4], running_var: [4] }],
    ['relu', 'relu', 'norm', {}, {}],
    ['drop', 'dropout', 'relu', { p: 0.5 }, {}],
    [
      'max',
      'max_pool2d',
      'drop',
      { kernel_size: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], ceil_mode: false },
      {},
    ],
    [
      'average',
      'avg_pool2d',
      'drop',
      { kernel_size: [2, 2], stride: [2, 2], padding: [0, 0], ceil_mode: false, count_include_pad: true },
      {},
    ],
    ['adaptive_avg', 'adaptive_avg_pool2d', 'drop', { output_size: [3, 2] }, {}],
    ['adaptive_max', 'adaptive_max_pool2d', 'drop', { output_size: [3, 2] }, {}],
    ['flatten', 'flatten', 'max', {}, {}],
    ['linear', 'linear', 'flatten', { in_features: 64, out_features: 4, bias: true }, { weight: [4, 64], bias: [4] }],
    ['softmax', 'softmax', 'linear', {}, {}],
  ]);

/** The same interface as the data of a trace, with everything at hand. @param {number=} seed */
export function specimen(seed = 7) {
  const next = numbersFrom(seed);
  /** @type {NodeRecord[]} */
  const nodes = [];
  /** @type {Map<string, Tensor>} */
  const values = new Map();
  /** @type {Map<string, Record<string, Tensor>>} */
  const params = new Map();
  const operands = (/** @type {NodeRecord} */ record) =>
    /** @type {Operands} */ ({
      inputs: record.inputs.map((name) => values.get(name)),
      params: params.get(record.name) ?? {},
      flattened: flattenedFrom(byName(nodes), record),
    });
  const add = (/** @type {NodeRecord} */ record, /** @type {Tensor} */ value) => {
    const { low, high } = spread(value);
    nodes.push({ ...record, stats: { min: low, max: high, mean: 0, std: 0, zeros: 0 } });
    values.set(record.name, value);
  };
  add(
    record('input', 'input', [], [3, 8, 8], {}, {}),
    tensor(
      [3, 8, 8],
      Float32Array.from({ length: 192 }, (_, i) => blob(i, next())),
    ),
  );
  for (const [name, op, input, hyperparameters, shapes] of LAYERS) {
    const source = /** @type {Tensor} */ (values.get(input));
    params.set(
      name,
      Object.fromEntries(Object.entries(shapes).map(([role, shape]) => [role, random(shape, next, role === 'running_var')])),
    );
    const made = record(name, op, [input], OPS[op].outputShape(hyperparameters, source.shape), hyperparameters, shapes);
    add(made, computed(made, operands(made)));
  }
  return finished(nodes, values, operands);
}

/** @param {NodeRecord[]} nodes @param {Map<string, Tensor>} values @param {(record: NodeRecord) => Operands} operands */
function finished(nodes, values, operands) {
  const pictures = /** @type {Map<string, Picture>} */ (new Map([...values].map(([name, value]) => [name, spread(value)])));
  const probabilities = /** @type {Tensor} */ (values.get('softmax')).data;
  const best = probabilities.indexOf(Math.max(...probabilities));
  return {
    nodes,
    records: byName(nodes),
    pictures,
    operands,
    trace: {
      id: 'specimen',
      model: 'specimen',
      input: { sample: null, preparation: [] },
      nodes,
      predictions: [{ index: best, label: String(best), logit: 0, probability: probabilities[best] }],
    },
    values: (/** @type {string} */ name) => values.get(name),
    ready: () => true,
    explanation: () => undefined,
    ensure: async () => {},
    load: async (/** @type {NodeRecord} */ { name }) => /** @type {Tensor} */ (values.get(name)),
  };
}

/**
 * @param {string} name
 * @param {string} op
 * @param {string[]} inputs
 * @param {number[]} shape
 * @param {Record<string, any>} hyperparameters
 * @param {Record<string, any>} roles
 * @returns {NodeRecord}
 */
const record = (name, op, inputs, shape, hyperparameters, roles) => ({
  name,
  op,
  module: name,
  inputs,
  shape,
  hyperparameters,
  parameters: Object.fromEntries(Object.keys(roles).map((role) => [role, `${name}.${role}`])),
  stats: { min: 0, max: 0, mean: 0, std: 0, zeros: 0 },
});

/** @param {number[]} shape @param {() => number} next @param {boolean} positive */
const random = (shape, next, positive) =>
  tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => (positive ? 1 + next() / 2 : next())),
  );

/** A bright spot on noise. @param {number} i @param {number} noise */
const blob = (i, noise) =>
  Math.min(
    1,
    Math.max(
      0,
      Math.exp(-(((i % 8) - 3.5 + Math.floor(i / 64)) ** 2 + (Math.floor((i % 64) / 8) - 3) ** 2) / 6) + 0.15 * noise,
    ),
  );

/** Every element by its own terms. @param {NodeRecord} record @param {Operands} operands @returns {Tensor} */
const computed = (record, operands) =>
  OPS[record.op].apply?.(record, operands) ??
  tensor(
    record.shape,
    Float32Array.from(
      { length: sizeOf(record.shape) },
      (_, i) => OPS[record.op].terms(record, unravel(record.shape, i), operands).result,
    ),
  );
