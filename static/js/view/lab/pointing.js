/** Which cell an event of mouse or finger happened in. */
/** @import { Spot } from '../../core/lab/types.js' */

/** @param {Element} element */
export const gridOf = (element) => element.getAttribute?.('data-grid') ?? element.getAttribute?.('data-lens') ?? null;

/**
 * The spot that an event happened in: of a cell's own element, or by its place on a map.
 * @param {Event} event
 * @returns {Spot | null}
 */
export function spotOf(event) {
  const target = /** @type {Element | null} */ (event.target);
  const group = target?.closest?.('[data-grid], [data-lens]');
  const cell = target?.closest?.('[data-at]');
  const grid = group && gridOf(group);
  if (!grid || !group) return null;
  if (cell) return { grid, index: Number(cell.getAttribute('data-at')) };
  const picture = group.querySelector('image');
  const box = picture?.getBoundingClientRect();
  const { clientX, clientY } = /** @type {PointerEvent} */ (event);
  if (!box) return null;
  const rows = Number(group.getAttribute('data-rows'));
  const columns = Number(group.getAttribute('data-columns'));
  const row = Math.floor(((clientY - box.top) / box.height) * rows);
  const column = Math.floor(((clientX - box.left) / box.width) * columns);
  return row >= 0 && column >= 0 && row < rows && column < columns ? { grid, index: row * columns + column } : null;
}

/** The plane whose lens an event happened in; '': none. @param {Event} event */
export const lensAt = (event) =>
  /** @type {Element | null} */ (event.target)?.closest?.('[data-lens]')?.getAttribute('data-lens') ?? '';

/**
 * A mouse that rests on a cell, and a finger drawn over a map, which takes the lens along instead of moving the page.
 * @param {SVGElement} root
 * @param {{over: (spot: Spot | null, lens: string) => void, slide: (spot: Spot) => void}} tell   lens: the plane whose lens it is in
 */
export function watch(root, { over, slide }) {
  const onMap = (/** @type {Event} */ { target }) => Boolean(/** @type {Element} */ (target).closest('.map'));
  root.addEventListener('pointermove', (event) => {
    const spot = spotOf(event);
    if (/** @type {PointerEvent} */ (event).pointerType === 'mouse') over(spot, lensAt(event));
    else if (spot && onMap(event)) slide(spot);
  });
  root.addEventListener('pointerleave', (event) => {
    if (/** @type {PointerEvent} */ (event).pointerType === 'mouse') over(null, '');
  });
  root.addEventListener(
    'touchmove',
    (event) => {
      if (onMap(event) && event.cancelable && /** @type {TouchEvent} */ (event).touches.length === 1) event.preventDefault();
    },
    { passive: false },
  );
}
