/** The steps of what is on the screen, as one list: the player walks it, keys and the address count in it. */
/** @import { NodeRecord, Step, ViewState } from './types.js' */
import { channelsRead } from './ops/conv2d.js';
import { pair } from './shapes.js';
import { indexOf, levelOf } from './viewstate.js';

/** @param {string} key @param {Record<string, string | number>=} values @returns {Step} */
const step = (key, values = {}) => ({ id: [key, ...Object.values(values)].join(':'), key, values });

/**
 * @param {ViewState} state @param {NodeRecord[]} nodes @param {Map<string, NodeRecord>} records @returns {Step[]}
 */
export function stepsOf(state, nodes, records) {
  const level = levelOf(state);
  if (level === 'network')
    return nodes.map((node) => step('network', { name: node.name, op: node.op, shape: node.shape.join(' × ') }));
  const record = /** @type {NodeRecord} */ (records.get(state.node ?? ''));
  const source = records.get(record.inputs[0]);
  if (level === 'number') return numberSteps(record, source, indexOf(state, record));
  return (LISTS[record.op]?.layer ?? bands)(record, source, indexOf(state, record));
}

/**
 * How one number of a node comes about.
 * @param {NodeRecord} record
 * @param {NodeRecord | undefined} source   what it reads first
 * @param {number[]} index
 * @returns {Step[]}
 */
export const numberSteps = (record, source, index) => (LISTS[record.op]?.number ?? plain)(record, source, index);

/** A step whose caption is not named after it. @param {string} id @param {string} key @returns {Step} */
const named = (id, key) => ({ id, key, values: {} });

/** @type {Record<string, Partial<Record<string, (record: NodeRecord, source: NodeRecord | undefined, index: number[]) => Step[]>>>} */
const LISTS = {
  conv2d: {
    layer: channelParts,
    number: (record, source, index) => [...kernelParts(record, source, index), ...channelParts(record, source, index)],
  },
  linear: {
    number: (record, source) => [
      step('products'),
      source?.op === 'flatten' || source?.shape.length === 1 ? step('sums') : named('sums', 'added_up'),
      ...(record.hyperparameters.bias === false ? [] : [step('bias')]),
      step('result'),
    ],
  },
  matmul: { number: () => [named('products', 'pairs'), named('sums', 'added_up'), step('result')] },
  embedding: { number: () => [step('token'), step('table_row'), step('result')] },
  add: { number: () => [named('window', 'addends'), step('result')] },
  tanh: { number: () => [named('window', 'point'), step('result')] },
  sigmoid: { number: () => [named('window', 'point'), step('result')] },
  cat: { number: moving },
  select: { number: moving },
  transpose: { number: moving },
  dropout: { number: moving },
  input: { number: () => [] },
  softmax: { number: () => [step('logits'), step('shifted'), step('exponentials'), step('denominator'), step('result')] },
};

const plain = () => [step('window'), step('result')];

/** Where the number stood, and where it stands now. */
function moving() {
  return [named('window', 'stood'), step('result')];
}

const BANDS = 8;

/** A map that comes about row by row, in a few bands. @param {NodeRecord} record */
function bands({ shape }) {
  if (shape.length !== 3) return plain();
  const [, height] = shape;
  const count = Math.min(BANDS, height);
  return Array.from({ length: count }, (_, i) =>
    step('band', { first: Math.floor((i * height) / count), last: Math.floor(((i + 1) * height) / count) - 1 }),
  );
}

/**
 * The channels one by one, the bias, the result.
 * @param {NodeRecord} record @param {NodeRecord | undefined} source @param {number[]} index
 */
function channelParts(record, source, index) {
  const [first, last] = channelsRead(record, index[0], source?.shape[0] ?? 0);
  const channels = Array.from({ length: last - first }, (_, i) => step('channel', { channel: first + i }));
  return [...channels, ...(record.hyperparameters.bias === false ? [] : [step('bias')]), step('result')];
}

const SMALL = 9; // cells of a kernel that is walked cell by cell; a larger one goes row by row

/**
 * The kernel's cells over the first channel, before whole channels follow.
 * @param {NodeRecord} record @param {NodeRecord | undefined} source @param {number[]} index
 */
function kernelParts(record, source, index) {
  const [channel] = channelsRead(record, index[0], source?.shape[0] ?? 0);
  const [rows, columns] = pair(record.hyperparameters.kernel_size ?? 1);
  if (rows * columns > SMALL) return Array.from({ length: rows }, (_, row) => step('row', { channel, row }));
  return Array.from({ length: rows * columns }, (_, i) =>
    step('cell', { channel, row: Math.floor(i / columns), column: i % columns }),
  );
}
