/** Arithmetic cards: from one explanation to printed operands, partial sums and a result that agree with each other. */
/** @import { Explanation, Term } from './types.js' */
import { decimalsFor, fixed, parse, reads, settle, significant, sum } from './numbers.js';

/**
 * @typedef {{label: string, weight: string, value: string, product: string, term: Term}} PrintedTerm
 * @typedef {{label: string, terms: PrintedTerm[], sum: string, value: number}} PrintedGroup
 * @typedef {{groups: PrintedGroup[], total: string, bias: string | null, result: string}} PrintedSum   total: exactly the sum
 *   of the groups' sums
 */

const FINEST = 12;

/**
 * A sum of products. What was computed from printed numbers is printed as computed from them: each product is its printed
 * factors' product, each channel's sum is exactly the sum of its printed products. Digits are added until every product is
 * right to one unit of its last place and the sums with the bias read as the traced result.
 * @param {Explanation} explanation @param {number} result   the traced value @returns {PrintedSum}
 */
export function printedSum(explanation, result) {
  const addends = [...groupsOf(explanation).map((group) => group.sum), explanation.bias ?? 0];
  const last = resultDecimals(addends, result);
  for (let decimals = last; decimals <= FINEST; decimals++) {
    for (let finer = decimals + 1; finer <= decimals + 3; finer++) {
      const card = cardAt(explanation, result, decimals, finer);
      if (card) return card;
    }
  }
  throw new Error(`no number of digits makes ${explanation.node}[${explanation.index}] add up`);
}

/**
 * Decimals of the result: three significant digits, but not finer than the addends are.
 * @param {number[]} addends
 * @param {number} result
 */
const resultDecimals = (addends, result) =>
  Math.min(decimalsFor(result), decimalsFor(Math.max(...addends.map(Math.abs), Math.abs(result))) + 1);

/**
 * @param {Explanation} explanation
 * @param {number} result
 * @param {number} decimals
 * @param {number} finer
 * @returns {PrintedSum | null}
 */
function cardAt(explanation, result, decimals, finer) {
  const printed = printedProducts(explanation.terms, finer);
  if (!printed) return null;
  const groups = groupsOf(explanation).map(({ label, sum: value, start, stop }) => {
    const terms = printed.slice(start, stop);
    return { label, terms, value, sum: fixed(sum(terms.map((term) => parse(term.product))), finer) };
  });
  const bias = explanation.bias === null ? null : fixed(explanation.bias, finer);
  const text = fixed(result, decimals);
  const total = fixed(sum(groups.map((group) => parse(group.sum))), finer);
  return reads(parse(total) + parse(bias ?? '0'), text) ? { groups, total, bias, result: text } : null;
}

/** What printed addends come to so far, with all their decimals. @param {string[]} texts */
export const running = (texts) =>
  fixed(sum(texts.map(parse)), Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0)));

/**
 * Factors with the fewest decimals that keep every product right to one unit of its last place.
 * @param {Term[]} terms
 * @param {number} decimals
 * @returns {PrintedTerm[] | null}
 */
export function printedProducts(terms, decimals) {
  for (let finer = decimals; finer <= decimals + 3; finer++) {
    const printed = [];
    for (const term of terms) {
      const one = printedTerm(term, finer, decimals);
      if (!one) break;
      printed.push(one);
    }
    if (printed.length === terms.length) return printed;
  }
  return null;
}

/**
 * Null where so many decimals do not do.
 * @param {Term} term
 * @param {number} finer
 * @param {number} decimals
 * @returns {PrintedTerm | null}
 */
function printedTerm(term, finer, decimals) {
  const weight = fixed(term.weight ?? 1, finer);
  const value = fixed(term.value, finer);
  const exact = parse(weight) * parse(value);
  const product = fixed(exact, decimals);
  const right = reads(exact, product) && Math.abs(parse(product) - term.product) <= 1.000001 * 10 ** -decimals;
  return right ? { label: term.label, term, weight, value, product } : null;
}

