/** Before and after on one picture, with a line to drag between them; beside it the kernel and the pixels that lie under it. */
/** @import { Developed } from './darkroom.js' */
import { numberOf, short } from '../../core/lab/grids.js';
import { h } from '../dom.js';

/** @typedef {{row: number, column: number}} Pixel */
/** @typedef {{rows: number, columns: number, cells: {value: number, weight: number, mirrored: boolean}[], sum: number}} Window */

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
 * @property {Window[]} windows         per plane, the pixels under the kernel
 * @property {boolean} live
 * @property {string} readout
 * @property {string} accent
 * @property {string} ground
 */

const NUMBERED = 7;   // larger kernels are shown as shades
const GAP = 0.03;   // between two whole pictures, of their width

/** @param {Hooks} hooks */
export function compareStage(hooks) {
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'compare', tabindex: 0, role: 'slider', 'aria-label': hooks.say('divider'), 'aria-valuemin': 0, 'aria-valuemax': 100 }));
  const box = h('div', { class: 'compare-box' }, h('div', { class: 'compare-sheet' }, canvas, h('span', { class: 'compare-tag before' }, hooks.say('before')), h('span', { class: 'compare-tag after' }, hooks.say('after'))));
  const file = /** @type {HTMLInputElement} */ (h('input', { type: 'file', accept: 'image/*', id: 'lab-file', class: 'file', onchange: () => { if (file.files?.[0]) hooks.file(file.files[0]); file.value = ''; } }));
  const camera = h('button', { class: 'plain', 'data-camera': '', onclick: hooks.camera }), freeze = h('button', { class: 'primary', onclick: hooks.freeze }, hooks.say('freeze'));
  const readout = h('span', { class: 'quiet num' }), panel = kernelPanel(hooks);
  const tools = h('div', { class: 'compare-tools' }, h('label', { class: 'upload', for: 'lab-file' }, hooks.say('choose')), file, camera, freeze, readout);
  const root = h('div', { class: 'compare-stage' }, box, tools, panel.root);
  /** @type {Shown | null} */
  let shown = null;
  let divider = 50, dragging = false;

  /** @param {PointerEvent} event @returns {[number, number]} part of the width and the height */
  function placeOf(event) {
    const frame = canvas.getBoundingClientRect(), x = (event.clientX - frame.left) / frame.width, y = (event.clientY - frame.top) / frame.height;
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
    const near = Math.abs(placeOf(event)[0] * canvas.clientWidth - (divider / 100) * canvas.clientWidth) < (event.pointerType === 'mouse' ? 12 : 26);
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
    if (dragging) hooks.divide(divider); else if (pixel && !event.button) hooks.pin(pixel);
    dragging = false;
  });
  canvas.addEventListener('pointercancel', () => { dragging = false; });
  canvas.addEventListener('pointerleave', () => { if (!dragging) hooks.point(null); });
  canvas.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -2, ArrowRight: 2, ArrowDown: -10, ArrowUp: 10 }[event.key], to = { Home: 0, End: 100 }[event.key];
    if ((by === undefined && to === undefined) || shown?.beside) return;
    event.preventDefault();
    event.stopPropagation();
    divide(to ?? divider + (by ?? 0));
    hooks.divide(divider);
  });

  /** The largest that fits; pixels stay sharp where they are enlarged. */
  function paint() {
    if (!shown) return;
    const { developed: { before, after, rows, columns }, pixel, kernels, accent, ground, beside } = shown, across = beside ? columns * (2 + GAP) : columns;
    const scale = Math.min(box.clientWidth / across, box.clientHeight / rows), ratio = devicePixelRatio || 1;
    if (!(scale > 0)) return;
    const wide = Math.round(columns * scale * ratio), tall = Math.round(rows * scale * ratio), whole = Math.round(across * scale * ratio), second = whole - wide;
    if (canvas.width !== whole || canvas.height !== tall) Object.assign(canvas, { width: whole, height: tall });
    Object.assign(canvas.style, { width: `${whole / ratio}px`, height: `${tall / ratio}px` });
    root.classList.toggle('beside', beside);
    root.style.setProperty('--second', `${second / ratio}px`);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')), at = (columns * divider) / 100, line = (wide * divider) / 100;
    context.imageSmoothingEnabled = scale * ratio < 1;
    context.imageSmoothingQuality = 'high';
    context.drawImage(before, 0, 0, wide, tall);
    if (beside) {
      context.clearRect(wide, 0, second - wide, tall);
      context.drawImage(after, second, 0, wide, tall);
    } else if (at < columns) context.drawImage(after, at, 0, columns - at, rows, line, 0, wide - line, tall);
    for (const from of beside ? [0, second] : [0]) frame(context, pixel, from ? [[1]] : kernels[0], wide / columns, from, [accent, ground], ratio);
    if (!beside) handle(context, line, tall, [accent, ground], ratio);
    canvas.setAttribute('aria-valuenow', String(divider));
  }

  return {
    root,
    /** @param {Shown} next */
    draw(next) {
      if (!dragging) divider = next.divider;
      shown = next;
      camera.textContent = hooks.say(next.live ? 'camera_off' : 'camera_on');
      freeze.hidden = !next.live;
      if (readout.textContent !== next.readout) readout.textContent = next.readout;
      panel.draw(next);
      paint();
    },
  };
}

