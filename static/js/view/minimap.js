/** The whole overview in small, where it is wider than the window: shows which part is in view, and a drag moves it. */
/** @import { Layout } from '../core/layout.js' */
import { t } from '../i18n.js';
import { h } from './dom.js';

/** @param {HTMLElement} view   what scrolls sideways */
export function minimap(view) {
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { 'aria-hidden': 'true' }));
  const frame = h('span', { class: 'frame' });
  const root = h('div', { class: 'minimap', 'aria-label': t('ui.minimap'), role: 'img', hidden: true }, canvas, frame);
  let whole = 1;

  const follow = () => {
    frame.style.left = `${(100 * view.scrollLeft) / whole}%`;
    frame.style.width = `${(100 * view.clientWidth) / whole}%`;
  };
  const move = (/** @type {PointerEvent} */ event) => {
    const box = root.getBoundingClientRect();
    view.scrollLeft = ((event.clientX - box.left) / box.width) * whole - view.clientWidth / 2;
  };
  view.addEventListener('scroll', follow, { passive: true });
  root.addEventListener('pointerdown', (event) => {
    root.setPointerCapture(event.pointerId);
    move(event);
    event.preventDefault();
  });
  root.addEventListener('pointermove', (event) => root.hasPointerCapture(event.pointerId) && move(event));

  return {
    root,
    follow,
    /** Whether it is needed. @param {boolean} needed */
    show(needed) {
      root.hidden = !needed;
    },
    /** @param {HTMLCanvasElement} thumbs @param {Layout} placed */
    paint(thumbs, placed) {
      if (root.hidden) return;
      whole = view.scrollWidth;
      canvas.width = Math.max(1, Math.round(view.clientWidth * Math.min(devicePixelRatio || 1, 2)));
      canvas.height = Math.max(1, Math.round(canvas.width * (placed.height / placed.width)));
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
      context.imageSmoothingQuality = 'medium';
      context.drawImage(thumbs, 0, 0, canvas.width, canvas.height);
      follow();
    },
  };
}
