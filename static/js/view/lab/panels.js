/**
 * Panels that show the same part of a picture, down to single pixels with their numbers; moved by mouse, wheel, fingers and
 * keys alike.
 */
/** @import { Pixel, Part } from '../../core/lab/zoom.js' */
import { digits, partOf, pixelAt, zoomed } from '../../core/lab/zoom.js';
import { h } from '../dom.js';

/**
 * @typedef {object} PanelShown
 * @property {string} label
 * @property {HTMLCanvasElement} picture      one pixel per pixel
 * @property {(pixel: Pixel) => string[]} numbers    the lines printed in a cell
 * @property {(pixel: Pixel) => number[]} shade      its colour, 0 to 255
 * @property {number} characters              of the longest line
 * @property {boolean=} whole                 always the whole picture, with a frame around the part that the others show
 * @property {((pixel: Pixel) => boolean)=} later   not reached yet by the player
 */
/** @typedef {{panels: PanelShown[], rows: number, columns: number, pixel: Pixel, pointed: Pixel | null, across: number, colours: {accent: string, ground: string, line: string}, label: string}} Shown */
/** @typedef {{settle: (place: {pixel: Pixel, across: number}) => void, point: (pixel: Pixel | null) => void}} Hooks */
/** @typedef {{x: number, y: number, width: number, height: number}} Frame */

const LINES = 9;
const FACTOR = 1.25; // px of a cell from which the grid is drawn; what a step of the wheel does

/** @param {Hooks} hooks */
export function zoomPanels(hooks) {
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'zoom', tabindex: 0, role: 'application' }));
  const labels = h('div', { class: 'zoom-labels' });
  const root = h('div', { class: 'zoom-box' }, labels, canvas);
  /** @type {Shown | null} */
  let shown = null;
  /** @type {{pixel: Pixel, across: number} | null} */
  let moving = null; // while one drags, wheels or pinches, ahead of the address
  /** @type {{frame: Frame, part: Part}[]} */
  let places = [];
  let settling = 0;

  const now = () => moving ?? { pixel: /** @type {Shown} */ (shown).pixel, across: /** @type {Shown} */ (shown).across };

  /** @param {number} after   ms without another movement */
  function settle(after) {
    clearTimeout(settling);
    settling = setTimeout(() => {
      const place = moving;
      moving = null;
      if (place) hooks.settle(place);
    }, after);
  }

  /**
   * Side by side, or one above the other where that makes larger panels.
   * @param {number} width
   * @param {number} height
   * @param {number} count
   * @returns {Frame[]}
   */
  function framesOf(width, height, count) {
    const gap = 12;
    const line = 1.7 * Number.parseFloat(getComputedStyle(labels).fontSize);
    const beside = (width - gap * (count - 1)) / count;
    const above = (height - gap * (count - 1)) / count;
    const across = Math.min(beside, height) >= Math.min(width, above);
    return Array.from({ length: count }, (_, i) =>
      across
        ? { x: i * (beside + gap), y: line, width: beside, height: height - line }
        : { x: 0, y: i * (above + gap) + line, width, height: above - line },
    );
  }

  function paint() {
    if (!shown) return;
    const ratio = devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const { panels } = shown;
    const { pixel, across } = now();
    if (!(width > 0) || !(height > 0)) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio))
      Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const size = shown;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    places = framesOf(width, height, panels.length).map((frame, i) =>
      inCells(frame, partOf(frame, size, pixel, panels[i].whole ? 0 : across), size),
    );
    places.forEach((place, i) => panel(context, size, panels[i], place));
    for (const { frame, part } of places)
      for (const each of [shown.pointed, pixel])
        if (each) outline(context, size, frame, part, { ...each, rows: 1, columns: 1 });
    const second = places.find((_, i) => !panels[i].whole);
    places.forEach(({ frame, part }, i) => {
      if (panels[i].whole && second)
        outline(context, size, frame, part, {
          row: Math.max(0, second.part.top),
          column: Math.max(0, second.part.left),
          rows: Math.min(size.rows, second.frame.height / second.part.scale),
          columns: Math.min(size.columns, second.frame.width / second.part.scale),
        });
    });
    labels.replaceChildren(
      ...panels.map(({ label }, i) =>
        h(
          'span',
          {
            style: {
              left: `${places[i].frame.x}px`,
              width: `${places[i].frame.width}px`,
              top: `calc(${places[i].frame.y}px - 1.6em)`,
            },
          },
          label,
        ),
      ),
    );
    canvas.setAttribute('aria-label', shown.label);
  }

  /** @param {PointerEvent | WheelEvent} event */
  function placeAt(event) {
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const index = places.findIndex(
      ({ frame }) => x >= frame.x && x < frame.x + frame.width && y >= frame.y && y < frame.y + frame.height,
    );
    return index < 0
      ? null
      : {
          ...places[index],
          whole: Boolean(shown?.panels[index].whole),
          x: x - places[index].frame.x,
          y: y - places[index].frame.y,
        };
  }

  /** @param {PointerEvent} event */
  function pixelUnder(event) {
    const at = placeAt(event);
    return at && shown ? pixelAt(at.part, shown, at.x, at.y) : null;
  }

  /** @param {number} factor @param {{frame: Frame, part: Part, x: number, y: number}} at */
  function zoom(factor, { frame, part, x, y }) {
    if (!shown) return;
    const { across, middle } = zoomed(part, frame, shown, factor, { x, y });
    moving = { pixel: middle, across };
    paint();
  }

  canvas.addEventListener(
    'wheel',
    (event) => {
      const at = placeAt(event);
      if (!at || at.whole) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? FACTOR : 1 / FACTOR, at);
      settle(180);
    },
    { passive: false },
  );
  byPointer(canvas, {
    placeAt,
    tap: (event) => {
      const pixel = pixelUnder(event);
      if (pixel) hooks.settle({ pixel, across: now().across });
    },
    point: (event) => hooks.point(event ? pixelUnder(event) : null),
    drag(at, columns, rows) {
      if (!shown || at.whole) return;
      const { pixel, across } = at.start ?? (at.start = now());
      moving = {
        across,
        pixel: {
          row: Math.min(shown.rows - 1, Math.max(0, Math.round(pixel.row - rows))),
          column: Math.min(shown.columns - 1, Math.max(0, Math.round(pixel.column - columns))),
        },
      };
      paint();
    },
    pinch: (factor, at) => {
      if (!at.whole) zoom(factor, at);
    },
    end: () => settle(0),
  });
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const { pixel, across } = shown ? now() : { pixel: { row: 0, column: 0 }, across: 0 };
    if (!shown || event.ctrlKey || event.metaKey || event.altKey || (!step && !'+-=0'.includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    if (step)
      hooks.settle({
        across,
        pixel: {
          row: Math.min(shown.rows - 1, Math.max(0, pixel.row + step[0])),
          column: Math.min(shown.columns - 1, Math.max(0, pixel.column + step[1])),
        },
      });
    else api.by(event.key === '0' ? 0 : event.key === '-' ? 1 / FACTOR : FACTOR);
  });

  const api = {
    root,
    repaint: paint,
    /** Around the pixel looked at; factor 0: the whole picture. @param {number} factor */
    by(factor) {
      const place = places.find((_, i) => !shown?.panels[i].whole);
      if (!shown || !place) return;
      const { pixel } = now();
      const { frame, part } = place;
      const x = (pixel.column + 0.5 - part.left) * part.scale;
      const y = (pixel.row + 0.5 - part.top) * part.scale;
      hooks.settle({ pixel, across: factor ? zoomed(part, frame, shown, factor, { x, y }).across : 0 });
    },
    /** @param {Shown} next */
    draw(next) {
      shown = next;
      paint();
    },
  };
  return api;
}

