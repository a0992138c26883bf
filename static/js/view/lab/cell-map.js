/**
 * A plane whose cells are too small for numbers: one picture of a pixel per cell, drawn when its numbers change, and marks over
 * it.
 */
/** @import { Plane } from '../../core/lab/types.js' */
/** @import { Colours } from '../colors.js' */
/** @import { Placed } from './layout.js' */
import { s } from '../dom.js';
import { layered, outlineRects, outlinesOf, overOf } from './cell-marks.js';
import { edgesOf } from './layout.js';

const FAINT = 0.25; // what is left of the colour of cells that no window reads
const MANY = 80; // frames of winners: more would hide the picture

/** @param {Placed} placed */
export function cellMap(placed) {
  const { rows, columns, edits } = /** @type {Plane} */ (placed.piece);
  const edges = edgesOf(placed);
  const { xs, ys } = edges;
  const box = (
    /** @type {number} */ top,
    /** @type {number} */ left,
    /** @type {number} */ tall,
    /** @type {number} */ wide,
  ) => ({
    x: xs[left],
    y: ys[top],
    width: Math.max(0, xs[left + wide] - xs[left]),
    height: Math.max(0, ys[top + tall] - ys[top]),
  });
  const picture = s('image', { ...box(0, 0, rows, columns), preserveAspectRatio: 'none' });
  const marks = s('g', { class: 'outlines' });
  const frame = s('rect', { class: 'map-frame', ...box(0, 0, rows, columns) });
  const inner = edits?.inner ? s('rect', { class: 'map-inner', ...box(...edits.inner) }) : null;
  const later = [0, 1].map(() => s('rect', { class: 'map-later', width: 0, height: 0 })); // the rest of a row, and the rows below
  let still = /** @type {object | undefined} */ (undefined);
  let shades = /** @type {Colours | null} */ (null);
  let stays = /** @type {{kind: string, i: number}[]} */ ([]);
  let marked = '';

  /** @param {Plane} plane @param {Colours} colours */
  function whole(plane, colours) {
    const canvas = document.createElement('canvas');
    canvas.width = columns;
    canvas.height = rows;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    stays = [];
    for (let i = 0; i < rows * columns; i++) {
      const ground = plane.ground?.(i);
      const words = plane.mark?.(i) ?? '';
      context.globalAlpha = words.includes('off') ? FAINT : 1;
      context.fillStyle =
        words.includes('later') || words.includes('blank')
          ? colours.ground
          : ground
            ? `rgb(${ground.map(Math.round).join(', ')})`
            : colours.fill(plane.cells[i], plane.bound);
      context.fillRect(i % columns, Math.floor(i / columns), 1, 1);
      for (const kind of outlinesOf(words)) stays.push({ kind, i });
    }
    picture.setAttribute('href', canvas.toDataURL());
  }

  /** @param {Record<string, any>} where @param {SVGElement} node */
  const put = (where, node) => {
    for (const [name, value] of Object.entries(where)) node.setAttribute(name, String(value));
  };

  return {
    nodes: [picture, frame, ...later, inner, marks],
    nodeOf: () => null,
    /** Where a cell is, in the figure's px. @param {number} index */
    cellAt: (index) => box(Math.floor(index / columns), index % columns, 1, 1),
    /**
     * @param {Plane} plane
     * @param {Colours} colours
     * @param {{top: number, left: number, rows: number, columns: number} | null} part   that a lens shows
     * @param {number} cursor   the cell that keys act on; -1: none
     */
    paint(plane, colours, part, cursor) {
      if (!plane.still || plane.still !== still || colours !== shades) whole(plane, colours);
      [still, shades] = [plane.still, colours];
      const from = Math.min(plane.later ?? Infinity, rows * columns);
      const row = Math.floor(from / columns);
      const column = from % columns;
      put(column ? box(row, column, 1, columns - column) : { width: 0, height: 0 }, later[0]);
      put(
        row + (column ? 1 : 0) < rows
          ? box(row + (column ? 1 : 0), 0, rows - row - (column ? 1 : 0), columns)
          : { width: 0, height: 0 },
        later[1],
      );
      const over = overOf(plane);
      const all = layered([...stays, ...[...over].flatMap(([i, words]) => outlinesOf(words).map((kind) => ({ kind, i })))]);
      const found = all.filter(({ kind }) => kind === 'won').length > MANY ? all.filter(({ kind }) => kind !== 'won') : all;
      const key = JSON.stringify([found, part, cursor]);
      if (key === marked) return;
      marked = key;
      marks.replaceChildren(
        ...outlineRects(found, columns, edges, true),
        ...(part
          ? ['halo', 'lens'].map((name) =>
              s('rect', { class: `outline ${name}-outline`, ...box(part.top, part.left, part.rows, part.columns) }),
            )
          : []),
        ...(cursor >= 0
          ? [s('rect', { class: 'outline cursor-outline', ...box(Math.floor(cursor / columns), cursor % columns, 1, 1) })]
          : []),
      );
    },
  };
}
