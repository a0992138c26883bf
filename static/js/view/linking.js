/**
 * Two-way pointing: a number in one matrix, its pixel, its weight and its product light up together, and so do symbol and
 * matrix.
 */

const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

/**
 * @param {HTMLElement[]} places   what is linked; cells bear data-cell, numbers data-role, symbols of the formula a class
 *   sym-<role>
 * @param {string | null} resting  the cell that is lit when none is pointed at
 * @param {(cell: string | null) => void} show
 */
export function link(places, resting, show) {
  let lit = /** @type {string | null | undefined} */ (undefined);
  const light = (/** @type {string | null} */ cell) => {
    if (cell === lit) return;
    lit = cell;
    for (const place of places)
      for (const one of place.querySelectorAll('[data-cell]'))
        one.classList.toggle('lit', one.getAttribute('data-cell') === cell);
    show(cell);
  };
  for (const place of places) {
    place.addEventListener('pointerover', ({ target }) => {
      light(cellOf(target) ?? resting);
      place.dataset.lit = roleOf(target);
    });
    place.addEventListener('pointerleave', (event) => {
      if (event.pointerType !== 'touch') light(resting);
      place.dataset.lit = '';
    });
    place.addEventListener('keydown', (event) => walk(event, lit ?? null, light));
    place.addEventListener('focusout', () => light(resting));
  }
  light(resting);
}

/** @param {EventTarget | null} target */
const cellOf = (target) => /** @type {Element} */ (target).closest('[data-cell]')?.getAttribute('data-cell') ?? null;

/** @param {EventTarget | null} target */
function roleOf(target) {
  const element = /** @type {Element} */ (target);
  const symbol = element.closest('[class*="sym-"]');
  return symbol
    ? (/sym-(\w+)/.exec(symbol.getAttribute('class') ?? '') ?? [])[1]
    : (element.closest('[data-role]')?.getAttribute('data-role') ?? '');
}

/**
 * Arrow keys inside a group of matrices that was reached by Tab.
 * @param {KeyboardEvent} event
 * @param {string | null} lit
 * @param {(cell: string | null) => void} light
 */
function walk(event, lit, light) {
  const group = /** @type {HTMLElement} */ (event.target);
  const by = ARROWS[event.key];
  if (!by || !group.matches('.cells:focus-visible')) return;
  const columns = Number(group.dataset.columns);
  const count = Number(group.dataset.count);
  const at = lit === null ? 0 : Number(lit) + by[0] * columns + by[1];
  event.preventDefault();
  event.stopPropagation();
  if (at >= 0 && at < count) light(String(at));
}
