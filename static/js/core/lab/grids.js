/** Grids of numbers: as nested lists, in an address, as a spreadsheet's text, filled at random. */
/** @import { Nested } from './types.js' */

export const MOST = 64; // cells along a side
const SEPARATORS = ['_', '*', '**', '***']; // an address leaves these as they are

/** @param {Nested} grid @returns {number[]} */
export const shapeOf = (grid) => (Array.isArray(grid) ? [grid.length, ...shapeOf(grid[0])] : []);

/** @param {Nested} grid @returns {number[]} */
export const flat = (grid) => (Array.isArray(grid) ? /** @type {any} */ (grid).flat(Infinity) : [grid]);

/** How many numbers a grid holds. @param {Nested} grid */
export const countOf = (grid) => shapeOf(grid).reduce((a, b) => a * b, 1);

/** @param {ArrayLike<number>} numbers @param {number[]} shape @returns {Nested} */
export function nest(numbers, shape) {
  if (shape.length === 0) return numbers[0];
  const [count, ...rest] = shape;
  const each = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, i) => nest(Array.prototype.slice.call(numbers, i * each, (i + 1) * each), rest));
}

/** @param {number} value */
const word = (value) =>
  Number.isNaN(value) ? 'nan' : value === Infinity ? 'inf' : value === -Infinity ? '-inf' : String(value);

/**
 * "3", "-0.5", "1e-3", "nan", "∞"; null for what is no number. A comma is a decimal point.
 * @param {string} text
 * @returns {number | null}
 */
export function numberOf(text) {
  const plain = text.trim().replace('−', '-').replace(',', '.').toLowerCase();
  if (plain === 'nan') return NaN;
  const infinite = /^([+-]?)(inf(inity)?|∞)$/.exec(plain);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/.test(plain) ? Number(plain) : null;
}

/** As an address holds it: 1_2*3_4 for two rows. @param {Nested} grid @returns {string} */
export function written(grid) {
  const depth = shapeOf(grid).length;
  return depth === 0 ? word(grid) : /** @type {any[]} */ (grid).map(written).join(SEPARATORS[depth - 1]);
}

/**
 * The grid of an address; null when the text is none of that rank or its rows differ in length.
 * @param {string} text
 * @param {number} rank
 * @returns {Nested | null}
 */
export function readGrid(text, rank) {
  if (rank === 0) return numberOf(text);
  const parts = rank === 1 ? text.split('_') : splitAt(text, SEPARATORS[rank - 1]);
  const grid = parts.map((part) => readGrid(part, rank - 1));
  const alike = grid.every((part) => part !== null && String(shapeOf(part)) === String(shapeOf(grid[0])));
  return alike && shapeOf(grid).every((side) => side >= 1 && side <= MOST) ? grid : null;
}

/** Splits at runs of exactly so many stars. @param {string} text @param {string} separator */
const splitAt = (text, separator) => text.split(new RegExp(`(?<!\\*)\\*{${separator.length}}(?!\\*)`));

/**
 * A spreadsheet's cells, or what one types: rows by lines, cells by tabs, blanks, semicolons or commas.
 * @param {string} text
 * @returns {number[][] | null}
 */
export function fromText(text) {
  const lines = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  const rows = lines.map((line) => cellsOf(line).map(numberOf));
  const wide = Math.max(0, ...rows.map((row) => row.length));
  if (!wide || rows.some((row) => row.length !== wide || row.includes(null))) return null;
  return /** @type {number[][]} */ (rows);
}

/** @param {string} line */
function cellsOf(line) {
  const cut = line.includes('\t') ? /\t/ : line.includes(';') ? /;\s*/ : /,\s|\s+/.test(line) ? /,?\s+/ : /,/;
  return line.replace(/^[[({]+|[\])};,]+$/g, '').split(cut);
}

/** For a spreadsheet: tabs and lines, an empty line between channels. @param {Nested} grid @returns {string} */
export function asText(grid) {
  const rank = shapeOf(grid).length;
  if (rank === 0) return word(grid);
  if (rank === 1) return /** @type {number[]} */ (grid).map(word).join('\t');
  return /** @type {any[]} */ (grid).map(asText).join(rank === 2 ? '\n' : '\n\n');
}

/** Cut, or filled up with zeros. @param {Nested} grid @param {number[]} shape @returns {Nested} */
export function resized(grid, shape) {
  if (shape.length === 0) return typeof grid === 'number' ? grid : 0;
  return Array.from({ length: shape[0] }, (_, i) => resized(Array.isArray(grid) ? grid[i] : undefined, shape.slice(1)));
}

/** With one cell changed. @param {Nested} grid @param {number[]} at @param {number} value @returns {Nested} */
export function changed(grid, at, value) {
  if (at.length === 0) return value;
  return /** @type {any[]} */ (grid).map((part, i) => (i === at[0] ? changed(part, at.slice(1), value) : part));
}

/**
 * Numbers that look random and are the same for a seed (mulberry32, Tommy Ettinger 2017, public domain).
 * @param {number} seed
 * @returns {() => number} in 0 .. 1
 */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Whole numbers from low to high, both included.
 * @param {number[]} shape
 * @param {number} seed
 * @param {number=} low
 * @param {number=} high
 * @returns {Nested}
 */
export function randomGrid(shape, seed, low = 0, high = 9) {
  const random = randomOf(seed);
  const count = shape.reduce((a, b) => a * b, 1);
  return nest(
    Array.from({ length: count }, () => low + Math.floor(random() * (high - low + 1))),
    shape,
  );
}

/** The end of a range around zero that holds all finite numbers. @param {Nested} grid */
export const boundOfGrid = (grid) =>
  flat(grid).reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0) || 1;

/**
 * Short enough for a cell: whole numbers as they are, others with three significant digits.
 * @param {number} value
 * @returns {string}
 */
export function short(value) {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const whole = Number.isInteger(value) && size < 1e6;
  if (whole) return String(value).replace('-', '−');
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(1).replace('e+', 'e') : String(Number(value.toPrecision(3)));
  return text.replace('-', '−').replace('e-', 'e−');
}
