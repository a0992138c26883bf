/** Walking back from a number to those that it was made from, and how a place in the network is spelt. */
/** @import { Explanation, NodeRecord, Source, Term } from './types.js' */
import { OPS } from './ops/index.js';

/** head[9, 3]: as the field writes it. @param {Source} source */
export const placeName = ({ node, index }) => `${node}[${index.join(', ')}]`;

/** head@9.3: as the address writes it. @param {Source} source */
export const spelt = ({ node, index }) => `${node}@${index.join('.')}`;

/** The inverse of spelt; null where it says no place. @param {string} text @returns {Source | null} */
export function placeOf(text) {
  const found = /^([\w.]+)@(\d{1,7}(?:\.\d{1,7})*)$/.exec(text);
  return found && { node: found[1], index: found[2].split('.').map(Number) };
}

/**
 * The operand that the way back takes when nobody chooses: the number itself where it was only moved, a softmax's own logit,
 * a maximum's winner, else the one that counts most. Null at an input.
 * @param {NodeRecord} record @param {Explanation} explanation @returns {Source | null}
 */
export function nextBack(record, { terms, extra, index }) {
  if (record.op === 'input') return null;
  if (record.op === 'embedding') return { node: record.inputs[0], index: index.slice(0, -1) };
  if (record.op === 'softmax') return terms[index[index.length - 1]]?.source ?? null;
  if (extra.winner !== undefined) return terms[extra.winner].source;
  const read = terms.filter((term) => term.source);
  const computed = read.filter((term) => term.source?.node !== 'input');
  const known = record.op === 'add' && computed.length ? computed : read; // beside the input itself, what the network added leads further
  const most = known.reduce(
    (/** @type {Term | null} */ best, term) => (best && Math.abs(best.product) >= Math.abs(term.product) ? best : term),
    null,
  );
  return most?.source ?? null;
}

/**
 * The explanation of a number whose operands are at hand: the server's where that was asked, else computed here.
 * @param {{explanation: (record: NodeRecord, index: number[]) => Explanation | undefined, operands: (record: NodeRecord) => import('./types.js').Operands}} data
 * @param {NodeRecord} record @param {number[]} index @returns {Explanation}
 */
export const explainedBy = (data, record, index) =>
  data.explanation(record, index) ?? OPS[record.op].terms(record, index, data.operands(record));

/**
 * Every place that an explanation reads, by node, in the order of the terms.
 * @param {Explanation} explanation
 * @returns {Map<string, number[][]>}
 */
export function readPlaces({ terms }) {
  /** @type {Map<string, number[][]>} */
  const places = new Map();
  for (const { source, weight_source } of terms) {
    for (const one of [source, weight_source]) if (one) places.set(one.node, [...(places.get(one.node) ?? []), one.index]);
  }
  return places;
}
