/** Where the planes, signs and words of a lab's figure stand: the largest cells with which everything fits. */
/** @import { Drawing, Group, Piece, Plane } from '../../core/lab/types.js' */

/** @typedef {{width: number, height: number, number: number, text: number}} Box   of the stage; sizes of its digits and words in px */
/** @typedef {{piece: Piece, x: number, y: number, width: number, height: number, cell: [number, number], digits: number}} Placed */

const LINE = 1.35, SIGN = 1.6, GAP = 0.9;   // heights and widths in text sizes
const LEGIBLE = 9;   // px: smaller digits are left out, the colours stay

/** Cells are as tall as asked and as wide as their longest number needs. @param {Plane | Drawing} plane @param {number} cell @param {Box} box @returns {{wide: number, tall: number, digits: number}} */
function cellOf(plane, cell, box) {
  const drawing = plane.kind === 'drawing', tall = cell * (drawing ? 1 : plane.scale ?? 1), digits = tall > 2.6 * box.number ? Math.min(1.5 * box.number, tall * 0.38) : Math.min(box.number, tall * 0.5);
  if (digits < LEGIBLE) return { wide: tall, tall, digits: 0 };
  const longest = Math.max(2, plane.characters ?? 0, ...(drawing ? [] : plane.texts ?? []).map((text) => text.length));
  return { wide: Math.max(tall, digits * (0.58 * longest + 0.5)), tall, digits };
}

/** @param {Piece} piece @param {number} cell @param {Box} box @returns {[number, number]} width and height in px */
export function measure(piece, cell, box) {
  if (piece.kind === 'plane' || piece.kind === 'drawing') {
    const { wide, tall } = cellOf(piece, cell, box);
    const label = piece.label ? [labelWidth(piece.label, box), LINE * box.text] : [0, 0];
    return [Math.max(wide * piece.columns, label[0]), tall * piece.rows + label[1]];
  }
  if (piece.kind === 'sign') return [SIGN * box.text + (piece.text.length - 1) * 0.6 * box.text, box.text];
  if (piece.kind === 'words') return [Math.max(...piece.lines.map((line) => labelWidth(line, box))) * (piece.size ?? 1), piece.lines.length * LINE * box.text * (piece.size ?? 1)];
  const along = piece.kind === 'row' ? 0 : 1, sizes = piece.items.map((item) => measure(item, cell, box));
  const total = sizes.reduce((sum, size) => sum + size[along], 0) + gapOf(piece, box) * Math.max(0, sizes.length - 1);
  const across = Math.max(0, ...sizes.map((size) => size[1 - along]));
  return along === 0 ? [total, across] : [across, total];
}

/** Chinese characters are as wide as they are high, letters a little over half. @param {string} text @param {Box} box */
const labelWidth = (text, box) => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.56), 0) * box.text;

/** @param {Group} group @param {Box} box */
const gapOf = (group, box) => (group.gap ?? GAP) * box.text;

/** Of several arrangements the one with the largest cells. @param {Piece | Piece[]} pieces @param {Box} box @param {number} most   px @returns {ReturnType<typeof laidOut>} */
export function best(pieces, box, most) {
  const tried = (Array.isArray(pieces) ? pieces : [pieces]).map((piece) => laidOut(piece, box, most));
  const room = (/** @type {ReturnType<typeof laidOut>} */ { width, height, cell }) => { const fits = Math.min(box.width / width, box.height / height); return fits < 1 ? fits : cell; };   // below 1: by how much it does not fit
  return tried.reduce((found, each) => (room(each) > room(found) ? each : found));
}

/** The largest cell height at which the piece fits, and everything placed with it. @param {Piece} piece @param {Box} box @param {number} most   px @returns {{placed: Placed[], cell: number, width: number, height: number}} */
export function laidOut(piece, box, most) {
  let low = 2, high = most;
  const fits = (/** @type {number} */ cell) => { const [width, height] = measure(piece, cell, box); return width <= box.width && height <= box.height; };
  if (fits(high)) low = high;
  for (let i = 0; i < 12 && high - low > 0.5; i++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle; else high = middle;
  }
  const cell = Math.floor(low), [width, height] = measure(piece, cell, box);
  /** @type {Placed[]} */
  const placed = [];
  place(piece, Math.max(0, (box.width - width) / 2), Math.max(0, (box.height - height) / 2), cell, box, placed);
  return { placed, cell, width, height };
}

/** Rows are centred across, columns too. @param {Piece} piece @param {number} x @param {number} y @param {number} cell @param {Box} box @param {Placed[]} placed */
function place(piece, x, y, cell, box, placed) {
  const [width, height] = measure(piece, cell, box);
  if (piece.kind === 'plane' || piece.kind === 'drawing') {
    const { wide, tall, digits } = cellOf(piece, cell, box);
    placed.push({ piece, x: x + (width - wide * piece.columns) / 2, y: y + (piece.label ? LINE * box.text : 0), width, height, cell: [wide, tall], digits });
  } else if (piece.kind === 'sign' || piece.kind === 'words') {
    placed.push({ piece, x, y, width, height, cell: [0, 0], digits: box.text });
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
