/** Before and after on one picture, with a line to drag between them; beside it the kernel and the pixels that lie under it. */
/** @import { Developed } from './darkroom.js' */
import { h } from '../dom.js';
import { kernelPanel } from './kernel-panel.js';

/** @typedef {{row: number, column: number}} Pixel */
/** @import { Guide, Window } from './kernel-panel.js' */

/**
 * @typedef {object} Hooks
 * @property {(percent: number) => void} divide          the line was let go there
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
const BESIDE = [0.26, 0.05]; // of the stage, at least, for a kernel of three and its pixels, and more for every row more

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
  const file = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'file',
      accept: 'image/*',
      id: 'lab-file',
      class: 'file',
      onchange: () => {
        if (file.files?.[0]) hooks.file(file.files[0]);
        file.value = '';
      },
    })
  );
  const camera = h('button', { class: 'plain', 'data-camera': '', onclick: hooks.camera });
  const freeze = h('button', { class: 'primary', onclick: hooks.freeze }, hooks.say('freeze'));
  const readout = h('span', { class: 'quiet num' });
  const problem = h('p', { class: 'warning', role: 'status' });
  const panel = kernelPanel(hooks);
  const tools = h(
    'div',
    { class: 'compare-tools' },
    h('label', { class: 'upload', for: 'lab-file' }, hooks.say('choose')),
    file,
    camera,
    freeze,
    readout,
    problem,
  );
  const root = h('div', { class: 'compare-stage' }, box, tools, panel.root);
  /** @type {Shown | null} */
  let shown = null;
  /** @type {{key: string, width: number, height: number} | null} */
  let room = null; // for the picture, px
  let divider = 50;
  let dragging = false;
  new ResizeObserver(() => {
    room = null;
    paint();
  }).observe(root);

  /** @param {PointerEvent} event @returns {[number, number]} part of the width and the height */
  function placeOf(event) {
    const frame = canvas.getBoundingClientRect();
    const x = (event.clientX - frame.left) / frame.width;
    const y = (event.clientY - frame.top) / frame.height;
    const along = shown?.beside ? x * (2 + GAP) : x;
    return [along > 1 + GAP / 2 ? along - 1 - GAP : along, y];
  }

  /** @param {PointerEvent} event @returns {Pixel | null} */
  function pixelAt(event) {
    const [x, y] = placeOf(event);
    if (!shown || x < 0 || y < 0 || x >= 1 || y >= 1) return null;
    return { row: Math.floor(y * shown.developed.rows), column: Math.floor(x * shown.developed.columns) };
  }

  /** @param {number} percent */
  function divide(percent) {
    divider = Math.min(100, Math.max(0, Math.round(percent)));
    paint();
  }

  canvas.addEventListener('pointerdown', (event) => {
    const near =
      Math.abs(placeOf(event)[0] * canvas.clientWidth - (divider / 100) * canvas.clientWidth) <
      (event.pointerType === 'mouse' ? 12 : 26);
    dragging = near && !event.button && !shown?.beside;
    if (dragging) canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const near = Math.abs((placeOf(event)[0] - divider / 100) * canvas.clientWidth) < 12;
    canvas.classList.toggle('near', (near || dragging) && !shown?.beside);
    if (dragging) divide(100 * placeOf(event)[0]);
    else if (event.pointerType === 'mouse') hooks.point(pixelAt(event));
  });
  canvas.addEventListener('pointerup', (event) => {
    const pixel = pixelAt(event);
    if (dragging) hooks.divide(divider);
    else if (pixel && !event.button) hooks.pin(pixel);
    dragging = false;
  });
  canvas.addEventListener('pointercancel', () => {
    dragging = false;
  });
  canvas.addEventListener('pointerleave', () => {
    if (!dragging) hooks.point(null);
  });
  canvas.addEventListener('keydown', (event) => {
    const walk = event.shiftKey && { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (walk && shown) {
      const {
        pixel: { row, column },
        developed: { rows, columns },
      } = shown;
      event.preventDefault();
      event.stopPropagation();
      hooks.pin({
        row: Math.min(rows - 1, Math.max(0, row + walk[0])),
        column: Math.min(columns - 1, Math.max(0, column + walk[1])),
      });
      return;
    }
    const by = { ArrowLeft: -2, ArrowRight: 2, ArrowDown: -10, ArrowUp: 10 }[event.key];
    const to = { Home: 0, End: 100 }[event.key];
    if ((by === undefined && to === undefined) || shown?.beside) return;
    event.preventDefault();
    event.stopPropagation();
    divide(to ?? divider + (by ?? 0));
    hooks.divide(divider);
  });

  /**
   * The picture takes the width that its height allows; the numbers beside it take what is left, and grow with it.
   * @param {Shown} now
   */
  function share({ developed: { rows, columns }, beside, kernels: [kernel] }) {
    const { clientWidth: width, clientHeight: height } = root;
    const loose = getComputedStyle(root).position === 'static';
    root.style.setProperty('--ratio', String((columns * (beside ? 2 + GAP : 1)) / rows));
    if (loose) {
      root.style.removeProperty('--picture');
      panel.fit(0, 0);
      return;
    }
    const gap = Number.parseFloat(getComputedStyle(root).columnGap) || 0;
    const tall = height - tools.offsetHeight - gap;
    const panels = BESIDE[0] + (kernel.length > 7 ? 0 : BESIDE[1] * (kernel.length - 3));
    const picture = Math.min(width * (1 - panels) - gap, (tall * columns * (beside ? 2 + GAP : 1)) / rows);
    root.style.setProperty('--picture', `${Math.max(picture, tools.scrollWidth)}px`);
    panel.fit(width - Math.max(picture, tools.scrollWidth) - gap, height);
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
    const across = beside ? columns * (2 + GAP) : columns;
    const { width, height } = measure(shown);
    const scale = Math.min(width / across, height / rows);
    const ratio = devicePixelRatio || 1;
    if (!(scale > 0)) return;
    const wide = Math.round(columns * scale * ratio);
    const tall = Math.round(rows * scale * ratio);
    const whole = Math.round(across * scale * ratio);
    const second = whole - wide;
    if (canvas.width !== whole || canvas.height !== tall) Object.assign(canvas, { width: whole, height: tall });
    Object.assign(canvas.style, { width: `${whole / ratio}px`, height: `${tall / ratio}px` });
    root.classList.toggle('beside', beside);
    root.style.setProperty('--second', `${second / ratio}px`);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const at = (columns * divider) / 100;
    const line = (wide * divider) / 100;
    context.imageSmoothingEnabled = scale * ratio < 1;
    context.imageSmoothingQuality = shown.live || shown.pending ? 'low' : 'high'; // a film has no time for the best, nor has a slider
    context.drawImage(before, 0, 0, wide, tall);
    if (beside) {
      context.clearRect(wide, 0, second - wide, tall);
      context.drawImage(after, second, 0, wide, tall);
    } else if (at < columns) context.drawImage(after, at, 0, columns - at, rows, line, 0, wide - line, tall);
    for (const from of beside ? [0, second] : [0])
      frame(context, pixel, from ? [[1]] : kernels[0], wide / columns, from, [accent, ground], ratio);
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
      camera.textContent = hooks.say(next.live ? 'camera_off' : 'camera_on');
      freeze.hidden = !next.live;
      if (readout.textContent !== next.readout) readout.textContent = next.readout;
      if (problem.textContent !== next.problem) problem.textContent = next.problem;
      problem.hidden = !next.problem;
      canvas.setAttribute('aria-busy', String(next.pending && !next.live));
      panel.draw(next);
      paint();
    },
  };
}

