/**
 * A unit's numbers printed so that each line, evaluated on what is printed, gives what is printed. Every number is the run's,
 * rounded; digits are added only where a line would not read as its result.
 */
/** @import { Term } from '../types.js' */
/** @import { PrintedTerm } from '../arithmetic.js' */
/** @import { Gate, Opened } from './unit.js' */
import { printedProducts } from '../arithmetic.js';
import { decimalsFor, fixed, parse, reads, sum } from '../numbers.js';
import { SQUASH, UPDATES } from './cells.js';

const FEWEST = 3;
const FINEST = 12;

/**
 * @typedef {{a: string, value: string, reset?: string}} PrintedGate
 * @typedef {{text: string, parts: string[], squashed: string | null}} PrintedLine   parts: its products; squashed: tanh(c)
 * @typedef {object} PrintedCell
 * @property {Record<string, PrintedGate>} gates
 * @property {Record<string, PrintedLine>} update    by state: c, h
 * @property {Record<string, string>} texts          every operand of the update by its name
 */

/** @type {WeakMap<Opened, PrintedCell>} */
const known = new WeakMap();

/** @param {Opened} opened @returns {PrintedCell} */
export function printedCell(opened) {
  const made = known.get(opened) ?? printCell(opened);
  known.set(opened, made);
  return made;
}

/** @param {Opened} opened @returns {PrintedCell} */
function printCell(opened) {
  const numbers = numbersOf(opened);
  const { h, gate: decimals, c } = updateDecimals(opened, numbers, fewestDecimals(opened));
  const reset = resetDecimals(opened, decimals);
  const print = (/** @type {string} */ name) =>
    fixed(
      numbers[name],
      name === 'h'
        ? h
        : name === 'c'
          ? c
          : name === 'r'
            ? reset
            : name === 'g' && opened.unit
              ? Math.min(decimals, STRAIGHT)
              : decimals,
    );
  const texts = Object.fromEntries(Object.keys(numbers).map((name) => [name, print(name)]));
  const gates = Object.fromEntries(
    opened.gates.map((gate) => [gate.name, printedGate(opened, gate, print(gate.name), texts.r)]),
  );
  const update = Object.fromEntries(opened.update.map((line) => [line.name, printedLine(opened, line, texts)]));
  return { gates, update, texts };
}

const STRAIGHT = 6; // decimals up to which a hand-set network's tanh is the straight line that it stands for

/** Gates, states before and after, by name. @param {Opened} opened @returns {Record<string, number>} */
function numbersOf({ gates, update, h_previous, c_previous, unit }) {
  const straight = (/** @type {Gate} */ { squash, value }) =>
    unit && squash === 'linear' ? parse(fixed(value, STRAIGHT)) : value;
  const found = Object.fromEntries([
    ...gates.map((gate) => [gate.name, straight(gate)]),
    ...update.map(({ name, value }) => [name, value]),
  ]);
  return { ...found, h_previous, ...(c_previous === null ? {} : { c_previous }) };
}

/**
 * Where digits begin: whole numbers have none; a hand-set network shows how near to whole its gates come.
 * @param {Opened} opened
 */
function fewestDecimals(opened) {
  const { update, gates, unit } = opened;
  const all = [...update, ...gates]
    .map(({ value }) => value)
    .concat(
      gates.map(({ preactivation }) => preactivation),
      opened.h_previous,
      opened.c_previous ?? 0,
    );
  if (all.every((value) => Math.abs(value - Math.round(value)) < 1e-6)) return { h: 0, gate: 0 };
  const last = update.length ? update[update.length - 1].value : gates[0].value;
  if (unit) return { h: STRAIGHT - 1, gate: STRAIGHT - 1, c: STRAIGHT - 1 }; // one more would be the float32 of the run, 6.999772 for 6.999773
  return { h: Math.min(Math.max(decimalsFor(last), 2), FEWEST + 1), gate: FEWEST };
}

/**
 * The fewest decimals of gates and of c with which the update reads as its results.
 * @param {Opened} opened
 * @param {Record<string, number>} numbers
 * @param {{h: number, gate: number, c?: number}} fewest
 * @returns {{h: number, gate: number, c: number}}
 */
