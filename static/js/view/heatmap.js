/** A map of numbers: one canvas pixel per cell, enlarged by CSS; marks lie on top in SVG. */
/** @import { Colours } from './colors.js' */
import { paint } from './colors.js';
import { h, s } from './dom.js';

/** @typedef {{height: number, width: number, data: ArrayLike<number>}} Plane */
/** @typedef {{x: number, y: number, width: number, height: number, kind: 'window' | 'cell' | 'winner' | 'field'}} Mark */

/** @param {Plane} plane @param {number} bound @param {Colours} colours @returns {HTMLCanvasElement} */
export function canvasOf(plane, bound, colours) {
  const canvas = blank(plane);
  paintOn(canvas, plane, bound, colours);
  return canvas;
}

/** @param {Plane} plane */
function blank({ width, height }) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {Plane} plane @param {number} bound @param {Colours} colours */
function paintOn(canvas, plane, bound, colours) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = context.createImageData(plane.width, plane.height);
  paint(plane.data, bound, colours, new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
}

/** @type {WeakMap<Element, () => void>} */
const waiting = new WeakMap();

/** Sees canvases that come near the window; a canvas costs most when it gets its pixels, not when it is made. */
const nearing = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      waiting.get(target)?.();
      waiting.delete(target);
      nearing.unobserve(target);
    }
  },
  /** @type {any} */ ({ rootMargin: '50%', scrollMargin: '50%' }), // the second for what scrolls within the page, where known
);

/** The same, painted once it comes near. @param {Plane} plane @param {number} bound @param {Colours} colours */
function canvasWhenNear(plane, bound, colours) {
  const canvas = blank(plane);
  waiting.set(canvas, () => paintOn(canvas, plane, bound, colours));
  nearing.observe(canvas);
  return canvas;
}

/**
 * @param {{plane: Plane, bound: number, colours: Colours, label: string, size?: string, marks?: Mark[], onCell?: (y: number, x: number) => void, far?: boolean}} options
 *   size: a class name; onCell: what a click or a drag over a cell does; far: one of many, most of them out of sight
 */
export function heatmap({ plane, bound, colours, label, size = '', marks = [], onCell, far = false }) {
  const canvas = (far ? canvasWhenNear : canvasOf)(plane, bound, colours);
  const overlay = marks.length ? marksOver(plane, marks) : null;
  const frame = h(
    'div',
    {
      class: `heatmap ${size}`,
      role: label ? 'img' : null,
      'aria-label': label || null,
      'aria-hidden': label ? null : 'true',
      style: { '--ratio': plane.width / plane.height },
    },
    canvas,
    overlay,
  );
  if (onCell) listen(frame, plane, onCell);
  return frame;
}

/** @param {Plane} plane @param {Mark[]} marks */
function marksOver(plane, marks) {
  const edge = Math.max(1, Math.max(plane.width, plane.height) / 24); // room for windows that reach into padding
  const box = `0 0 ${plane.width} ${plane.height}`;
  return s(
    'svg',
    { class: 'marks', viewBox: box, preserveAspectRatio: 'none', 'data-edge': edge },
    marks.flatMap(({ x, y, width, height, kind }) => [
      s('rect', { x, y, width, height, class: 'halo' }),
      s('rect', { x, y, width, height, class: kind }),
    ]),
  );
}

/** @param {HTMLElement} frame @param {Plane} plane @param {(y: number, x: number) => void} onCell */
function listen(frame, plane, onCell) {
  frame.classList.add('pickable');
  const pick = (/** @type {PointerEvent} */ event) => {
    const box = frame.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * plane.width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * plane.height);
    if (x >= 0 && y >= 0 && x < plane.width && y < plane.height) onCell(y, x);
  };
  frame.addEventListener('click', (event) => pick(/** @type {PointerEvent} */ (event)));
}
