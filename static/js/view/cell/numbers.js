/** The numbers on the wires of a cell's diagram, by name, printed as the equations have them. */
/** @import { Context } from './context.js' */
import { fixed, parse } from '../../core/numbers.js';
import { printedSums } from '../../core/recurrent/print.js';
import { gateNamed } from '../../core/recurrent/unit.js';

/** @typedef {{text: string, value: number}} Carried */

/** @param {Context} context @returns {Record<string, Carried>} */
export function carried({ opened, printed, run }) {
  const { update, texts } = printed;
  const line = update.c ?? update.h;
  /** @type {Record<string, string | null | undefined>} */
  const named = {
    ...texts,
    kept: line?.parts[0],
    added: line?.parts[1],
    squashed: update.h?.squashed,
    ...(run.cell === 'gru' ? scaledSide(opened) : {}),
    ...(run.cell === 'rnn' ? bothSides(opened) : {}),
  };
  const there = Object.entries(named).filter((entry) => typeof entry[1] === 'string');
  return Object.fromEntries(there.map(([name, text]) => [name, { text: String(text), value: parse(String(text)) }]));
}

/** A GRU's recurrent side of n before and after r. @param {Context['opened']} opened */
function scaledSide(opened) {
  const { hn, reset } = printedSums(opened, gateNamed(opened, 'n'), 0);
  return { hn, reset: product(String(reset), String(hn)) };
}

/** Two factors' product with the second one's digits. @param {string} one @param {string} other */
export const product = (one, other) => fixed(parse(one) * parse(other), decimalsOf(other));

/** A plain cell's two sides, each with its bias. @param {Context['opened']} opened */
function bothSides(opened) {
  const {
    input,
    recurrent,
    biases: [b, d = '0'],
    a,
  } = printedSums(opened, opened.gates[0], 0);
  return { input: added(input.sum, b), recurrent: added(recurrent.sum, d), a };
}

/** Exactly the sum of two printed numbers. @param {string} one @param {string} other */
export const added = (one, other) => fixed(parse(one) + parse(other), Math.max(decimalsOf(one), decimalsOf(other)));

/** @param {string} text */
const decimalsOf = (text) => text.split('.')[1]?.length ?? 0;