function updateDecimals(opened, numbers, fewest) {
  const lines = opened.update.filter(({ forced }) => !forced);
  if (opened.cell === 'rnn')
    return gatesHold(opened, fewest.h) || fewest.h === 0
      ? { h: fewest.h, gate: fewest.h, c: fewest.h }
      : updateDecimals(opened, numbers, { ...fewest, h: fewest.h - 1 });
  const least = Math.max(fewest.h, fewest.c ?? 0);
  for (let more = 0; more <= 2 * FINEST; more++) {
    for (let c = Math.min(least + more, FINEST); c >= least; c--) {
      const gate = fewest.gate + more - (c - least);
      if (gate > FINEST || gate < 0 || !gatesHold(opened, gate)) continue;
      const text = (/** @type {string} */ name) => fixed(numbers[name], name === 'h' ? fewest.h : name === 'c' ? c : gate);
      if (
        lines.every((line) =>
          reads(
            evaluated(
              opened,
              line.name,
              Object.keys(line.operands).map((name) => parse(text(name))),
            ),
            text(line.name),
          ),
        )
      )
        return { h: fewest.h, gate, c };
    }
  }
  const h = fewest.h - 1;
  if (h >= 0)
    return updateDecimals(opened, numbers, {
      gate: Math.min(fewest.gate, FEWEST),
      h,
      c: Math.min(fewest.c ?? h, h < FEWEST ? h : FINEST),
    }); // float32 has no more digits in common
  throw new Error(`no number of digits makes the update of unit ${opened.place.unit} hold`);
}

/**
 * Whether every gate's squashing, in double, reads as what torch has in float32: it does up to six decimals or so.
 * @param {Opened} opened
 * @param {number} decimals
 */
const gatesHold = ({ gates, rounded, unit }, decimals) =>
  gates.every(
    (gate) =>
      gate.forced ||
      (rounded && gate.squash === 'sigmoid') ||
      reads(
        SQUASH[gate.squash](gate.preactivation),
        fixed(gate.value, unit && gate.squash === 'linear' ? Math.min(decimals, STRAIGHT) : decimals),
      ),
  );

/**
 * A line of the update; in the other convention z and 1 - z change places.
 * @param {Opened} opened
 * @param {string} name
 * @param {number[]} values
 */
function evaluated({ cell, gates, unit }, name, values) {
  const line = /** @type {import('./cells.js').Line} */ (UPDATES[cell].find((one) => one.name === name));
  const turned = gates.some(({ complement }) => complement) ? [1 - values[0], ...values.slice(1)] : values;
  return line.evaluate(turned, unit ? SQUASH.linear : Math.tanh);
}

/**
 * A GRU's r also scales the recurrent side of n, which must read as n's pre-activation.
 * @param {Opened} opened
 * @param {number} decimals
 */
function resetDecimals(opened, decimals) {
  const n = opened.gates.find(({ hn }) => hn !== undefined);
  if (!n || n.reset === undefined || n.hn === undefined) return decimals;
  const rest = n.preactivation - n.reset * n.hn;
  const a = fixed(n.preactivation, squashDecimals(opened, n, fixed(n.value, decimals)));
  for (let finer = decimals; finer <= FINEST; finer++) if (reads(rest + parse(fixed(n.reset, finer)) * n.hn, a)) return finer;
  return FINEST;
}

/**
 * Decimals of a pre-activation that make its squashing read as the gate.
 * @param {Opened} opened
 * @param {Gate} gate
 * @param {string} value
 */
function squashDecimals({ rounded, gates }, gate, value) {
  const whole = gates.every(({ preactivation }) => Math.abs(preactivation - Math.round(preactivation)) < 1e-6);
  const first = whole ? 0 : Math.min(FEWEST, value.split('.')[1]?.length ?? FEWEST);
  for (let decimals = first; decimals <= FINEST; decimals++) {
    const found = SQUASH[gate.squash](parse(fixed(gate.preactivation, decimals)));
    if (gate.forced || reads(rounded && gate.squash === 'sigmoid' ? Math.round(found) : found, value)) return decimals;
  }
  throw new Error(`no number of digits makes gate ${gate.name} hold`);
}

/** @param {Opened} opened @param {Gate} gate @param {string} value @param {string} reset @returns {PrintedGate} */
function printedGate(opened, gate, value, reset) {
  const a = fixed(gate.preactivation, squashDecimals(opened, gate, value));
  return gate.hn === undefined ? { a, value } : { a, value, reset };
}

/**
 * The line's products, computed from what is printed, with digits until they read as the result.
 * @param {Opened} opened
 * @param {Opened['update'][0]} line
 * @param {Record<string, string>} texts
 * @returns {PrintedLine}
 */
