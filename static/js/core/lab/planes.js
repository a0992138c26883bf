/** Which number of a field a cell of a plane is. */
/** @import { Nested, Plane } from './types.js' */
import { changed, resized, shapeOf } from './grids.js';

/** The index into the field of a plane's cell; null for cells that nobody sets, such as padding and results. @param {Plane} plane @param {number} index @returns {number[] | null} */
export function placeOf({ edits, columns, rows }, index) {
  if (!edits) return null;
  const [top, left, tall, wide] = edits.inner ?? [0, 0, rows, columns];
  const row = Math.floor(index / columns) - top, column = (index % columns) - left;
  if (row < 0 || row >= tall || column < 0 || column >= wide) return null;
  return edits.flat ? [...edits.at, row * wide + column] : [...edits.at, row, column];
}

/** The first cell that can be set. @param {Plane} plane */
export const firstOf = ({ edits, columns }) => (edits?.inner ? edits.inner[0] * columns + edits.inner[1] : 0);

/** The grid with a table written into it from a cell on; one pasted at the first cell makes the grid as large as itself. @param {Nested} grid @param {Plane} plane @param {number} index @param {number[][]} block @returns {Nested} */
export function pasted(grid, plane, index, block) {
  const start = placeOf(plane, index), flat = plane.edits?.flat, at = plane.edits?.at ?? [];
  if (!start) return grid;
  const rows = flat ? [block.flat()] : block, from = flat ? [0, start[at.length]] : start.slice(at.length);
  const shape = shapeOf(grid), first = from.every((place) => place === 0);
  let next = first ? resized(grid, [...shape.slice(0, flat ? -1 : -2), ...(flat ? [] : [rows.length]), rows[0].length]) : grid;
  const tall = flat ? 1 : shapeOf(next).at(-2) ?? 1, wide = shapeOf(next).at(-1) ?? 1;
  rows.forEach((row, y) => row.forEach((value, x) => {
    const [down, across] = [from[0] + y, from[1] + x];
    if (down < tall && across < wide) next = changed(next, flat ? [...at, across] : [...at, down, across], value);
  }));
  return next;
}
