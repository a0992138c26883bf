/** Editing the cells of a figure: a cursor moved by keys, typing, dragging up and down, paste from a spreadsheet, and buttons for fingers. */
/** @import { Plane, Spot } from '../../core/lab/types.js' */
import { fromText, numberOf, short } from '../../core/lab/grids.js';
import { firstOf, placeOf } from '../../core/lab/planes.js';
import { t } from '../../i18n.js';
import { h } from '../dom.js';
import { spotOf } from './figure.js';

const PER_STEP = 14;   // px of dragging for a change by one step

/**
 * @typedef {object} Hooks
 * @property {(plane: Plane, index: number) => number} value    as it is set now
 * @property {(plane: Plane, index: number, value: number) => void} change
 * @property {(plane: Plane, index: number, block: number[][]) => void} paste
 * @property {(text: string) => void} problem
 * @property {() => void} focus           the cursor moved
 */

/** @param {ReturnType<typeof import('./figure.js').labFigure>} figure @param {HTMLElement} place @param {Hooks} hooks */
export function cellEditor(figure, place, hooks) {
  /** @type {Spot | null} */
  let cursor = null;
  let dragged = false;
  const input = /** @type {HTMLInputElement} */ (h('input', { inputmode: 'text', autocomplete: 'off', 'aria-label': t('lab.value') }));
  const nudge = (/** @type {number} */ by) => h('button', { class: 'nudge', tabindex: -1, 'aria-label': t(by < 0 ? 'lab.less' : 'lab.more'), onpointerdown: (/** @type {Event} */ event) => event.preventDefault(), onclick: () => step(by) }, by < 0 ? '−' : '+');
  const box = h('div', { class: 'cell-editor', hidden: true }, nudge(-1), input, nudge(1));
  place.append(box);

  const plane = () => (cursor ? figure.planeOf(cursor.grid) : null);
  const value = () => { const held = plane(); return held && cursor ? hooks.value(held, cursor.index) : 0; };

  /** @param {Spot | null} spot */
  function moveTo(spot) {
    for (const old of place.querySelectorAll('.plane .cursor')) old.classList.remove('cursor');
    cursor = spot;
    const held = plane(), group = spot && figure.groupOf(spot.grid);
    if (!spot || !held || !group) return;
    group.querySelector(`[data-at="${spot.index}"]`)?.classList.add('cursor');
    const row = Math.floor(spot.index / held.columns), column = spot.index % held.columns;
    group.setAttribute('aria-valuenow', String(held.cells[spot.index]));
    group.setAttribute('aria-valuetext', t('lab.cell_at', { row: row + 1, column: column + 1, value: short(held.cells[spot.index]) }));
  }

  /** @param {string | null} typed   what to begin with; null: the value itself, chosen */
  function open(typed) {
    const held = plane(), where = cursor && figure.boxOf(cursor);
    if (!held || !cursor || !placeOf(held, cursor.index) || !where) return;
    const frame = place.getBoundingClientRect();
    box.hidden = false;
    const wide = Math.max(where.width, 4.2 * Number.parseFloat(getComputedStyle(input).fontSize));
    box.style.left = `${Math.min(Math.max(0, where.left - frame.left + (where.width - wide) / 2), frame.width - wide)}px`;
    box.style.top = `${where.top - frame.top}px`;
    box.style.setProperty('--wide', `${wide}px`);
    box.style.setProperty('--tall', `${Math.max(where.height, 28)}px`);
    input.value = typed ?? String(value());
    input.classList.remove('wrong');
    input.focus({ preventScroll: true });
    if (typed === null) input.select();
  }

  /** @param {boolean} keep @returns {boolean} whether the editor could be closed */
  function close(keep) {
    const held = plane();
    if (box.hidden || !held || !cursor) return true;
    const number = numberOf(input.value);
    if (keep && number === null) {
      input.classList.add('wrong');
      hooks.problem(t('lab.no_number', { text: input.value.slice(0, 30) }));
      return false;
    }
    box.hidden = true;
    if (keep && number !== null && !Object.is(number, value())) hooks.change(held, cursor.index, number);
    return true;
  }

  /** @param {number} rows @param {number} columns */
  function walk(rows, columns) {
    const held = plane();
    if (!held || !cursor) return;
    const row = Math.floor(cursor.index / held.columns) + rows, column = (cursor.index % held.columns) + columns;
    if (row >= 0 && row < held.rows && column >= 0 && column < held.columns && placeOf(held, row * held.columns + column)) moveTo({ grid: cursor.grid, index: row * held.columns + column });
    hooks.focus();
  }

  /** @param {number} by */
  function step(by) {
    const held = plane(), number = numberOf(input.value);
    if (!held || !cursor || number === null) return;
    input.value = String(Number((number + by).toPrecision(12)));
    hooks.change(held, cursor.index, Number(input.value));
  }

  /** @param {HTMLElement | SVGElement | null} group */
  const back = (group) => /** @type {HTMLElement | null} */ (group)?.focus({ preventScroll: true });

  input.addEventListener('keydown', (event) => {
    const moves = /** @type {Record<string, [number, number]>} */ ({ Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] })[event.key];
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') { event.preventDefault(); step(event.key === 'ArrowUp' ? 1 : -1); return; }
    if (event.key !== 'Escape' && !moves && !event.key.startsWith('Page')) { event.stopPropagation(); return; }
    if (event.key !== 'PageDown' && event.key !== 'PageUp') { event.preventDefault(); event.stopPropagation(); }
    if (!close(event.key !== 'Escape')) return;
    if (moves) walk(...moves);
    back(cursor && figure.groupOf(cursor.grid));
  });
  input.addEventListener('blur', () => { if (!box.hidden && !close(true)) box.hidden = true; });

  place.addEventListener('focusin', (event) => {
    const grid = /** @type {Element} */ (event.target).getAttribute?.('data-grid');
    if (grid && cursor?.grid !== grid) moveTo({ grid, index: firstOf(/** @type {Plane} */ (figure.planeOf(grid))) });
    else if (grid) moveTo(cursor);
  });
  place.addEventListener('keydown', (event) => {
    const grid = /** @type {Element} */ (event.target).getAttribute?.('data-grid');
    if (!grid || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] })[event.key];
    if (arrows) walk(...arrows);
    else if (event.key === 'Enter' || event.key === 'F2') open(null);
    else if (event.key === '+' || event.key === '=') { const held = plane(); if (held && cursor) hooks.change(held, cursor.index, value() + 1); }
    else if (/^[\d.,\-−]$/.test(event.key)) open(event.key);
    else if (event.key === 'Delete' || event.key === 'Backspace') { const held = plane(); if (held && cursor) hooks.change(held, cursor.index, 0); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '', held = plane();
    const here = document.activeElement === input || Boolean(document.activeElement?.getAttribute('data-grid'));
    if (!here || !held || !cursor || !text.trim() || event.clipboardData?.files.length) return;
    const block = fromText(text);
    if (document.activeElement === input && block?.length === 1 && block[0].length === 1) return;   // a single number goes into the field
    event.preventDefault();
    if (!block) { hooks.problem(t('lab.no_table')); return; }
    box.hidden = true;
    hooks.paste(held, cursor.index, block);
    back(figure.groupOf(cursor.grid));
  });

  place.addEventListener('pointerdown', (event) => {
    const spot = spotOf(event.target), held = spot && figure.planeOf(spot.grid);
    if (!spot || !held || !placeOf(held, spot.index) || event.button) return;
    const from = event.clientY, start = hooks.value(held, spot.index);
    dragged = false;
    const drag = (/** @type {PointerEvent} */ moved) => {
      const steps = Math.trunc((from - moved.clientY) / PER_STEP);
      if (!dragged && !steps) return;
      dragged = true;
      moveTo(spot);
      hooks.change(/** @type {Plane} */ (figure.planeOf(spot.grid)), spot.index, start + steps);
    };
    const end = () => { removeEventListener('pointermove', drag); removeEventListener('pointerup', end); removeEventListener('pointercancel', end); };
    if (event.pointerType === 'mouse' && Number.isFinite(start)) { addEventListener('pointermove', drag); addEventListener('pointerup', end); addEventListener('pointercancel', end); }
  });
  place.addEventListener('click', (event) => {
    const spot = spotOf(event.target), held = spot && figure.planeOf(spot.grid);
    if (!spot || !held || dragged) return;
    if (!placeOf(held, spot.index)) { held.pick?.(spot.index); return; }
    if (!close(true)) return;
    moveTo(spot);
    open(null);
  });

  return { /** The cursor stays where it was after a drawing. */ redraw: () => { if (cursor) moveTo(cursor); }, close };
}
