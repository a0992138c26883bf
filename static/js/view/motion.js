/** A unit's map on its way between the overview and its layer: it stays what it is while the rest moves aside. */

const LONG = 260; // ms
const EASING = 'cubic-bezier(.3, 0, .2, 1)';

/** Whether the person asked for no motion. */
const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/**
 * A copy of the map travels from one place to the other; what appears around it fades in.
 * @param {HTMLCanvasElement} picture @param {DOMRect} from @param {DOMRect} to @param {Element[]} rest
 */
export function fly(picture, from, to, rest) {
  if (still() || !to.width || !from.width) return;
  const ghost = /** @type {HTMLCanvasElement} */ (picture.cloneNode());
  ghost.getContext('2d')?.drawImage(picture, 0, 0);
  ghost.className = 'ghost';
  ghost.style.cssText = `left:${to.left}px;top:${to.top}px;width:${to.width}px;height:${to.height}px`;
  document.body.append(ghost);
  const start = `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(${from.width / to.width}, ${from.height / to.height})`;
  ghost.animate([{ transform: start }, { transform: 'none' }], { duration: LONG, easing: EASING }).onfinish = () =>
    ghost.remove();
  for (const one of rest) one.animate([{ opacity: 0 }, { opacity: 1 }], { duration: LONG, easing: 'ease-in' });
}