/** @param {Explanation} explanation */
function groupsOf(explanation) {
  const groups = explanation.groups.length
    ? explanation.groups
    : [{ label: '', start: 0, stop: explanation.terms.length, sum: sum(explanation.terms.map((term) => term.product)) }];
  return groups;
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
 * The largest contributions of a long sum one by one, the others as one addend: weight x value = product, and all of it =
 * result.
 * @param {Explanation} explanation @param {number} result @param {number} listed
 * @returns {{terms: PrintedTerm[], total: string, others: string | null, bias: string | null, result: string}}   total: exactly
 *   the sum of the listed products
 */
export function printedContributions(explanation, result, listed) {
  const sorted = [...explanation.terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const top = sorted.slice(0, listed);
  const rest = sorted.slice(listed);
  const others = rest.length ? sum(rest.map((term) => term.product)) : null;
  const first = resultDecimals([...top.map((term) => term.product), others ?? 0, explanation.bias ?? 0], result);
  for (let decimals = first; decimals <= FINEST; decimals++) {
    for (let finer = decimals + 1; finer <= decimals + 3; finer++) {
      const terms = printedProducts(top, finer);
      const print = (/** @type {number | null} */ value) => (value === null ? null : fixed(value, finer));
      const card = { others: print(others), bias: print(explanation.bias), result: fixed(result, decimals) };
      const total = fixed(sum((terms ?? []).map((term) => parse(term.product))), finer);
      if (terms && reads(parse(total) + parse(card.others ?? '0') + parse(card.bias ?? '0'), card.result))
        return { terms, total, ...card };
    }
  }
  throw new Error(`no number of digits makes ${explanation.node}[${explanation.index}] add up`);
}

/**
 * Values whose mean, over a divisor, reads as the result.
 * @param {number[]} values
 * @param {number} divisor
 * @param {number} result
 */
export const printedMean = (values, divisor, result) =>
  settle(values, (printed) => sum(printed) / divisor, result, {
    decimals: Math.min(decimalsFor(result), decimalsFor(Math.max(...values.map(Math.abs))) + 1),
  });

/**
 * Values that share the result's decimals, so that the winner reads as the result.
 * @param {number[]} values
 * @param {number} result
 */
export function printedAlike(values, result) {
  const decimals = Math.min(decimalsFor(Math.max(...values.filter(Number.isFinite).map(Math.abs))) + 1, 8);
  return {
    operands: values.map((value) => (Number.isFinite(value) ? fixed(value, decimals) : '−∞')),
    result: fixed(result, decimals),
  };
}

/**
 * Batch normalisation of one value: y = gamma (x - mean) / sqrt(variance + eps) + beta.
 * @param {{x: number, mean: number, variance: number, eps: number, gamma: number, beta: number}} parts @param {number} result
 */
export function printedNormalisation(parts, result) {
  const { x, mean, variance, eps, gamma, beta } = parts;
  const printed = settle(
    [x, mean, variance, gamma, beta],
    ([a, m, v, g, b]) => (g * (a - m)) / Math.sqrt(v + eps) + b,
    result,
    { decimals: 3, print: significant },
  );
  const [px, pm, pv, pg, pb] = printed.operands;
  return { x: px, mean: pm, variance: pv, gamma: pg, beta: pb, eps: significant(eps, 1), result: printed.result };
}

/**
 * @typedef {{i: number, logit: string, shifted: string, exponential: string, probability: string}} PrintedClass
 * @typedef {{count: number, exponential: string}} PrintedCrowd   the classes that have no line of their own
 * @typedef {{maximum: string, denominator: string, classes: PrintedClass[], others: PrintedCrowd | null}} PrintedSoftmax
 */

/**
 * Softmax in its stable form; every row reads: logit - maximum = shifted, exp(shifted) = exponential, exponential / denominator
 * = probability.
 * @param {number[]} logits
 * @param {number[]=} listed   which classes have a line; the exponentials of the others are one addend
 * @returns {PrintedSoftmax}
 */
export function printedSoftmax(logits, listed = logits.map((_, i) => i)) {
  const maximum = Math.max(...logits);
  const exponentials = logits.map((z) => Math.exp(z - maximum));
  const own = new Set(listed);
  const crowd = { count: logits.length - listed.length, sum: sum(exponentials.filter((_, i) => !own.has(i))) };
  const table = (/** @type {number} */ digits, /** @type {number} */ finer, /** @type {number} */ finest) =>
    softmaxTable({ logits, listed, maximum, exponentials, crowd }, digits, finer, finest);
  for (let digits = 3; digits <= 6; digits++) {
    for (let finer = digits; finer <= digits + 4; finer++) {
      for (let finest = finer; finest <= finer + 3; finest++) {
        const made = table(digits, finer, finest);
        if (softmaxHolds(made)) return made;
      }
    }
  }
  return table(6, 9, 12);
}

/**
 * The shifted logits are the exact differences of the printed ones.
 * @param {{logits: number[], listed: number[], maximum: number, exponentials: number[], crowd: {count: number, sum: number}}} parts
 * @param {number} digits @param {number} finer @param {number} finest @returns {PrintedSoftmax}
 */
function softmaxTable({ logits, listed, maximum, exponentials, crowd }, digits, finer, finest) {
  const denominator = sum(exponentials);
  return {
    maximum: fixed(maximum, finest),
    denominator: significant(denominator, finer),
    others: crowd.count ? { count: crowd.count, exponential: significant(crowd.sum, finer) } : null,
    classes: listed.map((i) => ({
      i,
      logit: fixed(logits[i], finest),
      shifted: fixed(rounded(logits[i], finest) - rounded(maximum, finest), finest),
      exponential: significant(exponentials[i], finer),
      probability: significant(exponentials[i] / denominator, digits),
    })),
  };
}

/** @param {PrintedSoftmax} table */
function softmaxHolds({ denominator, classes, others }) {
  const rows = classes.every(
    ({ shifted, exponential, probability }) =>
      reads(Math.exp(parse(shifted)), exponential) && reads(parse(exponential) / parse(denominator), probability),
  );
  return rows && reads(sum(classes.map((row) => parse(row.exponential))) + parse(others?.exponential ?? '0'), denominator);
}