/**
 * Around the pixels that make the one looked at; never so small that it is lost.
 * @param {CanvasRenderingContext2D} context
 * @param {Pixel} pixel
 * @param {number[][]} kernel
 * @param {number} scale
 * @param {number} from   where the picture begins
 * @param {string[]} colours
 * @param {number} ratio
 */
function frame(context, { row, column }, kernel, scale, from, [accent, ground], ratio) {
  const [tall, wide] = [kernel.length, kernel[0].length];
  const least = 9 * ratio;
  const width = Math.max(wide * scale, least);
  const height = Math.max(tall * scale, least);
  const x = from + (column + 0.5 - (wide % 2 ? 0 : 0.5)) * scale - width / 2;
  const y = (row + 0.5 - (tall % 2 ? 0 : 0.5)) * scale - height / 2;
  for (const [colour, thick] of /** @type {[string, number][]} */ ([
    [ground, 4.5],
    [accent, 2],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = thick * ratio;
    context.strokeRect(x, y, width, height);
  }
}

/**
 * The line between before and after, with something to take hold of.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} tall
 * @param {string[]} colours
 * @param {number} ratio
 */
function handle(context, x, tall, [accent, ground], ratio) {
  context.fillStyle = ground;
  context.fillRect(x - 2.5 * ratio, 0, 5 * ratio, tall);
  context.fillStyle = accent;
  context.fillRect(x - ratio, 0, 2 * ratio, tall);
  context.beginPath();
  context.arc(x, tall / 2, 13 * ratio, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = ground;
  for (const side of [-1, 1]) {
    context.beginPath();
    context.moveTo(x + side * 9 * ratio, tall / 2);
    context.lineTo(x + side * 3.5 * ratio, tall / 2 - 5 * ratio);
    context.lineTo(x + side * 3.5 * ratio, tall / 2 + 5 * ratio);
    context.fill();
  }
}
