/** Before and after on one picture, with a line to drag between them; beside it the kernel and the pixels that lie under it. */
/** @import { Part, Pixel } from '../../core/lab/zoom.js' */
/** @import { Developed } from './darkroom.js' */
/** @import { Seen } from './compare-paint.js' */
/** @import { Point } from './gestures.js' */
/** @import { Guide, Window } from './kernel-panel.js' */
import { partOf, settled, zoomed } from '../../core/lab/zoom.js';
import { h } from '../dom.js';
import { frame, handle } from './compare-paint.js';
import { gestures } from './gestures.js';
import { kernelPanel } from './kernel-panel.js';
import { pictureTools } from './picture-tools.js';

/** @typedef {{across: number, middle: Pixel}} Look   across: pixels along the shorter side, 0 for the whole picture */

/**
 * @typedef {object} Hooks
 * @property {(percent: number) => void} divide          the line was let go there
 * @property {(look: Look) => void} look                  the picture was enlarged, or moved
 * @property {(pixel: Pixel | null) => void} point       what the mouse is over
 * @property {(pixel: Pixel) => void} pin                 a click or a tap
 * @property {(file: Blob) => void} file
 * @property {() => void} camera                          start it, or stop it
 * @property {() => void} freeze                          keep the camera's picture
 * @property {(kernel: number[][]) => void} kernel        changed by hand
 * @property {(key: string, values?: Record<string, string | number>) => string} say
 */

/**
 * @typedef {object} Shown
 * @property {Developed} developed
 * @property {boolean} beside           both pictures whole, one beside the other
 * @property {number} divider           percent of the width that shows the picture before the filter
 * @property {Look} look
 * @property {Pixel} pixel              the one looked at
 * @property {number[][][]} kernels     as they are defined
 * @property {boolean} own              the kernel's size can be chosen
 * @property {Guide | null} guide       what makes a Gabor kernel, to be drawn over it
 * @property {Window[]} windows         per plane, the pixels under the kernel
 * @property {boolean} live
 * @property {string} readout
 * @property {string} problem           why there is no picture, or no camera
 * @property {boolean} pending        newer pictures are on their way
 * @property {string} accent
 * @property {string} ground
 */

const GAP = 0.03; // between two whole pictures, of their width
const LEAST = 0.26;
const MOST = 0.67; // of the stage, for the kernel and its pixels: more where numbers could not be read, but the pictures stay
const FACTOR = 1.6; // what a press of plus does
const STILL = 180; // ms after the last turn of the wheel
const NEAR = { mouse: 12, finger: 26 }; // px from the line

