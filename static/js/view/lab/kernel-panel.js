/**
 * The kernel and the pixels under it: numbers that can be typed where they are few, shades where they are many; as large as
 * there is room.
 */
import { numberOf, short } from '../../core/lab/grids.js';
import { h, s } from '../dom.js';

/** @typedef {{rows: number, columns: number, cells: {value: number, weight: number, mirrored: boolean}[], sum: number}} Window */
/**
 * @typedef {{sigma: number, angle: number, wavelength: number, aspect: number, phase: number}} Guide   of a Gabor kernel:
 *   pixels and degrees
 */

const NUMBERED = 7; // larger kernels are shown as shades
const FLAT = 0.8;
const SHADES = 4;
const GAP = 0.7;
const MOST = 6;
const LEAST = 1.9; // height of a cell, sides of a picture of shades and gaps in widths of a cell; cells' width in digits' heights, at most and at least

/** @param {{kernel: (kernel: number[][]) => void, say: (key: string, values?: Record<string, string | number>) => string}} hooks */
export function kernelPanel({ say, kernel: change }) {
  const under = h('div', { class: 'patch' });
  const grids = h('div', { class: 'kernel-grids' });
  const sizes = h(
    'div',
    { class: 'views', role: 'group', 'aria-label': say('kernel_size') },
    [3, 5, 7].map((size) =>
      h(
        'button',
        { class: 'plain', 'data-size': size, onclick: () => change(resizedAround(now[0], size)) },
        `${size} × ${size}`,
      ),
    ),
  );
  const root = h(
    'div',
    { class: 'kernel-panel' },
    h('section', {}, h('h3', {}, say('neighbourhood')), under),
    h('section', {}, h('h3', {}, say('kernel')), grids, sizes),
  );
  /** @type {number[][][]} */
  let now = [];
  let built = '';
  let patched = '';
  let coloured = false;
  /** @type {Guide | null} */
  let guide = null;
  /** @type {HTMLInputElement[]} */
  let inputs = [];

  /** @param {number} index @param {HTMLInputElement} input */
  function typed(index, input) {
    const value = numberOf(input.value);
    const wide = now[0][0].length;
    if (value === null || !Number.isFinite(value)) {
      input.value = brief(now[0].flat()[index], inputs.length);
      return;
    }
    change(now[0].map((row, y) => row.map((old, x) => (y * wide + x === index ? value : old))));
  }

  /** @param {number[][]} grid @param {boolean} typing */
  function gridOf(grid, typing) {
    const cells = grid.flat();
    if (grid.length > NUMBERED)
      return h('div', { class: 'kernel-shades' }, shades(grid), guide ? drawn(guide, grid.length) : null);
    return h(
      'div',
      { class: 'kernel-grid', style: { '--columns': grid[0].length } },
      cells.map((value, i) => {
        if (!typing)
          return h('span', { class: sized(brief(value, cells.length)), title: short(value) }, brief(value, cells.length));
        const input = /** @type {HTMLInputElement} */ (
          h('input', {
            class: sized(brief(value, cells.length)),
            inputmode: 'text',
            value: brief(value, cells.length),
            title: short(value),
            'aria-label': say('kernel_cell', { row: Math.floor(i / grid[0].length) + 1, column: (i % grid[0].length) + 1 }),
            onchange: () => typed(i, input),
          })
        );
        inputs.push(input);
        return input;
      }),
    );
  }

  return {
    root,
    /**
     * Beside or below each other, whichever has the larger cells. 0: as large as usual.
     * @param {number} width
     * @param {number} height
     */
    fit(width, height) {
      const number = Number.parseFloat(getComputedStyle(root).fontSize);
      const side = now[0]?.length ?? 3;
      const count = now.length;
      const title = 3 * number;
      const extra = sizes.hidden ? title : 1.9 * title;
      const [wide, tall] = side > NUMBERED ? [SHADES, SHADES] : [side, FLAT * side];
      const patch = side > NUMBERED ? SHADES : coloured ? FLAT * side : side;
      const kernels = count * wide + (count - 1) * GAP;
      const beside = Math.min(width / (patch + GAP * 2 + kernels), (height - extra) / tall);
      const below = Math.min(width / Math.max(patch, kernels), (height - title - extra) / (2 * tall));
      root.classList.toggle('row', beside > below);
      root.style.setProperty(
        '--cell',
        `${width ? Math.max(side > NUMBERED ? 1 : LEAST * number, Math.min(MOST * number, Math.max(beside, below) - 1)) : 3 * number}px`,
      );
      root.style.setProperty('--patch', String(coloured || side > NUMBERED ? patch : SHADES));
    },
    /** @param {{kernels: number[][][], own: boolean, guide: Guide | null, windows: Window[]}} shown */
    draw({ kernels, own, guide: asked, windows }) {
      guide = asked;
      coloured = windows.length === 3;
      const key = JSON.stringify(kernels.map((grid) => grid.length));
      const text = JSON.stringify(kernels);
      if (key !== built || (inputs.length === 0 && text !== JSON.stringify(now))) {
        built = key;
        inputs = [];
        grids.replaceChildren(...kernels.map((grid) => gridOf(grid, kernels.length === 1)));
      } else if (text !== JSON.stringify(now))
        inputs.forEach((input, i) => {
          const value = kernels[0].flat()[i];
          if (document.activeElement !== input)
            [input.value, input.title, input.className] = [
              brief(value, inputs.length),
              short(value),
              sized(brief(value, inputs.length)),
            ];
        });
      now = kernels;
      sizes.hidden = !own;
      for (const button of sizes.children)
        button.setAttribute('aria-pressed', String(kernels[0].length === Number(button.getAttribute('data-size'))));
      const patch = windows
        .map(({ columns, cells }) => `${columns} ${cells.map(({ value, mirrored }) => (mirrored ? -value - 1 : value)).join()}`)
        .join(';');
      if (patch !== patched) under.replaceChildren(patchOf(windows));
      patched = patch;
    },
  };
}

