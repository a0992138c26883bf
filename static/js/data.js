/** Exact numbers of the trace on the screen: fetched when looked at, or derived from a node's input. */
/** @import { Explanation, NodeRecord, Operands, Tensor, Picture } from './core/types.js' */
import { explanation, nodeValues, parameter } from './api.js';
import { byName, derivable, flattenedFrom } from './core/graph.js';
import { OPS } from './core/ops/index.js';
import { fromOverview, fromPacked, spread } from './core/tensor.js';

/** @typedef {ReturnType<typeof createData>} Data */

const HEAVY = 2 ** 17; // weights; where only one row of so many is read, the server is asked for that number alone

/**
 * Whether the server explains a node's numbers: it has no file here, or what it reads is too much to fetch for one number.
 * @param {NodeRecord} record
 */
function asked({ op, shape, hyperparameters: { in_features: width = 0, out_features: height = 0, dim = -1 } }) {
  if (!OPS[op]) return true;
  return (
    (op === 'linear' && shape.length > 1 && width * height > HEAVY) || (op === 'softmax' && shape.length > 1 && dim !== -1)
  );
}

/** @param {any} trace   as the API answers it, with its overview */
export function createData(trace) {
  /** @type {NodeRecord[]} */
  const nodes = trace.nodes;
  const records = byName(nodes);
  const pictures = picturesOf(trace, records);
  /** @type {Map<string, Tensor>} */
  const values = exactOf(trace);
  /** @type {Map<string, Tensor>} */
  const params = new Map();
  /** @type {Map<string, Explanation>} of operations that have no file here */
  const explanations = new Map();
  const missing = (/** @type {NodeRecord} */ record, /** @type {number[] | null} */ index) =>
    index !== null && asked(record) && !explanations.has(`${record.name}[${index}]`);
  const read = (/** @type {NodeRecord} */ record) => (asked(record) ? [] : Object.values(record.parameters));

  /** @param {NodeRecord} record @returns {Promise<Tensor>} */
  async function load(record) {
    const known = values.get(record.name);
    if (known) return known;
    const found = derivable(record) ? await derive(record) : await nodeValues(trace.id, record.name);
    values.set(record.name, found);
    return found;
  }

  /** @param {NodeRecord} record @returns {Promise<Tensor>} */
  async function derive(record) {
    const source = await load(/** @type {NodeRecord} */ (records.get(record.inputs[0])));
    return /** @type {any} */ (OPS[record.op]).apply(record, { inputs: [source], params: {} });
  }

  /** @param {string} name */
  async function loadParameter(name) {
    params.set(name, params.get(name) ?? (await parameter(trace.model, name)));
  }

  return {
    trace,
    nodes,
    records,
    pictures,
    /** The exact values of one node. @param {NodeRecord} record */
    load: (record) => load(record),
    /** Everything that explains a node, and one of its numbers. @param {NodeRecord} record @param {number[] | null} index */
    async ensure(record, index) {
      const inputs = record.inputs.map((name) => records.get(name)).filter((node) => node !== undefined);
      await Promise.all([load(record), ...inputs.map(load), ...read(record).map(loadParameter)]);
      if (index && missing(record, index))
        explanations.set(`${record.name}[${index}]`, await explanation(trace.id, record.name, index));
    },
    /** @param {NodeRecord} record @param {number[] | null} index */
    ready: (record, index) =>
      !missing(record, index) &&
      [record.name, ...record.inputs].every((name) => values.has(name)) &&
      read(record).every((name) => params.has(name)),
    /** @param {NodeRecord} record @param {number[]} index */
    explanation: (record, index) => explanations.get(`${record.name}[${index}]`),
    /** @param {string} name */
    values: (name) => values.get(name),
    /** What an operation reads. @param {NodeRecord} record @returns {Operands} */
    operands: (record) => ({
      inputs: record.inputs.map((name) => /** @type {Tensor} */ (values.get(name))),
      params: Object.fromEntries(
        Object.entries(record.parameters).map(([role, name]) => [role, /** @type {Tensor} */ (params.get(name))]),
      ),
      flattened: flattenedFrom(records, record),
    }),
  };
}

/** @param {any} trace @returns {Map<string, Tensor>} */
function exactOf(trace) {
  const exact = Object.entries(trace.overview).filter(([, entry]) => /** @type {any} */ (entry).dtype === 'float32');
  return new Map(exact.map(([name, entry]) => [name, fromPacked(/** @type {any} */ (entry))]));
}

/**
 * What the overview draws, node by node; derived nodes from their input's picture.
 * @param {any} trace
 * @param {Map<string, NodeRecord>} records
 * @returns {Map<string, Picture>}
 */
function picturesOf(trace, records) {
  /** @type {Map<string, Picture>} */
  const pictures = new Map();
  for (const record of records.values()) {
    const entry = trace.overview[record.name];
    if (!entry?.derived_from) {
      pictures.set(record.name, fromOverview(entry));
      continue;
    }
    const source = /** @type {Picture} */ (pictures.get(entry.derived_from));
    const shape = record.op === 'flatten' ? record.shape : source.shape; // a picture may be thinner than its node
    pictures.set(
      record.name,
      spread(/** @type {any} */ (OPS[record.op]).apply({ ...record, shape }, { inputs: [source], params: {} })),
    );
  }
  return pictures;
}
