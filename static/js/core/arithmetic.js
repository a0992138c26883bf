/** Arithmetic cards: from one explanation to printed operands, partial sums and a result that agree with each other. */
/** @import { Explanation, Term } from './types.js' */
import { decimalsFor, fixed, leastDecimals, parse, reads, settle, significant, sum } from './numbers.js';

/**
 * @typedef {{label: string, weight: string | null, value: string, product: string, term: Term}} PrintedTerm
 * @typedef {{label: string, terms: PrintedTerm[], sum: string, value: number}} PrintedGroup
 * @typedef {{groups: PrintedGroup[], bias: string | null, result: string}} PrintedSum
 */

const FINEST = 12;

/**
 * A sum of products: each weight x value reads as its product, each channel's products as its sum, the sums and the bias as the result.
 * @param {Explanation} explanation @param {number} result   the traced value @returns {PrintedSum}
 */
export function printedSum(explanation, result) {
  const groups = groupsOf(explanation);
  const addends = [...groups.map((group) => group.sum), ...(explanation.bias === null ? [] : [explanation.bias])];
  const coarse = decimalsFor(Math.max(...addends.map(Math.abs), Math.abs(result))) + 1;
  for (let decimals = Math.min(decimalsFor(result), coarse); decimals <= FINEST; decimals++) {
    const card = cardAt(explanation, groups, addends, result, decimals);
    if (card) return card;
  }
  return cardWith(explanation, groups, [9, 9, 9, 9], result);
}

/** @param {Explanation} explanation @param {ReturnType<typeof groupsOf>} groups @param {number[]} addends @param {number} result @param {number} decimals */
function cardAt(explanation, groups, addends, result, decimals) {
  const last = fixed(result, decimals);
  let sums = leastDecimals(decimals, (d) => reads(sum(addends.map((value) => rounded(value, d))), last));
  for (let tries = 0; sums !== null && tries < 4; tries++, sums++) {
    const settled = sums;
    if (!reads(sum(addends.map((value) => rounded(value, settled))), last)) continue;
    const products = leastDecimals(settled, (d) => groups.every((group) =>
      reads(sum(group.terms.map((term) => rounded(term.product, d))), fixed(group.sum, settled))));
    if (products === null) continue;
    const operands = operandDecimals(explanation.terms, products);
    if (operands !== null) return cardWith(explanation, groups, [operands, products, settled, decimals], result);
  }
  return null;
}

/** @param {Term[]} terms @param {number} products */
const operandDecimals = (terms, products) => leastDecimals(Math.max(products, 2), (d) => terms.every((term) =>
  term.weight === null || reads(rounded(term.weight, d) * rounded(term.value, d), fixed(term.product, products))));

/** @param {Explanation} explanation @param {ReturnType<typeof groupsOf>} groups @param {number[]} digits @param {number} result @returns {PrintedSum} */
function cardWith(explanation, groups, [operands, products, sums, decimals], result) {
  const print = (/** @type {Term} */ term) => ({
    label: term.label, term,
    weight: term.weight === null ? null : fixed(term.weight, operands),
    value: fixed(term.value, operands), product: fixed(term.product, products),
  });
  return {
    groups: groups.map((group) => ({ label: group.label, terms: group.terms.map(print), sum: fixed(group.sum, sums), value: group.sum })),
    bias: explanation.bias === null ? null : fixed(explanation.bias, sums),
    result: fixed(result, decimals),
  };
}

/** @param {Explanation} explanation */
function groupsOf(explanation) {
  const groups = explanation.groups.length ? explanation.groups
    : [{ label: '', start: 0, stop: explanation.terms.length, sum: sum(explanation.terms.map((term) => term.product)) }];
  return groups.map((group) => ({ label: group.label, sum: group.sum, terms: explanation.terms.slice(group.start, group.stop) }));
}

/** @param {number} value @param {number} decimals */
const rounded = (value, decimals) => parse(fixed(value, decimals));

/**
 * A plain sum of addends that reads as its result.
 * @param {number[]} addends @param {number} result
 */
export function printedAddends(addends, result) {
  const coarse = decimalsFor(Math.max(...addends.map(Math.abs), Math.abs(result))) + 1;
  return settle(addends, sum, result, { decimals: Math.min(decimalsFor(result), coarse) });
}

/**
 * The largest contributions of a long sum one by one, the others as one addend: weight x value = product, and all of it = result.
 * @param {Explanation} explanation @param {number} result @param {number} listed
 */