/** @param {Hooks} hooks */
export function compareStage(hooks) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    h('canvas', {
      class: 'compare',
      tabindex: 0,
      role: 'slider',
      'aria-label': hooks.say('divider'),
      'aria-valuemin': 0,
      'aria-valuemax': 100,
    })
  );
  const box = h(
    'div',
    { class: 'compare-box' },
    h(
      'div',
      { class: 'compare-sheet' },
      canvas,
      h('span', { class: 'compare-tag before' }, hooks.say('before')),
      h('span', { class: 'compare-tag after' }, hooks.say('after')),
    ),
  );
  const panel = kernelPanel(hooks);
  const tools = pictureTools({
    ...hooks,
    zooms: { zoom_out: () => nearer(1 / FACTOR), zoom_in: () => nearer(FACTOR), zoom_whole: () => nearer(0) },
  });
  const root = h('div', { class: 'compare-stage' }, box, tools.root, panel.root);
  /** @type {Shown | null} */
  let shown = null;
  /** @type {{key: string, width: number, height: number} | null} */
  let room = null; // for the picture, px
  let divider = 50;
  let dragging = false; // the line
  /** @type {Look | null} */
  let moving = null; // while one drags, wheels or pinches, ahead of the address
  /** @type {{part: Part, from: number} | null} */
  let began = null; // what was to be seen then, and where its picture lies
  let settling = 0;
  new ResizeObserver(() => {
    room = null;
    paint();
  }).observe(root);

  const look = () => moving ?? /** @type {Shown} */ (shown).look;

  /** Pictures lie here, px: the second one only beside the first. */
  function sheets() {
    const { clientWidth, clientHeight: height } = canvas;
    const width = shown?.beside ? clientWidth / (2 + GAP) : clientWidth;
    return { width, height, second: shown?.beside ? clientWidth - width : 0 };
  }

  /** What is to be seen of a picture that is shown so large, px. @param {number} width @param {number} height @returns {Part} */
  function partIn(width, height) {
    const { rows, columns } = /** @type {Shown} */ (shown).developed;
    const { across, middle } = look();
    return across ? partOf({ width, height }, { rows, columns }, middle, across) : { left: 0, top: 0, scale: width / columns };
  }

  /** @param {Point} point @returns {Point & {from: number, width: number, height: number}} inside the picture that it is over */
  function inside({ x, y }) {
    const { width, height, second } = sheets();
    const from = second && x >= second - (second - width) / 2 ? second : 0;
    return { x: x - from, y, from, width, height };
  }

  /** @param {Point} point @returns {Pixel | null} */
  function pixelAt(point) {
    const { x, y, width, height } = inside(point);
    if (!shown || x < 0 || y < 0 || x >= width || y >= height) return null;
    const { rows, columns } = shown.developed;
    const { left, top } = partIn(width, height);
    const seen = seenOf(width, height);
    return {
      row: Math.min(rows - 1, Math.floor(top + (y / height) * seen.rows)),
      column: Math.min(columns - 1, Math.floor(left + (x / width) * seen.columns)),
    };
  }

  /** @param {number} width @param {number} height @returns {Seen} */
  function seenOf(width, height) {
    const { rows, columns } = /** @type {Shown} */ (shown).developed;
    if (!look().across) return { left: 0, top: 0, columns, rows };
    const { left, top, scale } = partIn(width, height);
    return { left, top, columns: width / scale, rows: height / scale };
  }

  /** @param {number} percent */
  function divide(percent) {
    divider = Math.min(100, Math.max(0, Math.round(percent)));
    paint();
  }

  /** @param {Look} next */
  function stay(next) {
    clearTimeout(settling);
    moving = null;
    const { across, pixel } = settled(next);
    hooks.look({ across, middle: pixel });
  }

  /** @param {number} factor @param {Point} from @param {Point} to */
  function zoom(factor, from, to) {
    if (!shown || !began) return;
    const { part, from: start } = began;
    const { width, height } = sheets();
    const at = (/** @type {Point} */ { x, y }) => ({ x: x - start, y });
    moving = zoomed(part, { width, height }, shown.developed, factor, at(from), at(to), 4);
    paint();
  }

  /** Around the pixel looked at; factor 0: the whole picture. @param {number} factor */
  function nearer(factor) {
    if (!shown) return;
    const { width, height } = sheets();
    const { across } = zoomed(
      partIn(width, height),
      { width, height },
      shown.developed,
      factor || 1,
      { x: 0, y: 0 },
      { x: 0, y: 0 },
      4,
    );
    stay({ across: factor && across, middle: shown.pixel });
  }

  /** @param {Point} at @param {boolean} mouse */
  const nearLine = ({ x }, mouse) =>
    !shown?.beside && Math.abs(x - (divider / 100) * canvas.clientWidth) < (mouse ? NEAR.mouse : NEAR.finger);

  /** @param {Point} at */
  function begin(at) {
    const { from, width, height } = inside(at);
    began = { from, part: partIn(width, height) };
  }

  gestures(canvas, {
    begin(at, { mouse, two }) {
      if (!shown) return false;
      dragging = !two && nearLine(at, mouse);
      begin(at);
      return dragging || two || look().across > 0;
    },
    tap(at) {
      const pixel = dragging ? null : pixelAt(at);
      dragging = false;
      if (pixel) hooks.pin(pixel);
    },
    point(at) {
      canvas.classList.toggle('near', at !== null && nearLine(at, true));
      hooks.point(at && pixelAt(at));
    },
    drag(from, to) {
      if (dragging) divide((100 * to.x) / canvas.clientWidth);
      else zoom(1, from, to);
    },
    zoom,
    wheel(factor, at) {
      if (!shown || (factor < 1 && !look().across)) return false;
      begin(at);
      zoom(factor, at, at);
      clearTimeout(settling);
      settling = setTimeout(() => moving && stay(moving), STILL);
      return true;
    },
    end() {
      if (dragging) hooks.divide(divider);
      else if (moving) stay(moving);
      dragging = false;
    },
  });
  canvas.addEventListener('keydown', (event) => {
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    const walk = event.shiftKey && { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const by = { ArrowLeft: -2, ArrowRight: 2, ArrowDown: -10, ArrowUp: 10 }[event.key];
    const to = { Home: 0, End: 100 }[event.key];
    const factor = { '+': FACTOR, '=': FACTOR, '-': 1 / FACTOR, 0: 0 }[event.key];
    const line = by !== undefined || to !== undefined;
    if (!walk && factor === undefined && (!line || shown.beside)) return;
    event.preventDefault();
    event.stopPropagation();
    if (walk) walked(walk);
    else if (factor !== undefined) nearer(factor);
    else {
      divide(to ?? divider + (by ?? 0));
      hooks.divide(divider);
    }
  });

  /** The part that is shown follows. @param {number[]} by   rows, columns */
  function walked([down, right]) {
    const { pixel, developed } = /** @type {Shown} */ (shown);
    const row = Math.min(developed.rows - 1, Math.max(0, pixel.row + down));
    const column = Math.min(developed.columns - 1, Math.max(0, pixel.column + right));
    hooks.pin({ row, column });
    if (look().across) stay({ across: look().across, middle: { row, column } });
  }

  /**
   * The picture takes the width that its height allows; the numbers beside it take what is left, and grow with it.
   * @param {Shown} now
   */
  function share({ developed: { rows, columns }, beside }) {
    const { clientWidth: width, clientHeight: height } = root;
    const loose = getComputedStyle(root).position === 'static';
    root.style.setProperty('--ratio', String((columns * (beside ? 2 + GAP : 1)) / rows));
    if (loose) {
      root.style.removeProperty('--picture');
      panel.fit(width, 0);
      return;
    }
    const style = getComputedStyle(root);
    const [across, down] = [style.columnGap, style.rowGap].map((gap) => Number.parseFloat(gap) || 0);
    const high = () => height - tools.root.offsetHeight - down;
    let picture = 0;
    for (let i = 0; i < 2; i++) {
      const most = width - Math.min(MOST * width, Math.max(LEAST * width, panel.needs(high()))) - across;
      picture = Math.min(most, (height * columns * (beside ? 2 + GAP : 1)) / rows);
      root.style.setProperty('--picture', `${picture}px`);
    } // twice, for the tools take another line where they are narrow
    panel.fit(width - picture - across, high());
  }

  /** Sizes are asked for only when something may have changed them, for that lays out the page. @param {Shown} now */
  function measure(now) {
    const {
      developed: { rows, columns },
      beside,
      kernels,
      own,
      live,
      readout: text,
      problem: trouble,
      windows,
    } = now;
    const key = [
      rows,
      columns,
      beside,
      kernels.length,
      kernels[0].length,
      own,
      live,
      text.length,
      trouble,
      windows.length,
    ].join();
    if (room?.key === key || (dragging && room)) return room;
    share(now);
    return (room = { key, width: box.clientWidth, height: box.clientHeight });
  }

  /** The largest that fits; pixels stay sharp where they are enlarged. */
  function paint() {
    if (!shown) return;
    const {
      developed: { before, after, rows, columns },
      pixel,
      kernels,
      accent,
      ground,
      beside,
    } = shown;
    const both = beside ? columns * (2 + GAP) : columns;
    const { width, height } = measure(shown);
    const scale = Math.min(width / both, height / rows);
    const ratio = devicePixelRatio || 1;
    if (!(scale > 0)) return;
    const wide = Math.round(columns * scale * ratio);
    const tall = Math.round(rows * scale * ratio);
    const whole = Math.round(both * scale * ratio);
    const second = whole - wide;
    if (canvas.width !== whole || canvas.height !== tall) Object.assign(canvas, { width: whole, height: tall });
    Object.assign(canvas.style, { width: `${whole / ratio}px`, height: `${tall / ratio}px` });
    root.classList.toggle('beside', beside);
    root.style.setProperty('--second', `${second / ratio}px`);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const seen = seenOf(wide, tall);
    const { left, top, columns: across, rows: high } = seen;
    const line = (wide * divider) / 100;
    const part = (across * divider) / 100;
    context.imageSmoothingEnabled = wide < across;
    context.imageSmoothingQuality = shown.live || shown.pending ? 'low' : 'high'; // a film has no time for the best, nor has a slider
    context.drawImage(before, left, top, across, high, 0, 0, wide, tall);
    if (beside) {
      context.clearRect(wide, 0, second - wide, tall);
      context.drawImage(after, left, top, across, high, second, 0, wide, tall);
    } else if (divider < 100) context.drawImage(after, left + part, top, across - part, high, line, 0, wide - line, tall);
    for (const from of beside ? [0, second] : [0])
      frame(context, pixel, from ? [[1]] : kernels[0], { from, wide, tall, seen }, [accent, ground], ratio);
    if (!beside) handle(context, line, tall, [accent, ground], ratio);
    canvas.setAttribute('aria-valuenow', String(divider));
  }

  return {
    root,
    /** The next frame of a film, and nothing else. @param {Developed} developed */
    repaint(developed) {
      if (!shown) return;
      shown = { ...shown, developed };
      paint();
    },
    /** @param {Shown} next */
    draw(next) {
      if (!dragging) divider = next.divider;
      shown = next;
      tools.draw({ ...next, zoomed: next.look.across > 0 });
      canvas.setAttribute('aria-busy', String(next.pending && !next.live));
      panel.draw(next);
      paint();
    },
  };
}
