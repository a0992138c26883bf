/** Where the planes, signs and words of a lab's figure stand: the largest cells with which everything fits. */
/** @import { Drawing, Group, Piece, Plane } from '../../core/lab/types.js' */
import { kept } from '../../core/lab/kept.js';

/**
 * @typedef {object} Box      the stage
 * @property {number} width   px
 * @property {number} height
 * @property {number} number  px of usual digits
 * @property {number} text    px of words
 * @property {number} least   px that digits should have at the least
 * @property {number[]=} heights   px that the stage may have, the preferred first, where the page can grow
 * @property {boolean=} tight   narrow gaps and borders of zeros: for where the usual ones leave too small digits
 *
 * @typedef {{wide: number, tall: number}} Side   of a cell, px
 * @typedef {{piece: Piece, x: number, y: number, width: number, height: number, cell: [number, number], ring: [number, number], digits: number}} Placed
 *   ring: width and height of the cells of a border of zeros
 * @typedef {{placed: Placed[], cell: number, width: number, height: number, digits: number}} Laid   digits: the smallest there
 *   are
 */

const LINE = 1.35;
const SIGN = 1.6;
const GAP = 0.9; // heights and widths in text sizes
const SMALLER = 0.7;
const FAR = 20; // of the words' size: labels that would take much of a narrow stage; px of digits that are read from the last row
const LEGIBLE = 9; // px: smaller digits are left out, the colours stay
const THIN = 0.66; // of a cell: those of a border of zeros where room is short

/** Widths in digits' sizes, on the wide side of what fonts have. @param {string} text */
const emsOf = (text) => {
  let sum = 0;
  for (const letter of text) sum += letter === '.' || letter === ',' ? 0.32 : letter === '−' || letter === '∞' ? 0.8 : 0.61;
  return sum;
};

/** Of the longest text. @param {string[]} texts */
const longest = (texts) => kept(texts, 'ems', () => texts.reduce((most, text) => Math.max(most, emsOf(text)), 0));

/** What a plane's cells must hold, in digits' sizes. @param {Plane | Drawing} plane */
export const widest = (plane) =>
  Math.max(1.2, 0.61 * (plane.characters ?? 0), plane.kind === 'drawing' ? 0 : longest(plane.texts ?? []));

/**
 * Rows above, columns left, rows and columns within a border of zeros.
 * @param {Plane | Drawing} plane
 * @returns {[number, number, number, number] | null}
 */
const innerOf = (plane) => (plane.kind === 'plane' && plane.thin && plane.edits?.inner) || null;

/**
 * Cells are as tall as asked and as wide as their longest number needs.
 * @param {Plane | Drawing} plane
 * @param {number} cell
 * @param {Box} box
 */
function cellOf(plane, cell, box) {
  const drawing = plane.kind === 'drawing';
  const tall = cell * (drawing ? 1 : (plane.scale ?? 1));
  const plain = { wide: tall, tall, ring: /** @type {[number, number]} */ ([tall, tall]), digits: 0 };
  if (!drawing && plane.map) return plain;
  const small = box.tight ? Math.min(box.number, tall * 0.58) : Math.min(box.number, tall * 0.5);
  const digits = tall > 2.6 * box.number ? Math.max(small, Math.min(2 * box.number, tall * 0.36)) : small;
  if (digits < LEGIBLE) return plain;
  const wide = Math.max(tall, digits * (widest(plane) + (box.tight ? 0.3 : 0.5)));
  return {
    wide,
    tall,
    ring: /** @type {[number, number]} */ (
      box.tight && innerOf(plane) ? [Math.min(wide, THIN * tall), THIN * tall] : [wide, tall]
    ),
    digits,
  };
}

/**
 * Width and height of all cells.
 * @param {Plane | Drawing} plane
 * @param {ReturnType<typeof cellOf>} cell
 * @returns {[number, number]}
 */
function extent(plane, { wide, tall, ring }) {
  const [, , rows, columns] = innerOf(plane) ?? [0, 0, plane.rows, plane.columns];
  return [columns * wide + (plane.columns - columns) * ring[0], rows * tall + (plane.rows - rows) * ring[1]];
}

/**
 * Where every column and row of a placed plane begins, and the last one ends.
 * @param {Placed} placed
 * @returns {{xs: number[], ys: number[]}}
 */
export function edgesOf({ piece, x, y, cell: [wide, tall], ring }) {
  const plane = /** @type {Plane} */ (piece);
  const [top, left, rows, columns] = innerOf(plane) ?? [0, 0, plane.rows, plane.columns];
  const along = (
    /** @type {number} */ start,
    /** @type {number} */ count,
    /** @type {number} */ first,
    /** @type {number} */ many,
    /** @type {number} */ full,
    /** @type {number} */ thin,
  ) => {
    const edges = [start];
    for (let i = 0; i < count; i++) edges.push(edges[i] + (i >= first && i < first + many ? full : thin));
    return edges;
  };
  return { xs: along(x, plane.columns, left, columns, wide, ring[0]), ys: along(y, plane.rows, top, rows, tall, ring[1]) };
}

