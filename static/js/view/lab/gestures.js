/**
 * What fingers, mouse and wheel do on a picture: one pointer taps or drags, two zoom and move at once; where a drag would do
 * nothing, the page scrolls.
 */

/** @typedef {{x: number, y: number}} Point   px from the element's corner */
/**
 * @typedef {object} Hooks
 * @property {(at: Point, how: {mouse: boolean, two: boolean}) => boolean} begin   a drag, or with two fingers a zoom, may begin:
 *   whether it is meant for the picture; two: both fingers are down, and this is the middle between them
 * @property {(at: Point) => void} tap
 * @property {(at: Point | null) => void} point              the mouse is over it; null: no longer
 * @property {(from: Point, to: Point) => void} drag          since it began
 * @property {(factor: number, from: Point, to: Point) => void} zoom   since it began: nearer above 1; and where the middle has gone
 * @property {(factor: number, at: Point) => boolean} wheel   false: nothing to zoom there
 * @property {() => void} end                                what began is over, and was no tap
 */

const STILL = 5; // px: less is a tap
const LINE = 0.1;
const PAGE = 1;
const PIXEL = 0.0032; // doublings for a unit of the wheel: five notches of 100 px make three times as large
const FINGERS = 10; // a pinch on a touch pad arrives as a wheel with Ctrl, in smaller steps
const MOST = 0.5; // doublings at once

/** How much nearer a turn of the wheel goes. @param {{deltaY: number, deltaMode: number, ctrlKey: boolean}} turn */
export function wheelFactor({ deltaY, deltaMode, ctrlKey }) {
  const doublings = -deltaY * [PIXEL, LINE, PAGE][deltaMode] * (ctrlKey ? FINGERS : 1);
  return 2 ** Math.min(MOST, Math.max(-MOST, doublings));
}

/** @param {HTMLElement} element @param {Hooks} hooks */
export function gestures(element, hooks) {
  /** @type {Map<number, {from: Point, to: Point}>} */
  const down = new Map();
  let held = false;
  let moved = false;
  /** @type {{apart: number, middle: Point} | null} */
  let pair = null; // as both fingers came down

  /** @param {{clientX: number, clientY: number}} event @returns {Point} */
  function placeOf({ clientX, clientY }) {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
  function fingers() {
    const [a, b] = [...down.values()].map(({ to }) => to);
    return { apart: Math.hypot(a.x - b.x, a.y - b.y), middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } };
  }
  /** From here on everything is counted anew. @param {boolean} mouse */
  function begin(mouse) {
    for (const each of down.values()) each.from = each.to;
    pair = down.size === 2 ? fingers() : null;
    const [first] = down.values();
    held = hooks.begin(pair?.middle ?? first.to, { mouse, two: pair !== null });
  }

  element.addEventListener('pointerdown', (event) => {
    const mouse = event.pointerType === 'mouse';
    if (event.button || down.size === 2) return;
    if (mouse) element.setPointerCapture(event.pointerId); // a finger is held by itself
    const at = placeOf(event);
    moved = down.size > 0;
    down.set(event.pointerId, { from: at, to: at });
    begin(mouse);
  });
  element.addEventListener('pointermove', (event) => {
    const pointer = down.get(event.pointerId);
    const at = placeOf(event);
    if (!pointer) {
      if (event.pointerType === 'mouse') hooks.point(at);
      return;
    }
    pointer.to = at;
    if (!held) return;
    if (pair) {
      const { apart, middle } = fingers();
      if (pair.apart > 0) hooks.zoom(apart / pair.apart, pair.middle, middle);
      return;
    }
    moved ||= Math.hypot(at.x - pointer.from.x, at.y - pointer.from.y) > STILL;
    if (moved) hooks.drag(pointer.from, at);
  });
  for (const kind of /** @type {const} */ (['pointerup', 'pointercancel']))
    element.addEventListener(kind, (event) => {
      const pointer = down.get(event.pointerId);
      if (!pointer) return;
      down.delete(event.pointerId);
      const still = Math.hypot(pointer.to.x - pointer.from.x, pointer.to.y - pointer.from.y) <= STILL;
      if (down.size) begin(false);
      else if (kind === 'pointerup' && !moved && still) hooks.tap(pointer.to);
      else hooks.end();
    });
  element.addEventListener('pointerleave', () => {
    if (!down.size) hooks.point(null);
  });
  element.addEventListener(
    'touchmove',
    (event) => {
      if (event.cancelable && (held || event.touches.length > 1)) event.preventDefault();
    },
    { passive: false },
  );
  element.addEventListener(
    'wheel',
    (event) => {
      if (hooks.wheel(wheelFactor(event), placeOf(event))) event.preventDefault();
    },
    { passive: false },
  );
}
