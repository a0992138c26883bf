/**
 * Editing the cells of a figure: a cursor moved by keys, typing, dragging up and down, paste from a spreadsheet, and buttons
 * for fingers.
 */
/** @import { Plane, Spot } from '../../core/lab/types.js' */
/** @import { Cursor, Figure } from './cell-cursor.js' */
/** @import { Field } from './cell-field.js' */
import { fromText } from '../../core/lab/grids.js';
import { placeOf } from '../../core/lab/planes.js';
import { cellCursor } from './cell-cursor.js';
import { cellField } from './cell-field.js';
import { refusalOf } from './pasting.js';
import { gridOf, spotOf } from './pointing.js';

const PER_STEP = 14; // px of dragging for a change by one step
const WALKS = /** @type {Record<string, [number, number]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

/**
 * @typedef {object} Hooks
 * @property {(plane: Plane, index: number) => number} value    as it is set now
 * @property {(plane: Plane, index: number, value: number) => void} change
 * @property {(plane: Plane, index: number, block: number[][]) => void} paste
 * @property {(spot: Spot | null) => void} point   the cell that keys or a finger went to
 * @property {(text: string) => void} problem
 */

/** @param {Figure} figure @param {HTMLElement} place @param {Hooks} hooks */
export function cellEditor(figure, place, hooks) {
  const cursor = cellCursor(figure, hooks);
  const field = cellField(cursor, figure, place, hooks);
  inField(field, cursor);
  inGrid(place, field, cursor, hooks);
  byPaste(field, cursor, hooks);
  byPointer(figure, place, field, cursor, hooks);
  return {
    /** The cursor stays where it was after a drawing. */ redraw: () => {
      if (cursor.spot()) cursor.moveTo(cursor.spot());
    },
    close: field.close,
  };
}

/**
 * Keys while a number is typed: what the field does not use goes on to the page.
 * @param {Field} field
 * @param {Cursor} cursor
 */
function inField(field, cursor) {
  field.input.addEventListener('keydown', (event) => {
    const { key, shiftKey } = event;
    const back = shiftKey ? -1 : 1;
    const moves = /** @type {Record<string, [number, number]>} */ ({ Enter: [back, 0], Tab: [0, back] })[key];
    if (key === 'ArrowUp' || key === 'ArrowDown') {
      event.preventDefault();
      field.step(key === 'ArrowUp' ? 1 : -1);
      return;
    }
    if (key !== 'Escape' && !moves && !key.startsWith('Page')) {
      event.stopPropagation();
      return;
    }
    if (!key.startsWith('Page')) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (!field.close(key !== 'Escape')) return;
    if (moves) cursor.walk(...moves);
    cursor.focus();
  });
  field.input.addEventListener('blur', () => {
    if (field.isOpen() && !field.close(true)) field.hide();
  });
}

/**
 * Keys while a grid has the focus. Where they go is pointed at, as by a mouse.
 * @param {HTMLElement} place
 * @param {Field} field
 * @param {Cursor} cursor
 * @param {Hooks} hooks
 */
function inGrid(place, field, cursor, { point }) {
  place.addEventListener('focusin', (event) => {
    const target = /** @type {Element} */ (event.target);
    const grid = gridOf(target);
    if (grid) cursor.enter(grid);
    if (grid && target.matches(':focus-visible')) point(cursor.spot());
  });
  place.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget && !place.contains(/** @type {Node} */ (relatedTarget))) point(null);
  });
  place.addEventListener('keydown', (event) => {
    const { key } = event;
    if (!gridOf(/** @type {Element} */ (event.target)) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (WALKS[key]) {
      cursor.walk(...WALKS[key]);
      point(cursor.spot());
    } else if (key === 'Enter' || key === 'F2') field.open(null);
    else if (key === '+' || key === '=') cursor.set(cursor.value() + 1);
    else if (/^[\d.,\-−]$/.test(key)) field.open(key);
    else if (key === 'Delete' || key === 'Backspace') cursor.set(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * A table from a spreadsheet goes into the grid; a single number into the field.
 * @param {Field} field
 * @param {Cursor} cursor
 * @param {Hooks} hooks
 */
function byPaste(field, cursor, hooks) {
  document.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const held = cursor.plane();
    const spot = cursor.spot();
    const typing = document.activeElement === field.input;
    const here = typing || Boolean(document.activeElement && gridOf(document.activeElement));
    if (!here || !held || !spot || !text.trim() || event.clipboardData?.files.length) return;
    const block = fromText(text);
    if (typing && block?.length === 1 && block[0].length === 1) return;
    event.preventDefault();
    if (!block) {
      hooks.problem(refusalOf(text));
      return;
    }
    field.hide();
    hooks.paste(held, spot.index, block);
    cursor.focus();
  });
}

/**
 * A press opens the field; a mouse dragged up or down changes the number.
 * @param {Figure} figure
 * @param {HTMLElement} place
 * @param {Field} field
 * @param {Cursor} cursor
 * @param {Hooks} hooks
 */
function byPointer(figure, place, field, cursor, hooks) {
  let dragged = false;
  place.addEventListener('pointerdown', (event) => {
    const spot = spotOf(event);
    const held = spot && figure.planeOf(spot.grid);
    if (!spot || !held || !placeOf(held, spot.index) || event.button || figure.onMap(event)) return;
    const from = event.clientY;
    const start = hooks.value(held, spot.index);
    const over = new AbortController();
    dragged = false;
    if (event.pointerType !== 'mouse' || !Number.isFinite(start)) return;
    addEventListener(
      'pointermove',
      (moved) => {
        const steps = Math.trunc((from - moved.clientY) / PER_STEP);
        if (!dragged && !steps) return;
        dragged = true;
        cursor.moveTo(spot);
        cursor.set(start + steps);
      },
      { signal: over.signal },
    );
    for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => over.abort(), { signal: over.signal });
  });
  place.addEventListener('click', (event) => {
    const spot = spotOf(event);
    const held = spot && figure.planeOf(spot.grid);
    if (!spot || !held || dragged || !field.close(true)) return;
    if (/** @type {PointerEvent} */ (event).pointerType !== 'mouse') hooks.point(spot); // a finger has no way to rest on it
    if (figure.onMap(event)) {
      figure.look(spot);
      held.pick?.(spot.index);
      return;
    }
    if (!placeOf(held, spot.index)) {
      held.pick?.(spot.index);
      return;
    }
    cursor.moveTo(spot);
    field.open(null);
  });
}