/** @typedef {{frame: Frame, part: Part, whole: boolean, x: number, y: number, start?: {pixel: Pixel, across: number}}} At */

/**
 * One pointer taps or drags, two pinch.
 * @param {HTMLCanvasElement} canvas
 * @param {{placeAt: (event: PointerEvent) => At | null, tap: (event: PointerEvent) => void, point: (event: PointerEvent | null) => void, drag: (at: At, columns: number, rows: number) => void, pinch: (factor: number, at: At) => void, end: () => void}} hooks
 */
function byPointer(canvas, { placeAt, tap, point, drag, pinch, end }) {
  /** @type {Map<number, PointerEvent>} */
  const down = new Map();
  /** @type {At | null} */
  let from = null;
  let moved = false;
  let apart = 0;
  const distance = () => {
    const [a, b] = [...down.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, event);
    from = placeAt(event);
    moved = down.size > 1;
    apart = down.size === 2 ? distance() : 0;
  });
  canvas.addEventListener('pointermove', (event) => {
    const first = down.get(event.pointerId);
    if (!first) {
      if (event.pointerType === 'mouse') point(event);
      return;
    }
    if (down.size === 2) {
      down.set(event.pointerId, event);
      const at = placeAt(event);
      const now = distance();
      if (at && apart > 0 && Math.abs(Math.log(now / apart)) > 0.08) {
        pinch(now / apart, at);
        apart = now;
      }
      return;
    }
    const [x, y] = [event.clientX - first.clientX, event.clientY - first.clientY];
    moved ||= Math.hypot(x, y) > 5;
    if (moved && from) drag(from, x / from.part.scale, y / from.part.scale);
  });
  for (const kind of /** @type {const} */ (['pointerup', 'pointercancel']))
    canvas.addEventListener(kind, (event) => {
      if (!down.delete(event.pointerId)) return;
      if (!moved && kind === 'pointerup') tap(event);
      else if (!down.size) end();
    });
  canvas.addEventListener('pointerleave', () => {
    if (!down.size) point(null);
  });
}

