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

/**
 * Nearer or farther so that what was under one point comes to lie under the other; not rounded, so that small steps add up.
 * @param {Part} part
 * @param {Panel} panel
 * @param {{rows: number, columns: number}} size
 * @param {number} factor   above 1: nearer
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}=} to
 * @param {number=} least   pixels across
 * @returns {{across: number, middle: Pixel}} across 0: the whole picture
 */
export function zoomed(part, panel, { rows, columns }, factor, from, to = from, least = 2) {
  const short = Math.min(panel.width, panel.height);
  const whole = Math.min(panel.width / columns, panel.height / rows);
  const across = Math.max(least, short / part.scale / factor);
  const scale = short / across;
  const keep = (
    /** @type {number} */ start,
    /** @type {number} */ was,
    /** @type {number} */ is,
    /** @type {number} */ length,
    /** @type {number} */ count,
  ) => Math.min(Math.max(0, start + was / part.scale - is / scale + length / scale / 2 - 0.5), count - 1);
  return {
    across: scale <= whole * (1 + 1e-9) ? 0 : across,
    middle: {
      row: keep(part.top, from.y, to.y, panel.height, rows),
      column: keep(part.left, from.x, to.x, panel.width, columns),
    },
  };
}

/** A place to stay at: whole pixels. @param {{across: number, middle: Pixel}} place @returns {{across: number, pixel: Pixel}} */
export const settled = ({ across, middle: { row, column } }) => ({
  across: across ? Math.max(1, Math.round(across)) : 0,
  pixel: { row: Math.round(row), column: Math.round(column) },
});

/** @typedef {Panel & {x: number, y: number}} Frame   a panel's place on the stage, px */

/**
 * Where cells are drawn, none is cut: the frame is as large as whole cells are, in the middle of its room.
 * @param {Frame} frame
 * @param {Part} part
 * @param {{rows: number, columns: number}} size
 * @param {number} cells   px of a pixel from which it is drawn as a cell
 * @returns {{frame: Frame, part: Part}}
 */
export function inCells(frame, part, { rows, columns }, cells) {
  const { scale } = part;
  const wide = Math.min(columns, Math.floor(frame.width / scale + 1e-6));
  const tall = Math.min(rows, Math.floor(frame.height / scale + 1e-6));
  const whole = wide === columns && tall === rows;
  if (!whole && scale < cells) return { frame, part };
  const [width, height] = [wide * scale, tall * scale];
  const fitted = { x: frame.x + (frame.width - width) / 2, y: frame.y + (frame.height - height) / 2, width, height };
  if (whole) return { frame: fitted, part: { left: 0, top: 0, scale } };
  const start = (
    /** @type {number} */ from,
    /** @type {number} */ room,
    /** @type {number} */ shown,
    /** @type {number} */ count,
  ) => Math.min(count - shown, Math.max(0, Math.round(from + (room / scale - shown) / 2 - 1e-6)));
  return {
    frame: fitted,
    part: { left: start(part.left, frame.width, wide, columns), top: start(part.top, frame.height, tall, rows), scale },
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
