/**
 * Grids too large for numbers that can be read: a map in colours, and beside it a lens, the neighbourhood of one cell with its
 * numbers.
 */
/** @import { Group, Piece, Plane } from '../../core/lab/types.js' */
/** @import { Box, Laid } from './layout.js' */
import { t } from '../../i18n.js';
import { best, legible } from './layout.js';

const LENSES = [7, 5, 3];
const SHARES = [1.5, 1, 0.7]; // cells across a lens; how large the map is beside it
const WHOLE = 9; // cells across that a band may have
const THUMB = 0.42;
const TOGETHER = 0.9; // of a cell: those of channels that are not chosen; all of them are no taller than the one that is

/** @param {Piece} piece @returns {boolean} */
const hasDrawing = (piece) => piece.kind === 'drawing' || ('items' in piece && piece.items.some(hasDrawing));

/**
 * The channel of a group that is shown whole where there is no room for all: the chosen one, else the one in which something
 * happens.
 * @param {Group} group
 * @param {Map<string, string>} chosen
 */
export function shownOf({ several, items }, chosen) {
  const at = items.findIndex((item) => several && holds(item, chosen.get(several.key) ?? ''));
  return at < 0 ? (several?.shown ?? 0) : at;
}

/** @param {Piece} piece @param {string} id @returns {boolean} */
const holds = (piece, id) =>
  piece.kind === 'plane' ? piece.id === id : 'items' in piece && piece.items.some((item) => holds(item, id));

/**
 * Of several channels one in full, the others as small maps that can be chosen.
 * @param {Piece} piece
 * @param {Map<string, string>} chosen
 * @returns {Piece}
 */
function focused(piece, chosen) {
  if (!('items' in piece)) return piece;
  if (!piece.several || piece.items.length < 2) return { ...piece, items: piece.items.map((item) => focused(item, chosen)) };
  const at = shownOf(piece, chosen);
  const scale = Math.min(THUMB, TOGETHER / (piece.items.length - 1));
  const thumbs = piece.items.filter((_, i) => i !== at).map((item) => thumb(item, scale));
  return {
    kind: piece.several.beside ?? 'row',
    gap: 0.5,
    items: [
      focused(piece.items[at], chosen),
      { kind: piece.several.beside === 'column' ? 'row' : 'column', gap: 0.4, items: thumbs },
    ],
  };
}

/** @param {Piece} piece @param {number} scale @returns {Piece} */
function thumb(piece, scale) {
  if (piece.kind === 'plane') return { ...piece, map: true, scale, label: '' };
  return 'items' in piece
    ? {
        ...piece,
        gap: 0.2,
        items: piece.items.map((item) => thumb(item, scale / Math.max(1, 'items' in piece ? piece.items.length : 1))),
      }
    : piece;
}

/**
 * Every plane of more than n cells along a side as a map and a lens.
 * @param {Piece} piece
 * @param {number} n
 * @param {number} share
 * @param {'row' | 'column'} way
 * @returns {Piece}
 */
function lensed(piece, n, share, way) {
  if ('items' in piece) return { ...piece, items: piece.items.map((item) => lensed(item, n, share, way)) };
  if (piece.kind !== 'plane' || piece.whole) return piece;
  if (piece.map) return { ...piece, scale: (piece.scale ?? 1) * Math.min(1, n / Math.max(piece.rows, piece.columns)) }; // beside the lens, not the whole
  if (piece.rows <= n && piece.columns <= n) return { ...piece, scale: Math.min(1, piece.scale ?? 1) };
  const long = piece.rows > WHOLE !== piece.columns > WHOLE;
  const side = (/** @type {number} */ cells) => (long && cells <= WHOLE ? cells : Math.min(n, cells)); // a band is cut to length alone
  const [rows, columns] = [side(piece.rows), side(piece.columns)];
  const scale = (share * n) / Math.max(piece.rows, piece.columns);
  const label = partLabel(piece, 0, 0, rows, columns).replace(/\d+/g, '88'); // as wide as it gets
  return {
    kind: way,
    gap: 0.6,
    items: [
      { ...piece, map: true, scale },
      { ...piece, id: `${piece.id}~`, lens: piece.id, label, rows, columns, edits: undefined },
    ],
  };
}