/**
 * Fractions without the zero before the point; those of a large kernel have room for three decimals.
 * @param {number} value
 * @param {number} cells
 */
const brief = (value, cells) =>
  (cells > 9 && !Number.isInteger(value) ? value.toFixed(3).replace('-', '−') : short(value)).replace(/^(−?)0\./, '$1.');

/** Four characters fit into a cell, more are written smaller. @param {string} text */
const sized = (text) => `num${text.replace('.', '').length > 3 ? ' long' : ''}`;

/** A kernel too large to be read: white is positive, black negative. @param {number[][]} grid */
function shades(grid) {
  const most = Math.max(...grid.flat().map(Math.abs)) || 1;
  const low = Math.min(...grid.flat());
  return patchCanvas(grid.length, grid[0].length, (i) => {
    const value = grid.flat()[i];
    const level = low < 0 ? 127.5 + (127.5 * value) / most : (255 * value) / most;
    return [level, level, level];
  });
}

/**
 * How a Gabor kernel is meant: the Gaussian at one σ, the way in which the wave runs, and from crest to crest.
 * @param {Guide} guide
 * @param {number} size
 */
function drawn({ sigma, angle, wavelength, aspect, phase }, size) {
  const middle = size / 2;
  const from = (-phase / 360) * wavelength;
  const crest = from < -wavelength / 2 ? from + wavelength : from;
  const mark = 0.06 * size;
  const words = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y) =>
    s('text', { x, y, 'font-size': 0.085 * size, transform: `rotate(${-angle} ${x} ${y})` }, text);
  const tick = (/** @type {number} */ x) => s('path', { d: `M${x} ${-mark}V${mark}` });
  return s(
    'svg',
    { class: 'kernel-guide', viewBox: `0 0 ${size} ${size}`, 'aria-hidden': 'true' },
    s(
      'g',
      { transform: `translate(${middle} ${middle})` },
      s('path', {
        class: 'axis',
        d: `M0 0H${0.42 * size}M${0.3 * size} 0A${0.3 * size} ${0.3 * size} 0 0 ${angle < 0 ? 0 : 1} ${0.3 * size * Math.cos((angle * Math.PI) / 180)} ${0.3 * size * Math.sin((angle * Math.PI) / 180)}`,
      }),
      s(
        'g',
        { transform: `rotate(${angle})` },
        s('ellipse', { rx: sigma, ry: sigma / aspect }),
        s('path', { d: `M${crest} 0H${crest + wavelength}` }),
        tick(crest),
        tick(crest + wavelength),
        words('λ', crest + wavelength / 2, -0.07 * size),
        words('σ', -sigma - 0.06 * size, 0),
      ),
      angle
        ? s(
            'text',
            {
              'font-size': 0.085 * size,
              x: 0.38 * size * Math.cos((angle * Math.PI) / 360),
              y: 0.38 * size * Math.sin((angle * Math.PI) / 360),
            },
            'θ',
          )
        : null,
    ),
  );
}

/** @param {Window[]} windows */
function patchOf(windows) {
  const { rows, columns, cells } = windows[0];
  const colour = windows.length === 3;
  const shade = (/** @type {number} */ i) =>
    colour ? windows.map((each) => each.cells[i].value) : Array(3).fill(cells[i].value);
  if (rows > NUMBERED || columns > NUMBERED || colour) return patchCanvas(rows, columns, shade);
  return h(
    'div',
    { class: 'kernel-grid', style: { '--columns': columns } },
    cells.map(({ value, mirrored }) =>
      h(
        'span',
        {
          class: `num${mirrored ? ' mirrored' : ''}`,
          style: { '--shade': `rgb(${value}, ${value}, ${value})` },
        },
        short(value),
      ),
    ),
  );
}

/** @param {number} rows @param {number} columns @param {(index: number) => number[]} shade */
function patchCanvas(rows, columns, shade) {
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'patch-canvas', width: columns, height: rows }));
  const image = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) image.data.set([...shade(i), 255], 4 * i);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** The same middle, with more or less around it. @param {number[][]} grid @param {number} size @returns {number[][]} */
function resizedAround(grid, size) {
  const shift = (size - grid.length) / 2;
  return Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => grid[y - shift]?.[x - shift] ?? 0));
}
