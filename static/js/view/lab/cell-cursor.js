/** The cell that keys act on: which it is, its number, and moving on. */
/** @import { Spot } from '../../core/lab/types.js' */
/** @import { Hooks } from './editor.js' */
import { short } from '../../core/lab/grids.js';
import { placeOf } from '../../core/lab/planes.js';
import { t } from '../../i18n.js';

/** @typedef {ReturnType<typeof import('./figure.js').labFigure>} Figure */
/** @typedef {ReturnType<typeof cellCursor>} Cursor */

/** @param {Figure} figure @param {Hooks} hooks */
export function cellCursor(figure, hooks) {
  /** @type {Spot | null} */
  let spot = null;
  const plane = () => (spot ? figure.planeOf(spot.grid) : null);

  /** @param {Spot | null} wanted */
  function moveTo(wanted) {
    spot = wanted;
    const held = plane();
    const group = spot && figure.groupOf(spot.grid);
    figure.point(held ? spot : null);
    if (!spot || !held || !group) return;
    const row = Math.floor(spot.index / held.columns);
    const column = spot.index % held.columns;
    const value = held.cells[spot.index];
    group.setAttribute('aria-valuenow', String(value));
    group.setAttribute('aria-valuetext', t('lab.cell_at', { row: row + 1, column: column + 1, value: short(value) }));
  }

  return {
    plane,
    moveTo,
    /** To a cell; where its number is too small to be read, a lens goes there. @param {Spot} wanted */
    goTo(wanted) {
      moveTo(wanted);
      if (!figure.inSight(wanted)) figure.look(wanted);
    },
    spot: () => spot,
    /** Whether it stands on a number that can be set. */
    stands() {
      const held = plane();
      return Boolean(held && spot && placeOf(held, spot.index));
    },
    /** The number as it is set now. */
    value() {
      const held = plane();
      return held && spot ? hooks.value(held, spot.index) : 0;
    },
    /** @param {number} value */
    set(value) {
      const held = plane();
      if (held && spot) hooks.change(held, spot.index, value);
    },
    /** Onto a grid that got the focus. @param {string} grid */
    enter(grid) {
      this.goTo(spot?.grid === grid ? spot : { grid, index: figure.entry(grid) });
    },
    /** To a neighbour, where there is one that can be set. @param {number} rows @param {number} columns */
    walk(rows, columns) {
      const held = plane();
      if (!held || !spot) return;
      const row = Math.floor(spot.index / held.columns) + rows;
      const column = (spot.index % held.columns) + columns;
      const index = row * held.columns + column;
      if (row >= 0 && row < held.rows && column >= 0 && column < held.columns && placeOf(held, index))
        this.goTo({ grid: spot.grid, index });
    },
    /** Keys go to its grid again. */
    focus() {
      if (spot) /** @type {any} */ (figure.groupOf(spot.grid))?.focus({ preventScroll: true });
    },
  };
}
