/** What a figure is made of: a grid with its name, a drawing, signs and words; each as SVG where the layout put it. */
/** @import { Drawing, Plane } from '../../core/lab/types.js' */
/** @import { Box, Placed } from './layout.js' */
import { s } from '../dom.js';
import { cellMap } from './cell-map.js';
import { cellPlane } from './cell-plane.js';
import { edgesOf, labelSize } from './layout.js';

/** @param {string} text @param {number} x   its middle @param {number} y   of what it names @param {number} size @param {Box} box */
const labelOf = (text, x, y, size, box) =>
  text ? s('text', { class: 'plane-label', x, y: y - 0.42 * box.text, 'font-size': size }, text) : null;

/**
 * A grid: its name, its cells or, where they are too small for numbers, its picture.
 * @param {Placed} placed
 * @param {Box} box
 * @param {Plane} base        the plane itself, of which a lens shows a part
 * @param {boolean} hasLens   keys go to its lens
 */
export function planePart(placed, box, base, hasLens) {
  const piece = /** @type {Plane} */ (placed.piece);
  const of = piece.lens ?? piece.id;
  const small = !placed.digits;
  const cells = small ? null : cellPlane(placed);
  const map = small ? cellMap(placed) : null;
  const keys = base.edits && !hasLens ? { tabindex: 0, role: 'spinbutton', 'aria-valuenow': 0 } : { role: 'img' };
  const { xs } = edgesOf(placed);
  const label = labelOf(piece.label, (xs[0] + xs[piece.columns]) / 2, placed.y, labelSize(piece.label, box), box);
  const group = s(
    'g',
    {
      class: `plane${base.edits ? ' editable' : ''}${small ? ' map' : ''}`,
      style: { '--outline': `${small ? 2 : Math.max(1.5, Math.min(3.5, placed.cell[1] * 0.09))}px` },
      [piece.lens ? 'data-lens' : 'data-grid']: of,
      ...(small ? { 'data-rows': piece.rows, 'data-columns': piece.columns } : {}),
      ...keys,
      'aria-label': base.label || of,
    },
    label,
    (cells ?? map)?.nodes,
  );
  return { group, label, cells, map };
}

/** A drawing, which is filled each time. @param {Placed} placed @param {Box} box */
export function picturePart(placed, box) {
  const piece = /** @type {Drawing} */ (placed.piece);
  const label = labelOf(piece.label, placed.x + (placed.cell[0] * piece.columns) / 2, placed.y, box.text, box);
  const named = piece.label.trim() || piece.id;
  const group = s('g', { class: 'drawing', 'data-drawing': piece.id, role: 'img', 'aria-label': named });
  return { root: s('g', {}, label, group), group };
}

/** A sign, or lines of words. @param {Placed} placed @param {Box} box */
export function words({ piece, x, y, width, height }, box) {
  const size = box.text * (piece.kind === 'words' ? (piece.size ?? 1) : 1);
  const lines = piece.kind === 'words' ? piece.lines : [/** @type {any} */ (piece).text];
  return s(
    'g',
    { class: piece.kind === 'words' ? `figure-words${piece.strong ? ' strong' : ''}` : 'figure-sign' },
    lines.map((line, i) =>
      s(
        'text',
        {
          x: x + width / 2,
          y: y + height * ((i + 0.5) / lines.length),
          'font-size': piece.kind === 'sign' ? size * 1.5 : size,
        },
        line,
      ),
    ),
  );
}
