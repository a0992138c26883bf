/** What is marked in a plane: the marks that stay, those that move over them, and the outlines that they get. */
/** @import { Plane } from '../../core/lab/types.js' */
import { s } from '../dom.js';

const OUTLINED = ['won', 'reach', 'window', 'winner', 'here']; // the later ones lie on top

/** What moves, by cell. @param {Plane} plane @returns {Map<number, string>} */
export function overOf({ over = [] }) {
  /** @type {Map<number, string>} */
  const found = new Map();
  for (const [word, cells] of over) for (const i of cells) found.set(i, `${found.get(i) ?? ''} ${word}`);
  return found;
}

/** All marks of a cell. @param {Plane} plane @param {Map<number, string>} over @param {number} i */
export const marksAt = (plane, over, i) =>
  `${plane.mark?.(i) ?? ''}${over.get(i) ?? ''}${i >= (plane.later ?? Infinity) ? ' later' : ''}`;

/** The outlines of a cell, by its marks. @param {string} marked */
export const outlinesOf = (marked) => (marked ? OUTLINED.filter((kind) => marked.split(' ').includes(kind)) : []);

/** @typedef {{kind: string, i: number}} Outline */

/** The later kinds on top. @param {Outline[]} outlines */
export const layered = (outlines) => outlines.sort((a, b) => OUTLINED.indexOf(a.kind) - OUTLINED.indexOf(b.kind));

/** The cell that a lens looks at: the one that is said, else the middle of what is marked but for winners all over. @param {Plane} plane */
export function middleOf(plane) {
  if (plane.at !== undefined) return plane.at;
  const over = overOf(plane);
  const looked = (/** @type {string} */ words) => outlinesOf(words).some((kind) => kind !== 'won');
  const marked = [...over.keys()].filter((i) => looked(over.get(i) ?? ''));
  if (!marked.length && !plane.still)
    for (let i = 0; i < plane.cells.length; i++) if (looked(plane.mark?.(i) ?? '')) marked.push(i);
  const rows = marked.map((i) => Math.floor(i / plane.columns));
  const columns = marked.map((i) => i % plane.columns);
  const middle = (/** @type {number[]} */ places) =>
    places.length ? Math.floor((Math.min(...places) + Math.max(...places)) / 2) : 0;
  return middle(rows) * plane.columns + middle(columns);
}

/**
 * Rectangles around cells, by where columns and rows begin. A kind whose cells fill a rectangle gets one line around all of
 * them
 * where `joined`, for cells too small for a line each.
 * @param {Outline[]} outlines
 * @param {number} columns   of the plane
 * @param {{xs: number[], ys: number[]}} edges
 * @param {boolean} joined
 */
export function outlineRects(outlines, columns, { xs, ys }, joined) {
  const rect = (/** @type {string} */ kind, /** @type {number} */ i, last = i) => {
    const [top, left, bottom, right] = [
      Math.floor(i / columns),
      i % columns,
      Math.floor(last / columns) + 1,
      (last % columns) + 1,
    ];
    return s('rect', {
      class: `outline ${kind}-outline`,
      x: xs[left],
      y: ys[top],
      width: xs[right] - xs[left],
      height: ys[bottom] - ys[top],
    });
  };
  if (!joined) return outlines.map(({ kind, i }) => rect(kind, i));
  const kinds = OUTLINED.map((kind) => ({
    kind,
    cells: outlines
      .filter((each) => each.kind === kind)
      .map(({ i }) => i)
      .sort((a, b) => a - b),
  })).filter(({ cells }) => cells.length);
  return kinds.flatMap(({ kind, cells }) => {
    const first = cells[0];
    const last = cells[cells.length - 1];
    const tall = Math.floor(last / columns) - Math.floor(first / columns) + 1;
    const wide = (last % columns) - (first % columns) + 1;
    return tall * wide === cells.length
      ? ['halo', kind].map((name) => rect(name, first, last))
      : cells.flatMap((i) => ['halo', kind].map((name) => rect(name, i)));
  });
}
