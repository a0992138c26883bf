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

const MINUS = /[−–﹣－]/g; // U+2212, the dash that word processors make of it, and those of Chinese input methods

/** What a Chinese keyboard gives in full width, in the usual one: digits, letters, signs, blanks. @param {string} text */
const narrow = (text) =>
  text
    .replace(/[！-～]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0]/g, ' ')
    .replace(MINUS, '-')
    .replaceAll('。', '.');

/**
 * "3", "-0.5", "1e-3", "nan", "∞", "１．５"; null for what is no number. A comma is a decimal point.
 * @param {string} text
 * @returns {number | null}
 */
export function numberOf(text) {
  const plain = narrow(text).trim().replace(',', '.').toLowerCase();
  if (plain === 'nan') return NaN;
  const infinite = /^([+-]?)(inf(inity)?|∞)$/.exec(plain);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/.test(plain) ? Number(plain) : null;
}

const PACKED = 100; // numbers: grids from so many on are bytes in an address, if they are whole and small
const BYTES = /** @type {[string, number][]} */ ([
  ['u', 0],
  ['i', -128],
]); // a letter for the range, and its lowest number

/**
 * Whole numbers as one byte each, in base64 with the letters of addresses; null for others.
 * @param {Nested} grid
 * @returns {string | null}
 */
function packed(grid) {
  const numbers = flat(grid);
  const range = BYTES.find(([, low]) => numbers.every((value) => Number.isInteger(value) && value >= low && value < low + 256));
  if (!range || numbers.some((value) => Object.is(value, -0))) return null;
  const text = btoa(numbers.map((value) => String.fromCharCode(value - range[1])).join(''));
  return ['', range[0], ...shapeOf(grid), text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')].join('.');
}

/** @param {string} text @param {number} rank @returns {Nested | null} */
function unpacked(text, rank) {
  const [, letter, ...rest] = text.split('.');
  const low = BYTES.find(([name]) => name === letter)?.[1];
  const shape = rest.slice(0, -1).map(Number);
  const code = (rest.at(-1) ?? '').replaceAll('-', '+').replaceAll('_', '/');
  if (low === undefined || shape.length !== rank || !/^[\w+/]*$/.test(code) || code.length % 4 === 1) return null;
  const bytes = atob(code);
  if (shape.some((side) => !(side >= 1 && side <= MOST)) || bytes.length !== shape.reduce((a, b) => a * b, 1)) return null;
  return nest(
    Array.from(bytes, (byte) => byte.charCodeAt(0) + low),
    shape,
  );
}

/** As an address holds it: 1_2*3_4 for two rows; large ones packed. @param {Nested} grid @returns {string} */
export const written = (grid) => (countOf(grid) >= PACKED ? packed(grid) : null) ?? spelled(grid);

/** @param {Nested} grid @returns {string} */
function spelled(grid) {
  const depth = shapeOf(grid).length;
  return depth === 0 ? word(grid) : /** @type {any[]} */ (grid).map(spelled).join(SEPARATORS[depth - 1]);
}

/**
 * The grid of an address; null when the text is none of that rank or its rows differ in length.
 * @param {string} text
 * @param {number} rank
 * @returns {Nested | null}
 */
export function readGrid(text, rank) {
  if (/^\.[a-z]/.test(text)) return unpacked(text, rank);
  if (rank === 0) return numberOf(text);
  const parts = rank === 1 ? text.split('_') : splitAt(text, SEPARATORS[rank - 1]);
  const grid = parts.map((part) => readGrid(part, rank - 1));
  const alike = grid.every((part) => part !== null && String(shapeOf(part)) === String(shapeOf(grid[0])));
  return alike && shapeOf(grid).every((side) => side >= 1 && side <= MOST) ? grid : null;
}

/** Splits at runs of exactly so many stars. @param {string} text @param {string} separator */
const splitAt = (text, separator) => text.split(new RegExp(`(?<!\\*)\\*{${separator.length}}(?!\\*)`));

/**
 * A spreadsheet's cells, or what one types: rows by lines, cells by tabs, blanks, semicolons or commas; also lists in brackets,
 * as Python prints them.
 * @param {string} text
 * @returns {number[][] | null}
 */
export function fromText(text) {
  const rows = linesOf(text).map((line) => cellsOf(line).map(numberOf));
  const wide = Math.max(0, ...rows.map((row) => row.length));
  if (!wide || rows.some((row) => row.length !== wide || row.includes(null))) return null;
  return /** @type {number[][]} */ (rows);
}

/**
 * Why a text is no table: the first cell that is no number, or the first row that is longer or shorter than the one above.
 * @param {string} text
 * @returns {{row: number, text: string} | {row: number, count: number, wanted: number} | null}   rows from 1
 */
export function faultOf(text) {
  const rows = linesOf(text).map(cellsOf);
  for (const [y, row] of rows.entries()) {
    const wrong = row.find((cell) => numberOf(cell) === null);
    if (wrong !== undefined) return { row: y + 1, text: wrong };
    if (row.length !== rows[0].length) return { row: y + 1, count: row.length, wanted: rows[0].length };
  }
  return null;
}

/** @param {string} text */
function linesOf(text) {
  const plain = text
    .replace(/[！-～]/g, narrow)
    .replace(/[、\u3000]/g, ' ')
    .replace(/[\r\n ]+$/, '');
  const listed = /\[/.test(plain)
    ? plain.replace(/(tensor|array)\(|,\s*dtype=\S+|\)$/g, '').replace(/\]\s*[,;]?\s*\[/g, ']\n[')
    : plain;
  const matlab = !listed.includes('\n') && /;/.test(listed) && /[^\s;]\s+[^\s;]/.test(listed);
  const lines = (matlab ? listed.replaceAll(';', '\n') : listed).split(/\r?\n/).filter((line) => line.trim());
  return lines.every((line) => line.endsWith('\t')) ? lines.map((line) => line.replace(/\t+$/, '')) : lines; // empty columns
}

/** @param {string} line */
function cellsOf(line) {
  if (line.includes('\t')) return line.replace(/\r$/, '').split('\t');
  const plain = line.trim().replace(/^[[({\s]+|[\])};,\s]+$/g, '');
  return plain.split(plain.includes(';') ? /;\s*/ : /,\s|\s+/.test(plain) ? /,?\s+/ : /,/);
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

/** How many digits a number has after its point. @param {number} value */
const decimalsOf = (value) => (String(value).split('.')[1] ?? '').length;

/**
 * Numbers from low to high, both included, with as many decimals as these have: whole ones from 0 to 9, tenths from −0.5 to 0.5.
 * @param {number[]} shape
 * @param {number} seed
 * @param {number=} low
 * @param {number=} high
 * @returns {Nested}
 */
export function randomGrid(shape, seed, low = 0, high = 9) {
  const random = randomOf(seed);
  const count = shape.reduce((a, b) => a * b, 1);
  const decimals = Math.max(decimalsOf(low), decimalsOf(high));
  const unit = 10 ** decimals;
  const [least, many] = [Math.round(low * unit), Math.round((high - low) * unit) + 1];
  return nest(
    Array.from({ length: count }, () => (least + Math.floor(random() * many)) / unit),
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
