/** A plane whose numbers can be read: a rectangle and a text per cell, made once; afterwards only what changed is touched. */
/** @import { Plane } from '../../core/lab/types.js' */
/** @import { Colours } from '../colors.js' */
/** @import { Placed } from './layout.js' */
import { paleStyle } from '../arithmetic.js';
import { s } from '../dom.js';
import { layered, marksAt, outlineRects, outlinesOf, overOf } from './cell-marks.js';
import { edgesOf } from './layout.js';

/** @typedef {{node: SVGElement, rect: SVGElement, text: SVGElement | null, said: string, filled: number | string, marked: string, index: number}} Cell */

/** @param {Placed} placed */
export function cellPlane(placed) {
  const piece = /** @type {Plane} */ (placed.piece);
  const edges = edgesOf(placed);
  const outlines = s('g', { class: 'outlines' });
  /** @type {Cell[]} */
  const cells = Array.from({ length: piece.rows * piece.columns }, (_, i) => {
    const column = i % piece.columns;
    const row = Math.floor(i / piece.columns);
    const x = edges.xs[column];
    const y = edges.ys[row];
    const wide = edges.xs[column + 1] - x;
    const tall = edges.ys[row + 1] - y;
    const rect = s('rect', { x, y, width: wide, height: tall });
    const text = placed.digits
      ? s('text', { x: x + wide / 2, y: y + tall / 2, 'font-size': Math.min(placed.digits, 0.8 * tall) })
      : null;
    return {
      node: s('g', { class: 'cell ', 'data-at': i }, rect, text),
      rect,
      text,
      said: '',
      filled: NaN,
      marked: '',
      index: i,
    };
  });
  let still = /** @type {object | undefined} */ (undefined);
  let shades = /** @type {Colours | null} */ (null);
  let bound = NaN;
  let lined = /** @type {number[]} */ ([]);
  let outlined = '';
  let over = /** @type {Map<number, string>} */ (new Map());
  let later = Infinity;

  /** @param {Cell} cell @param {string} marked */
  function mark(cell, marked) {
    if (cell.marked !== marked) cell.node.setAttribute('class', `cell ${(cell.marked = marked)}`);
  }

  /**
   * Numbers, colours and marks of all cells.
   * @param {Plane} plane
   * @param {Colours} colours
   * @param {(i: number) => number} from   the index in the plane
   */
  function whole(plane, colours, from) {
    const rescaled = colours !== shades || plane.bound !== bound;
    [shades, bound, lined] = [colours, plane.bound, []];
    cells.forEach((cell, i) => {
      const index = from(i);
      const value = plane.cells[index];
      const said = plane.texts?.[index] ?? '';
      const ground = plane.ground?.(index);
      const filled = ground ? String(ground) : value;
      if (cell.index !== index) cell.node.setAttribute('data-at', String((cell.index = index)));
      if (rescaled || !Object.is(cell.filled, filled))
        fill(cell, value, ground ? pixelStyle(ground) : paleStyle(colours, value, plane.bound), Boolean(ground));
      cell.filled = filled;
      if (cell.text && cell.said !== said) cell.text.textContent = cell.said = said;
      const marked = marksAt(plane, over, index);
      mark(cell, marked);
      if (outlinesOf(plane.mark?.(index) ?? '').length) lined.push(i);
    });
  }

  return {
    nodes: [...cells.map(({ node }) => node), outlines],
    /** @param {number} index   of the plane @returns {SVGElement | null} */
    nodeOf: (index) =>
      (cells[index]?.index === index ? cells[index] : cells.find((cell) => cell.index === index))?.node ?? null,
    /**
     * @param {Plane} plane
     * @param {Colours} colours
     * @param {((i: number) => number)=} from   for a part of a plane, which of its cells each is
     */
    paint(plane, colours, from) {
      const before = over;
      const reached = later;
      over = overOf(plane);
      later = plane.later ?? Infinity;
      if (from || !plane.still || plane.still !== still || colours !== shades) whole(plane, colours, from ?? ((i) => i));
      else {
        for (const i of new Set([...before.keys(), ...over.keys()])) mark(cells[i], marksAt(plane, over, i));
        for (let i = Math.min(reached, later); i < Math.min(cells.length, Math.max(reached, later)); i++)
          mark(cells[i], marksAt(plane, over, i));
      }
      still = plane.still;
      const looked = from ? cells.map((_, i) => i) : [...new Set([...lined, ...over.keys()])];
      const found = layered(looked.flatMap((i) => outlinesOf(cells[i].marked).map((kind) => ({ kind, i }))));
      const key = JSON.stringify(found);
      if (key === outlined) return;
      outlined = key;
      outlines.replaceChildren(...outlineRects(found, piece.columns, edges, Boolean(plane.ground))); // on pixels one line goes around all cells of a kind
    },
  };
}

/** @param {Cell} cell @param {number} value @param {Record<string, any>} style @param {boolean} pixel */
function fill({ rect, text }, value, style, pixel) {
  rect.setAttribute('fill', Number.isFinite(value) ? String(style.background) : 'none');
  text?.setAttribute('fill', Number.isFinite(value) ? String(style.color) : 'currentColor');
  if (pixel) text?.style.setProperty('fill', String(style.color)); // over the sheet's ink: pixels may be black
}

/** A cell of a picture in its own colour, with a number that can be read on it. @param {[number, number, number]} rgb */
const pixelStyle = (rgb) => ({
  background: `rgb(${rgb.map(Math.round).join(', ')})`,
  color: 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2] > 115 ? '#000' : '#fff',
});
