/**
 * Panels that show the same part of a picture, down to single pixels with their numbers; moved by mouse, wheel, fingers and
 * keys alike.
 */
/** @import { Frame, Part, Pixel } from '../../core/lab/zoom.js' */
/** @import { Point } from './gestures.js' */
import { inCells, partOf, pixelAt, settled, zoomed } from '../../core/lab/zoom.js';
import { h } from '../dom.js';
import { gestures } from './gestures.js';
import { LINES, outline, panel } from './panel-paint.js';

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

const FACTOR = 1.25; // what a press of plus does
const STILL = 180; // ms after the last turn of the wheel

/** @param {Hooks} hooks */
export function zoomPanels(hooks) {
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'zoom', tabindex: 0, role: 'application' }));
  const labels = h('div', { class: 'zoom-labels' });
  const root = h('div', { class: 'zoom-box' }, labels, canvas);
  /** @type {Shown | null} */
  let shown = null;
  /** @type {{pixel: Pixel, across: number} | null} */
  let moving = null; // while one drags, wheels or pinches, ahead of the address
  /** @type {Place[]} */
  let places = [];
  /** @type {At | null} */
  let began = null; // where, and what was to be seen there then
  let settling = 0;

  const now = () => moving ?? { pixel: /** @type {Shown} */ (shown).pixel, across: /** @type {Shown} */ (shown).across };

  /** @param {Pixel} middle @param {number} across */
  function stay(middle, across) {
    clearTimeout(settling);
    moving = null;
    hooks.settle(settled({ across, middle }));
  }

  /** @param {number} after   ms without another movement */
  function settle(after) {
    clearTimeout(settling);
    settling = setTimeout(() => moving && stay(moving.pixel, moving.across), after);
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
    places = framesOf(width, height, panels.length).map((room, i) => {
      const part = partOf(room, size, pixel, panels[i].whole ? 0 : across);
      return { room, ...inCells(room, part, size, LINES) };
    });
    places.forEach((place, i) => panel(context, size, panels[i], place));
    for (const { frame, part } of places)
      for (const each of [shown.pointed, settled({ across, middle: pixel }).pixel])
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

  /** @param {Point} point @returns {At | null} */
  function placeAt({ x, y }) {
    const index = places.findIndex(
      ({ frame }) => x >= frame.x && x < frame.x + frame.width && y >= frame.y && y < frame.y + frame.height,
    );
    return index < 0 ? null : { ...places[index], whole: Boolean(shown?.panels[index].whole) };
  }

  /** @param {Point} point */
  function pixelUnder(point) {
    const at = placeAt(point);
    return at && shown ? pixelAt(at.part, shown, point.x - at.frame.x, point.y - at.frame.y) : null;
  }

  /**
   * The panel's whole room is zoomed, which is a little more than the whole cells in it.
   * @param {At} at
   * @param {number} factor
   * @param {Point} from
   * @param {Point} to
   */
  function zoom({ room, frame, part }, factor, from, to) {
    if (!shown) return;
    const inside = (/** @type {Point} */ { x, y }) => ({ x: x - room.x, y: y - room.y });
    const corner = {
      left: part.left - (frame.x - room.x) / part.scale,
      top: part.top - (frame.y - room.y) / part.scale,
      scale: part.scale,
    };
    const { across, middle } = zoomed(corner, room, shown, factor, inside(from), inside(to));
    moving = { pixel: middle, across };
    paint();
  }

  gestures(canvas, {
    begin(at, { mouse, two }) {
      const place = placeAt(at);
      began = place?.whole ? null : place;
      return began !== null && (mouse || two || now().across > 0);
    },
    tap(at) {
      const pixel = pixelUnder(at);
      if (pixel) stay(pixel, now().across);
    },
    point: (at) => hooks.point(at && pixelUnder(at)),
    drag(from, to) {
      if (began && now().across) zoom(began, 1, from, to);
    },
    zoom(factor, from, to) {
      if (began) zoom(began, factor, from, to);
    },
    wheel(factor, point) {
      const at = placeAt(point);
      if (!at || at.whole) return false;
      zoom(at, factor, point, point);
      settle(STILL);
      return true;
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
      stay(
        {
          row: Math.min(shown.rows - 1, Math.max(0, pixel.row + step[0])),
          column: Math.min(shown.columns - 1, Math.max(0, pixel.column + step[1])),
        },
        across,
      );
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
      stay(pixel, factor && zoomed(place.part, place.room, shown, factor, { x: 0, y: 0 }).across);
    },
    /** @param {Shown} next */
    draw(next) {
      shown = next;
      paint();
    },
  };
  return api;
}

/** @typedef {{room: Frame, frame: Frame, part: Part}} Place   where a panel may be, where it is, and what it shows */
/** @typedef {Place & {whole: boolean}} At */
