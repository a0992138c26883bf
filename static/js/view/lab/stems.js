/** Bars over the columns of a plane, the band of a window, and the numbers of an axis. */
/** @import { Frame } from '../../core/lab/types.js' */
/** @import { Colours } from '../colors.js' */
import { s } from '../dom.js';

const WIDE = 0.5; // of a column

/** @param {number[]} values */
const rangeOf = (values) => {
  const finite = values.filter(Number.isFinite);
  return [Math.min(0, ...finite), Math.max(0, ...finite)];
};

/**
 * A bar for every number that there is; NaN: none.
 * @param {Frame} frame
 * @param {number[]} values   one per column
 * @param {{colours: Colours, kind?: string, band?: [number, number] | null, mark?: (column: number) => string, range?: number[]}} how
 */
export function stems(frame, values, { colours, kind = '', band = null, mark = () => '', range = values }) {
  const { x, y, wide, tall, rows, columns } = frame;
  const [low, high] = rangeOf(range);
  const room = rows * tall * 0.9;
  const top = y + rows * tall * 0.08;
  const level = (/** @type {number} */ value) => top + ((high - value) / (high - low || 1)) * room;
  const zero = level(0);
  const bound = Math.max(-low, high) || 1;
  return [
    band
      ? s('rect', { class: 'band', x: x + band[0] * wide, y, width: (band[1] - band[0] + 1) * wide, height: rows * tall })
      : null,
    ...values.map((value, i) =>
      Number.isFinite(value) && value !== 0
        ? s('rect', {
            class: `stem ${kind} ${mark(i)}`,
            x: x + (i + (1 - WIDE) / 2) * wide,
            y: Math.min(zero, level(value)),
            width: WIDE * wide,
            height: Math.max(1, Math.abs(level(value) - zero)),
            ...(kind ? {} : { fill: colours.fill(value, bound) }),
          })
        : null,
    ),
    s('line', { class: 'zero', x1: x, x2: x + columns * wide, y1: zero, y2: zero }),
  ].filter(Boolean);
}

/**
 * Names at the left of rows that stand under each other: [name, middle of its row in cells].
 * @param {Frame} frame
 * @param {[string, number][]} names
 */
export function names({ x, y, wide, tall, columns, text }, names) {
  const size = Math.min(text, ...names.map(([name]) => (wide * columns * 0.96) / ems(name)));
  return names.map(([name, middle]) =>
    s('text', { class: 'row-name', x: x + wide * columns - 0.4 * size, y: y + middle * tall, 'font-size': size }, name),
  );
}

/** How wide words are, in text sizes: Chinese characters are as wide as they are high. @param {string} text */
export const ems = (text) => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.56), 0.5);

/**
 * The places of an axis.
 * @param {Frame} frame
 * @param {number} first   the number of the first column
 * @param {number} here   the column that is looked at
 */
export function places({ x, y, wide, tall, rows, columns, text }, first, here) {
  const size = Math.min(text * 0.95, rows * tall);
  const every = Math.max(1, Math.ceil((1.9 * size) / wide));
  return Array.from({ length: columns }, (_, i) =>
    i === here || (i + first) % every === 0
      ? s(
          'text',
          { class: `place${i === here ? ' now' : ''}`, x: x + (i + 0.5) * wide, y: y + (rows * tall) / 2, 'font-size': size },
          String(i + first).replace('-', '−'),
        )
      : null,
  ).filter(Boolean);
}