/** @param {Piece} piece @param {number} cell @param {Box} box @returns {[number, number]} width and height in px */
export function measure(piece, cell, box) {
  if (piece.kind === 'plane' || piece.kind === 'drawing') {
    const [wide, tall] = extent(piece, cellOf(piece, cell, box));
    const label = piece.label ? [labelWidth(piece.label, box), LINE * box.text] : [0, 0];
    return [Math.max(wide, label[0]), tall + label[1]];
  }
  if (piece.kind === 'sign') return [(box.tight ? 1 : SIGN) * box.text + (piece.text.length - 1) * 0.6 * box.text, box.text];
  if (piece.kind === 'words')
    return [
      Math.max(...piece.lines.map((line) => labelWidth(line, box))) * (piece.size ?? 1),
      piece.lines.length * LINE * box.text * (piece.size ?? 1),
    ];
  const along = piece.kind === 'row' ? 0 : 1;
  const sizes = piece.items.map((item) => measure(item, cell, box));
  const total = sizes.reduce((sum, size) => sum + size[along], 0) + gapOf(piece, box) * Math.max(0, sizes.length - 1);
  const across = Math.max(0, ...sizes.map((size) => size[1 - along]));
  return along === 0 ? [total, across] : [across, total];
}

/** In text sizes: Chinese characters are as wide as they are high, letters a little over half. @param {string} text */
const labelEms = (text) => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.56), 0);

/** No wider than a part of the stage. @param {string} text @param {Box} box */
const labelWidth = (text, box) => labelEms(text) * labelSize(text, box);

/** The size of a label, which is smaller where the stage is too narrow for it. @param {string} text @param {Box} box */
export function labelSize(text, box) {
  const ems = Math.max(1, labelEms(text));
  const room = Math.max(SMALLER * box.text, (0.4 * box.width) / ems);
  return Math.min(box.text, box.least > FAR ? box.text : room, (0.98 * box.width) / ems);
}

/** @param {Group} group @param {Box} box */
const gapOf = (group, box) => (group.gap ?? GAP) * box.text * (box.tight ? 0.5 : 1);

/**
 * Of several arrangements the one with the largest cells, and which it is.
 * @param {Piece[]} pieces
 * @param {Box} box
 * @param {number} most   px
 * @returns {Laid & {which: number}}
 */
export function best(pieces, box, most) {
  const tried = pieces.map((piece, which) => ({ ...laidOut(piece, box, most), which }));
  const room = (/** @type {Laid} */ { width, height, cell }) => {
    const fits = Math.min(box.width / width, box.height / height);
    return fits < 1 ? fits : cell;
  }; // below 1: by how much it does not fit
  return tried.reduce((found, each) => (room(each) > room(found) ? each : found));
}

/** Whether all of it is on the stage, with digits that can be read. @param {Laid} laid @param {Box} box */
export const legible = ({ width, height, digits }, box) =>
  digits >= box.least - 0.05 && width <= box.width + 1 && height <= box.height + 1;

/**
 * The largest cell height at which the piece fits, and everything placed with it.
 * @param {Piece} piece
 * @param {Box} box
 * @param {number} most   px
 * @returns {Laid}
 */
export function laidOut(piece, box, most) {
  let low = 2;
  let high = most;
  const fits = (/** @type {number} */ cell) => {
    const [width, height] = measure(piece, cell, box);
    return width <= box.width && height <= box.height;
  };
  if (fits(high)) low = high;
  for (let i = 0; i < 12 && high - low > 0.5; i++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  const cell = Math.floor(low);
  const [width, height] = measure(piece, cell, box);
  /** @type {Placed[]} */
  const placed = [];
  place(piece, Math.max(0, (box.width - width) / 2), Math.max(0, (box.height - height) / 2), cell, box, placed);
  const digits = Math.min(
    Infinity,
    ...placed.flatMap((each) => (each.piece.kind === 'plane' && !each.piece.map ? [each.digits] : [])),
  );
  return { placed, cell, width, height, digits };
}

/**
 * Rows are centred across, columns too.
 * @param {Piece} piece
 * @param {number} x
 * @param {number} y
 * @param {number} cell
 * @param {Box} box
 * @param {Placed[]} placed
 */
function place(piece, x, y, cell, box, placed) {
  const [width, height] = measure(piece, cell, box);
  if (piece.kind === 'plane' || piece.kind === 'drawing') {
    const own = cellOf(piece, cell, box);
    const [wide] = extent(piece, own);
    placed.push({
      piece,
      x: x + (width - wide) / 2,
      y: y + (piece.label ? LINE * box.text : 0),
      width,
      height,
      cell: [own.wide, own.tall],
      ring: own.ring,
      digits: own.digits,
    });
  } else if (piece.kind === 'sign' || piece.kind === 'words') {
    placed.push({ piece, x, y, width, height, cell: [0, 0], ring: [0, 0], digits: box.text });
  } else {
    let at = piece.kind === 'row' ? x : y;
    for (const item of piece.items) {
      const [wide, tall] = measure(item, cell, box);
      if (piece.kind === 'row') place(item, at, y + (height - tall) / 2, cell, box, placed);
      else place(item, x + (width - wide) / 2, at, cell, box, placed);
      at += (piece.kind === 'row' ? wide : tall) + gapOf(piece, box);
    }
  }
}