/** Around the pixels that make the one looked at; never so small that it is lost. @param {CanvasRenderingContext2D} context @param {Pixel} pixel @param {number[][]} kernel @param {number} scale @param {number} from   where the picture begins @param {string[]} colours @param {number} ratio */
function frame(context, { row, column }, kernel, scale, from, [accent, ground], ratio) {
  const [tall, wide] = [kernel.length, kernel[0].length], least = 9 * ratio;
  const width = Math.max(wide * scale, least), height = Math.max(tall * scale, least);
  const x = from + (column + 0.5 - (wide % 2 ? 0 : 0.5)) * scale - width / 2, y = (row + 0.5 - (tall % 2 ? 0 : 0.5)) * scale - height / 2;
  for (const [colour, thick] of /** @type {[string, number][]} */ ([[ground, 4.5], [accent, 2]])) {
    context.strokeStyle = colour;
    context.lineWidth = thick * ratio;
    context.strokeRect(x, y, width, height);
  }
}

/** The line between before and after, with something to take hold of. @param {CanvasRenderingContext2D} context @param {number} x @param {number} tall @param {string[]} colours @param {number} ratio */
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

/** The pixels under the kernel and the kernel itself: numbers that can be typed where they are few, shades where they are many. @param {Hooks} hooks */
function kernelPanel({ say, kernel: change }) {
  const under = h('div', { class: 'patch' }), grids = h('div', { class: 'kernel-grids' }), sizes = h('div', { class: 'views', role: 'group', 'aria-label': say('kernel_size') },
    [3, 5, 7].map((size) => h('button', { class: 'plain', 'data-size': size, onclick: () => change(resizedAround(now[0], size)) }, `${size} × ${size}`)));
  const root = h('div', { class: 'kernel-panel' }, h('h3', {}, say('neighbourhood')), under, h('h3', {}, say('kernel')), grids, sizes);
  /** @type {number[][][]} */
  let now = [];
  let built = '', patched = '';
  /** @type {HTMLInputElement[]} */
  let inputs = [];

  /** @param {number} index @param {HTMLInputElement} input */
  function typed(index, input) {
    const value = numberOf(input.value), wide = now[0][0].length;
    if (value === null || !Number.isFinite(value)) { input.value = brief(now[0].flat()[index], inputs.length); return; }
    change(now[0].map((row, y) => row.map((old, x) => (y * wide + x === index ? value : old))));
  }

  /** @param {number[][]} grid @param {boolean} typing */
  function gridOf(grid, typing) {
    const cells = grid.flat();
    if (grid.length > NUMBERED) return shades(grid);
    return h('div', { class: `kernel-grid${cells.length > 9 ? ' many' : ''}`, style: { '--columns': grid[0].length } }, cells.map((value, i) => {
      if (!typing) return h('span', { class: 'num', title: short(value) }, brief(value, cells.length));
      const input = /** @type {HTMLInputElement} */ (h('input', { class: 'num', inputmode: 'text', value: brief(value, cells.length), title: short(value), 'aria-label': say('kernel_cell', { row: Math.floor(i / grid[0].length) + 1, column: (i % grid[0].length) + 1 }), onchange: () => typed(i, input) }));
      inputs.push(input);
      return input;
    }));
  }

  return {
    root,
    /** @param {Shown} shown */
    draw({ kernels, own, windows }) {
      const key = JSON.stringify(kernels.map((grid) => grid.length)), text = JSON.stringify(kernels);
      if (key !== built || (inputs.length === 0 && text !== JSON.stringify(now))) {
        built = key;
        inputs = [];
        grids.replaceChildren(...kernels.map((grid) => gridOf(grid, kernels.length === 1)));
      } else if (text !== JSON.stringify(now)) inputs.forEach((input, i) => { const value = kernels[0].flat()[i];
        if (document.activeElement !== input) [input.value, input.title] = [brief(value, inputs.length), short(value)];
      });
      now = kernels;
      sizes.hidden = !own;
      for (const button of sizes.children) button.setAttribute('aria-pressed', String(kernels[0].length === Number(button.getAttribute('data-size'))));
      const patch = JSON.stringify(windows);
      if (patch !== patched) under.replaceChildren(patchOf(windows));
      patched = patch;
    },
  };
}

/** Fractions of a large kernel have room for three decimals. @param {number} value @param {number} cells */
const brief = (value, cells) => (cells > 9 && !Number.isInteger(value) ? value.toFixed(3).replace(/^(-?)0\./, '$1.').replace('-', '−') : short(value));

/** A kernel too large to be read: white is positive, black negative. @param {number[][]} grid */
function shades(grid) {
  const most = Math.max(...grid.flat().map(Math.abs)) || 1, low = Math.min(...grid.flat());
  return patchCanvas(grid.length, grid[0].length, (i) => { const value = grid.flat()[i], level = low < 0 ? 127.5 + (127.5 * value) / most : (255 * value) / most; return [level, level, level]; });
}

/** @param {Window[]} windows */
function patchOf(windows) {
  const { rows, columns, cells } = windows[0], colour = windows.length === 3;
  const shade = (/** @type {number} */ i) => (colour ? windows.map((each) => each.cells[i].value) : Array(3).fill(cells[i].value));
  if (rows > NUMBERED || columns > NUMBERED || colour) return patchCanvas(rows, columns, shade);
  return h('div', { class: `kernel-grid${cells.length > 9 ? ' many' : ''}`, style: { '--columns': columns } }, cells.map(({ value, mirrored }) => h('span', {
    class: `num${mirrored ? ' mirrored' : ''}`, style: { '--shade': `rgb(${value}, ${value}, ${value})` },
  }, short(value))));
}

/** @param {number} rows @param {number} columns @param {(index: number) => number[]} shade */
function patchCanvas(rows, columns, shade) {
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'patch-canvas', width: columns, height: rows })), image = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) image.data.set([...shade(i), 255], 4 * i);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** The same middle, with more or less around it. @param {number[][]} grid @param {number} size @returns {number[][]} */
function resizedAround(grid, size) {
  const shift = (size - grid.length) / 2;
  return Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => grid[y - shift]?.[x - shift] ?? 0));
}