/**
 * Where cells are drawn, none is cut: the frame is as large as whole cells are, in the middle of its room.
 * @param {Frame} frame
 * @param {Part} part
 * @param {{rows: number, columns: number}} size
 * @returns {{frame: Frame, part: Part}}
 */
function inCells(frame, part, { rows, columns }) {
  const { scale } = part;
  const wide = Math.min(columns, Math.floor(frame.width / scale + 1e-6));
  const tall = Math.min(rows, Math.floor(frame.height / scale + 1e-6));
  if (wide === columns && tall === rows) {
    const fitted = {
      x: frame.x + (frame.width - columns * scale) / 2,
      y: frame.y + (frame.height - rows * scale) / 2,
      width: columns * scale,
      height: rows * scale,
    };
    return { frame: fitted, part: { left: 0, top: 0, scale } };
  }
  if (scale < LINES) return { frame, part };
  const fitted = {
    x: frame.x + (frame.width - wide * scale) / 2,
    y: frame.y + (frame.height - tall * scale) / 2,
    width: wide * scale,
    height: tall * scale,
  };
  const start = (
    /** @type {number} */ from,
    /** @type {number} */ room,
    /** @type {number} */ shown,
    /** @type {number} */ count,
  ) => Math.min(count - shown, Math.max(0, Math.round(from + (room / scale - shown) / 2 - 1e-6)));
  return {
    frame: fitted,
    part: { left: start(part.left, frame.width, wide, columns), top: start(part.top, frame.height, tall, rows), scale },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Shown} size
 * @param {PanelShown} shown
 * @param {{frame: Frame, part: Part}} place
 */
function panel(
  context,
  { rows, columns, colours },
  { picture, numbers, shade, characters, later },
  { frame, part: { left, top, scale } },
) {
  const at = (/** @type {number} */ row, /** @type {number} */ column) => [
    frame.x + (column - left) * scale,
    frame.y + (row - top) * scale,
  ];
  const [x, y] = at(0, 0);
  const first = { row: Math.max(0, Math.floor(top)), column: Math.max(0, Math.floor(left)) };
  const last = {
    row: Math.min(rows, Math.ceil(top + frame.height / scale)),
    column: Math.min(columns, Math.ceil(left + frame.width / scale)),
  };
  context.save();
  context.beginPath();
  context.rect(frame.x, frame.y, frame.width, frame.height);
  context.clip();
  context.imageSmoothingEnabled = scale < 1;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, x, y, columns * scale, rows * scale);
  const size = digits(scale, numbers(first).length, characters);
  context.font = `${size}px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  if (scale >= LINES)
    for (let row = first.row; row < last.row; row++)
      for (let column = first.column; column < last.column; column++) {
        const [cx, cy] = at(row, column);
        const hidden = later?.({ row, column }) ?? false;
        if (hidden) {
          context.fillStyle = colours.ground;
          context.fillRect(cx, cy, scale, scale);
        }
        context.strokeStyle = colours.line;
        context.lineWidth = 0.5;
        context.strokeRect(cx, cy, scale, scale);
        if (!size || hidden) continue;
        const [r, g, b] = shade({ row, column });
        const lines = numbers({ row, column });
        context.fillStyle = 0.2126 * r + 0.7152 * g + 0.0722 * b > 115 ? '#000' : '#fff';
        lines.forEach((line, i) =>
          context.fillText(line, cx + scale / 2, cy + scale / 2 + (i - (lines.length - 1) / 2) * size * 1.15),
        );
      }
  context.restore();
}

/**
 * Seen on dark and on light.
 * @param {CanvasRenderingContext2D} context
 * @param {Shown} size
 * @param {Frame} frame
 * @param {Part} part
 * @param {{row: number, column: number, rows: number, columns: number}} what
 */
function outline(context, { colours }, frame, { left, top, scale }, { row, column, rows, columns }) {
  const width = Math.max(columns * scale, 7);
  const height = Math.max(rows * scale, 7);
  const x = frame.x + (column + columns / 2 - left) * scale - width / 2;
  const y = frame.y + (row + rows / 2 - top) * scale - height / 2;
  context.save();
  context.beginPath();
  context.rect(frame.x, frame.y, frame.width, frame.height);
  context.clip();
  for (const [colour, thick] of /** @type {[string, number][]} */ ([
    [colours.ground, 5],
    [colours.accent, 2.5],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.strokeRect(x, y, width, height);
  }
  context.restore();
}
