/** Views are drawn anew at each change; what had the focus has it again afterwards. */

const KEYS = ['data-entry', 'data-unit', 'data-class', 'data-keep'];

/** @param {HTMLElement} place @param {() => void} draw */
export function keepFocus(place, draw) {
  const held = document.activeElement;
  const inside = held !== null && held !== place && place.contains(held);
  const key = inside ? KEYS.find((name) => held.hasAttribute(name)) : undefined;
  const wanted = key && `[${key}="${CSS.escape(held?.getAttribute(key) ?? '')}"]`;
  draw();
  if (wanted) /** @type {HTMLElement | null} */ (place.querySelector(wanted))?.focus({ preventScroll: true });
}