export function printedContributions(explanation, result, listed) {
  const sorted = [...explanation.terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const top = sorted.slice(0, listed), rest = sorted.slice(listed);
  const bias = explanation.bias === null ? [] : [explanation.bias];
  const others = rest.length ? [sum(rest.map((term) => term.product))] : [];
  const line = printedAddends([...top.map((term) => term.product), ...others, ...bias], result);
  const products = line.decimals;
  const operands = operandDecimals(top, products) ?? FINEST;
  return {
    terms: top.map((term) => ({ term, weight: fixed(term.weight ?? 0, operands), value: fixed(term.value, operands), product: fixed(term.product, products) })),
    others: rest.length ? line.operands[top.length] : null,
    bias: bias.length ? line.operands[line.operands.length - 1] : null,
    result: line.result,
  };
}

/** Values whose mean, over a divisor, reads as the result. @param {number[]} values @param {number} divisor @param {number} result */
export const printedMean = (values, divisor, result) =>
  settle(values, (printed) => sum(printed) / divisor, result,
    { decimals: Math.min(decimalsFor(result), decimalsFor(Math.max(...values.map(Math.abs))) + 1) });

/** Values that share the result's decimals, so that the winner reads as the result. @param {number[]} values @param {number} result */
export function printedAlike(values, result) {
  const decimals = Math.min(decimalsFor(Math.max(...values.filter(Number.isFinite).map(Math.abs))) + 1, 8);
  return { operands: values.map((value) => (Number.isFinite(value) ? fixed(value, decimals) : '−∞')), result: fixed(result, decimals) };
}

/**
 * Batch normalisation of one value: y = gamma (x - mean) / sqrt(variance + eps) + beta.
 * @param {{x: number, mean: number, variance: number, eps: number, gamma: number, beta: number}} parts @param {number} result
 */
export function printedNormalisation(parts, result) {
  const { x, mean, variance, eps, gamma, beta } = parts;
  const printed = settle([x, mean, variance, gamma, beta],
    ([a, m, v, g, b]) => (g * (a - m)) / Math.sqrt(v + eps) + b, result,
    { decimals: 3, print: significant });
  const [px, pm, pv, pg, pb] = printed.operands;
  return { x: px, mean: pm, variance: pv, gamma: pg, beta: pb, eps: significant(eps, 1), result: printed.result };
}

/**
 * @typedef {{logit: string, shifted: string, exponential: string, probability: string}} PrintedClass
 * @typedef {{maximum: string, denominator: string, classes: PrintedClass[]}} PrintedSoftmax
 */

/**
 * Softmax in its stable form; every row reads: logit - maximum = shifted, exp(shifted) = exponential, exponential / denominator = probability.
 * @param {number[]} logits @returns {PrintedSoftmax}
 */
export function printedSoftmax(logits) {
  for (let digits = 3; digits <= 6; digits++) {
    for (let finer = digits; finer <= digits + 4; finer++) {
      for (let finest = finer; finest <= finer + 3; finest++) {
        const table = softmaxTable(logits, digits, finer, finest);
        if (softmaxHolds(table)) return table;
      }
    }
  }
  return softmaxTable(logits, 6, 9, 12);
}

/**
 * The shifted logits are the exact differences of the printed ones.
 * @param {number[]} logits @param {number} digits @param {number} finer @param {number} finest @returns {PrintedSoftmax}
 */
function softmaxTable(logits, digits, finer, finest) {
  const maximum = Math.max(...logits);
  const exponentials = logits.map((z) => Math.exp(z - maximum));
  const denominator = sum(exponentials);
  return {
    maximum: fixed(maximum, finest),
    denominator: significant(denominator, finer),
    classes: logits.map((z, i) => ({
      logit: fixed(z, finest),
      shifted: fixed(rounded(z, finest) - rounded(maximum, finest), finest),
      exponential: significant(exponentials[i], finer),
      probability: significant(exponentials[i] / denominator, digits),
    })),
  };
}

/** @param {PrintedSoftmax} table */
function softmaxHolds({ denominator, classes }) {
  const rows = classes.every(({ shifted, exponential, probability }) =>
    reads(Math.exp(parse(shifted)), exponential) && reads(parse(exponential) / parse(denominator), probability));
  return rows && reads(sum(classes.map((row) => parse(row.exponential))), denominator);
}
