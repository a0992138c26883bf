/** Which number of a field a cell of a plane is. */
/** @import { Field, Nested, Piece, Plane, Values } from './types.js' */
import { boundOfGrid, changed, flat, resized, shapeOf } from './grids.js';

/**
 * The index into the field of a plane's cell; null for cells that nobody sets, such as padding and results.
 * @param {Plane} plane
 * @param {number} index
 * @returns {number[] | null}
 */
export function placeOf({ edits, columns, rows }, index) {
  if (!edits) return null;
  const [top, left, tall, wide] = edits.inner ?? [0, 0, rows, columns];
  const row = Math.floor(index / columns) - top;
  const column = (index % columns) - left;
  if (row < 0 || row >= tall || column < 0 || column >= wide) return null;
  return edits.flat ? [...edits.at, row * wide + column] : [...edits.at, row, column];
}

/** The first cell that can be set. @param {Plane} plane */
export const firstOf = ({ edits, columns }) => (edits?.inner ? edits.inner[0] * columns + edits.inner[1] : 0);

/**
 * The grid with a table written into it from a cell on; one pasted at the first cell makes the grid as large as itself.
 * @param {Nested} grid
 * @param {Plane} plane
 * @param {number} index
 * @param {number[][]} block
 * @returns {Nested}
 */
export function pasted(grid, plane, index, block) {
  const start = placeOf(plane, index);
  const flat = plane.edits?.flat;
  const at = plane.edits?.at ?? [];
  if (!start) return grid;
  const rows = flat ? [block.flat()] : block;
  const from = flat ? [0, start[at.length]] : start.slice(at.length);
  const shape = shapeOf(grid);
  const first = from.every((place) => place === 0);
  let next = first ? resized(grid, [...shape.slice(0, flat ? -1 : -2), ...(flat ? [] : [rows.length]), rows[0].length]) : grid;
  const tall = flat ? 1 : (shapeOf(next).at(-2) ?? 1);
  const wide = shapeOf(next).at(-1) ?? 1;
  rows.forEach((row, y) =>
    row.forEach((value, x) => {
      const [down, across] = [from[0] + y, from[1] + x];
      if (down < tall && across < wide) next = changed(next, flat ? [...at, across] : [...at, down, across], value);
    }),
  );
  return next;
}

/**
 * The grids that can be set and matter, beside each other and without a result.
 * @param {Field[]} fields
 * @param {Values} values   with the view
 * @param {(key: string) => string} say
 * @returns {Piece}
 */
export function given(fields, values, say) {
  const grids = fields.filter(({ kind, hidden, when }) => kind === 'grid' && !hidden && (when?.(values) ?? true));
  return {
    kind: 'row',
    gap: 2,
    items: grids.map(({ key, rank = 2 }) => ({ kind: 'column', items: planesOf(values[key], rank, key, say(key), []) })),
  };
}

/**
 * Of four axes the first goes down and the second across.
 * @param {Nested} grid
 * @param {number} rank
 * @param {string} key
 * @param {string} label
 * @param {number[]} at
 * @returns {Piece[]}
 */
function planesOf(grid, rank, key, label, at) {
  const parts = (/** @type {string} */ first) =>
    grid.flatMap((/** @type {Nested} */ part, /** @type {number} */ i) =>
      planesOf(part, rank - 1, key, i === 0 ? first : '', [...at, i]),
    );
  if (rank === 4)
    return grid.map((/** @type {Nested} */ part, /** @type {number} */ i) => ({
      kind: 'row',
      gap: 0.6,
      items: planesOf(part, 3, key, i === 0 ? label : '', [i]),
    }));
  if (rank > 2) return parts(label);
  const [rows, columns] = rank === 1 ? [1, grid.length] : shapeOf(grid);
  return [
    {
      kind: 'plane',
      id: `${key}.${at.join('.')}`,
      label,
      rows,
      columns,
      cells: flat(grid),
      bound: boundOfGrid(grid),
      edits: { key, at, flat: rank === 1 },
    },
  ];
}