function printedLine({ cell, gates, unit }, { name, forced }, texts) {
  const value = (/** @type {string} */ one) => parse(texts[one]);
  const text = texts[name];
  if (name === 'h' && cell === 'lstm') {
    const squash = unit ? SQUASH.linear : Math.tanh;
    const least = text.split('.')[1]?.length ?? 0;
    for (let decimals = least; decimals <= FINEST; decimals++) {
      const squashed = fixed(squash(value('c')), decimals);
      if (forced || reads(value('o') * parse(squashed), text)) return { text, parts: [], squashed };
    }
  }
  const products =
    cell === 'lstm'
      ? [value('f') * value('c_previous'), value('i') * value('g')]
      : gruProducts(
          gates.some(({ complement }) => complement),
          value,
        );
  for (let decimals = text.split('.')[1]?.length ?? 0; decimals <= FINEST; decimals++) {
    const parts = products.map((product) => fixed(product, decimals));
    if (forced || reads(sum(parts.map(parse)), text)) return { text, parts, squashed: null };
  }
  throw new Error(`no number of digits makes ${name} add up`);
}

/** What stays of h, and what is new. @param {boolean} complement @param {(name: string) => number} value */
function gruProducts(complement, value) {
  const kept = complement ? 1 - value('z') : value('z');
  return [kept * value('h_previous'), (1 - kept) * value('n')];
}

/**
 * @typedef {{terms: PrintedTerm[], others: string | null, count: number, sum: string, value: number}} PrintedSide   count: of
 *   the others; sum: exactly what is printed above it
 * @typedef {{input: PrintedSide, recurrent: PrintedSide, biases: string[], hn: string | null, a: string, value: string, reset?: string}} PrintedSums
 */

/**
 * How a gate's pre-activation comes about: both sides' largest products, the others as one number, the biases.
 * biases: [b_ih, b_hh]; merged into one where the cell is told so. hn: the recurrent side that r scales.
 * @param {Opened} opened @param {Gate} gate @param {number} listed   of each side @returns {PrintedSums}
 */
export function printedSums(opened, gate, listed) {
  const own = printedCell(opened).gates[gate.name];
  const least = own.a.split('.')[1]?.length ?? 0;
  const biases = opened.merged && gate.hn === undefined ? [gate.bias_ih] : [gate.bias_ih, gate.bias_hh];
  for (let decimals = least === 0 ? 0 : least + 1; decimals <= FINEST; decimals++) {
    const input = side(gate.input, gate.input_sum, listed, decimals);
    const recurrent = side(gate.recurrent, gate.recurrent_sum, listed, decimals);
    if (!input || !recurrent) continue;
    const printed = biases.map((bias) => fixed(bias, decimals));
    const [b, d = 0] = printed.map(parse);
    const hn = gate.hn === undefined ? null : fixed(parse(recurrent.sum) + d, decimals);
    const total =
      parse(input.sum) + b + (hn === null ? parse(recurrent.sum) + d : parse(/** @type {string} */ (own.reset)) * parse(hn));
    if (reads(total, own.a)) return { input, recurrent, biases: printed, hn, ...own };
  }
  throw new Error(`no number of digits makes gate ${gate.name} add up`);
}

/** @param {Term[]} terms @param {number} total @param {number} listed @param {number} decimals @returns {PrintedSide | null} */
function side(terms, total, listed, decimals) {
  const { top, rest } = largest(terms, listed);
  const printed = printedProducts(top, decimals);
  if (!printed) return null;
  const others = rest.length ? fixed(sum(rest.map(({ product }) => product)), decimals) : null;
  const texts = [...printed.map(({ product }) => product), ...(others === null ? [] : [others])];
  return { terms: printed, others, count: rest.length, sum: fixed(sum(texts.map(parse)), decimals), value: total };
}

/**
 * The largest products in the order of their size, and the others in their own.
 * @param {Term[]} terms
 * @param {number} listed
 */
export function largest(terms, listed) {
  const sorted = [...terms].sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
  const top = sorted.slice(0, terms.length === listed + 1 ? terms.length : listed);
  const there = new Set(top); // a single other has a name
  return { top, rest: terms.filter((term) => !there.has(term)) };
}

/**
 * The others one by one, with digits until they add up to their printed sum.
 * @param {Term[]} rest
 * @param {string} others
 * @returns {PrintedTerm[]}
 */
export function printedOthers(rest, others) {
  for (let decimals = others.split('.')[1]?.length ?? 0; decimals <= FINEST; decimals++) {
    const printed = printedProducts(rest, decimals);
    if (printed && reads(sum(printed.map(({ product }) => parse(product))), others)) return printed;
  }
  throw new Error('no number of digits makes the others add up');
}