/**
 * Which rows and columns a lens shows.
 * @param {Plane} plane
 * @param {number} top
 * @param {number} left
 * @param {number} rows
 * @param {number} columns
 */
export function partLabel(plane, top, left, rows, columns) {
  const [above, before] = plane.edits?.inner ?? [0, 0]; // padding counts as rows 0, −1 and so on
  const said = (/** @type {number} */ place) => String(place).replace('-', '−');
  const span = (/** @type {number} */ first, /** @type {number} */ count) =>
    count > 1 ? `${said(first + 1)}–${said(first + count)}` : said(first + 1);
  [top, left] = [top - above, left - before];
  if (plane.rows === 1) return t('lab.part_columns', { columns: span(left, columns) });
  return plane.columns === 1
    ? t('lab.part_rows', { rows: span(top, rows) })
    : t('lab.part', { rows: span(top, rows), columns: span(left, columns) });
}

/**
 * @typedef {Laid & {which: number, box: Box}} Arranged   which: the index of the arrangement that was taken; box: with the
 *   height that it was made for
 */

/**
 * The arrangement with the largest cells; where its digits are too small, with narrow borders and gaps, then with one channel
 * in full, then with lenses. Where the stage may grow, it grows before numbers are left out.
 * @param {Piece[]} pieces
 * @param {Box} box
 * @param {number} most   px
 * @param {Map<string, string>} chosen   of groups of channels, the plane looked at
 * @returns {Arranged}
 */
export function arranged(pieces, box, most, chosen) {
  const boxes = (box.heights ?? [box.height]).map((height) => ({ ...box, height }));
  const last = boxes[boxes.length - 1];
  const one = pieces.map((piece) => focused(piece, chosen));
  for (const each of boxes) {
    const whole = wholly(pieces, each, most);
    if (whole && (legible(whole, each) || pieces.some(hasDrawing))) return { ...whole, box: each };
  }
  for (const each of boxes) {
    const found = magnified(one, { ...each, tight: true, least: Math.max(box.least, 0.9 * box.number) }, most);
    if (found) return { ...found, box: each };
  }
  return { ...(wholly(pieces, last, most) ?? best(pieces, last, most)), box: last };
}

/**
 * Everything in full, with narrow borders where that makes its digits legible.
 * @param {Piece[]} pieces
 * @param {Box} box
 * @param {number} most
 */
function wholly(pieces, box, most) {
  const plain = best(pieces, box, most);
  if (legible(plain, box)) return plain;
  const tight = best(pieces, { ...box, tight: true }, most);
  return tight.digits > plain.digits || plain.width > box.width || plain.height > box.height ? tight : plain;
}

/**
 * One channel in full, and if that is not enough lenses, the largest with which all can be read; null: none can.
 * @param {Piece[]} pieces
 * @param {Box} box
 * @param {number} most
 * @returns {(Laid & {which: number}) | null}
 */
function magnified(pieces, box, most) {
  const one = best(pieces, box, most);
  if (legible(one, box)) return one;
  for (const n of LENSES)
    for (const share of SHARES) {
      const found = best(
        pieces.flatMap((piece) => [lensed(piece, n, share, 'row'), lensed(piece, n, share, 'column')]),
        box,
        most,
      );
      if (legible(found, box)) return { ...found, which: Math.floor(found.which / 2) };
    }
  return null;
}

/**
 * The part of a plane around a cell, as far as its edges allow: first row and column.
 * @param {Plane} plane
 * @param {number} index
 * @param {number} rows
 * @param {number} columns
 * @returns {[number, number]}
 */
export function around(plane, index, rows, columns) {
  const within = (/** @type {number} */ middle, /** @type {number} */ shown, /** @type {number} */ count) =>
    Math.max(0, Math.min(count - shown, middle - Math.floor(shown / 2)));
  return [within(Math.floor(index / plane.columns), rows, plane.rows), within(index % plane.columns, columns, plane.columns)];
}
