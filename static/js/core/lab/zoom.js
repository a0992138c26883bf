/** Which part of a picture a panel shows, from the whole down to single pixels; all in pixels of the picture and of the panel. */

/** @typedef {{width: number, height: number}} Panel   of the stage, in px */
/** @typedef {{row: number, column: number}} Pixel   counted from 0 */
/**
 * @typedef {{left: number, top: number, scale: number}} Part   the picture's place at the panel's corner, and panel px per
 *   picture pixel
 */

/** A pixel in the middle, as far as the picture's edges allow; a picture that is smaller than the panel is centred. across 0: the whole picture.
 * @param {Panel} panel
 * @param {{rows: number, columns: number}} size
 * @param {Pixel} middle
 * @param {number} across   pixels along the panel's shorter side
 * @returns {Part}
 */
export function partOf({ width, height }, { rows, columns }, { row, column }, across) {
  const whole = Math.min(width / columns, height / rows);
  const scale = across ? Math.max(whole, Math.min(width, height) / across) : whole;
  const start = (/** @type {number} */ at, /** @type {number} */ shown, /** @type {number} */ size) =>
    shown >= size ? (size - shown) / 2 : Math.min(Math.max(0, at + 0.5 - shown / 2), size - shown);
  return { left: start(column, width / scale, columns), top: start(row, height / scale, rows), scale };
}

/**
 * The pixel at a point of the panel; null outside the picture.
 * @param {Part} part
 * @param {{rows: number, columns: number}} size
 * @param {number} x
 * @param {number} y
 * @returns {Pixel | null}
 */
export function pixelAt({ left, top, scale }, { rows, columns }, x, y) {
  const row = Math.floor(top + y / scale);
  const column = Math.floor(left + x / scale);
  return row >= 0 && column >= 0 && row < rows && column < columns ? { row, column } : null;
}

/** Nearer or farther so that what is under the pointer stays there. factor above 1: nearer.
 * @param {Part} part
 * @param {Panel} panel
 * @param {{rows: number, columns: number}} size
 * @param {number} factor
 * @param {{x: number, y: number}} point
 * @param {number} least   pixels across
 * @returns {{across: number, middle: Pixel}}
 */
export function zoomed(part, panel, { rows, columns }, factor, { x, y }, least = 2) {
  const short = Math.min(panel.width, panel.height);
  const whole = Math.min(panel.width / columns, panel.height / rows);
  const across = Math.max(least, Math.round(short / part.scale / factor));
  const scale = short / across;
  const keep = (/** @type {number} */ start, /** @type {number} */ at, /** @type {number} */ length) =>
    start + at / part.scale - at / scale + length / scale / 2 - 0.5;
  const middle = { row: Math.round(keep(part.top, y, panel.height)), column: Math.round(keep(part.left, x, panel.width)) };
  return {
    across: scale <= whole ? 0 : across,
    middle: { row: Math.min(Math.max(0, middle.row), rows - 1), column: Math.min(Math.max(0, middle.column), columns - 1) },
  };
}

/**
 * The size of digits in a cell, px; 0 where they could not be read.
 * @param {number} cell
 * @param {number} lines
 * @param {number} characters
 */
export function digits(cell, lines, characters) {
  const size = Math.min(cell * 0.45, (cell * 0.94) / (1.15 * lines), (cell * 0.92) / (0.6 * characters));
  return size >= 9 ? Math.min(size, 40) : 0;
}
