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
const FLAT = 0.8; // height of a cell with a number, in widths
const SHADES = 4;
const GAP = 0.7; // sides of a picture of shades and gaps, in widths of a cell
const MOST = 6; // width of a cell at most, in digits' heights
const LARGEST = 0.4; // digits' height at most, in widths of a cell
const INSIDE = 0.94; // of a cell that a number may take
const TITLE = 2.5; // with its gaps, in digits' heights
const LEGIBLE = 0.93; // of the digits' usual height: what can be read from afar
const USUAL = 3;
const LEAST = 2.4; // width of a cell where the page scrolls, in digits' heights: as a rule, and so that grids lie side by side

/** @param {{kernel: (kernel: number[][]) => void, say: (key: string, values?: Record<string, string | number>) => string}} hooks */
export function kernelPanel({ say, kernel: change }) {
  const under = h('div', { class: 'patch' });
  const grids = h('div', { class: 'kernel-grids' });
  const chosen = h(
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
  const titles = [h('h3', {}, say('neighbourhood')), h('h3', {}, say('kernel'))];
  const root = h(
    'div',
    { class: 'kernel-panel' },
    h('section', {}, titles[0], under),
    h('section', {}, titles[1], grids, chosen),
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
      { class: 'kernel-grid', style: { '--columns': grid[0].length, '--digits': digitsOf(texts(grid)) } },
      cells.map((value, i) => {
        if (!typing) return h('span', { class: 'num', title: short(value) }, brief(value, cells.length));
        const input = /** @type {HTMLInputElement} */ (
          h('input', {
            class: 'num',
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

  /** In widths of a cell, and what the titles take, px. */
  function sizes() {
    const number = Number.parseFloat(getComputedStyle(root).fontSize);
    const side = now[0]?.length ?? 3;
    const count = now.length;
    const shaded = side > NUMBERED;
    const [wide, tall] = shaded ? [SHADES, SHADES] : [side, FLAT * side];
    const patch = shaded ? SHADES : coloured ? FLAT * side : side;
    const kernels = count * wide + (count - 1) * GAP;
    return {
      number,
      tall,
      patch,
      across: Math.max(patch, kernels),
      beside: besideOf([patch, kernels], [titles[0].offsetWidth, Math.max(titles[1].offsetWidth, chosen.offsetWidth)]),
      extra: (chosen.hidden ? 1 : 1.9) * TITLE * number,
      least: shaded ? number : (LEGIBLE * number) / Math.min(...now.map((grid) => digitsOf(texts(grid)))),
    };
  }

  /**
   * The width at which every number can be read.
   * @param {number} height
   */
  function needs(height) {
    const { number, tall, across, beside, extra, least } = sizes();
    const below = height - extra - TITLE * number >= 2 * tall * least;
    const cell = least + 1;
    return Math.ceil(below ? across * cell : Math.max(...beside.map(([cells, px]) => cells * cell + px)));
  }

  return {
    root,
    needs,
    /**
     * Beside or below each other, whichever has the larger cells.
     * @param {number} width
     * @param {number} height   0: as much as is wanted
     */
    fit(width, height) {
      const { number, tall, patch, across, beside, extra } = sizes();
      const besides = Math.min(
        ...beside.map(([cells, px]) => (width - px) / cells),
        height ? (height - extra) / tall : Infinity,
      );
      const belows = Math.min(width / across, height ? (height - extra - TITLE * number) / (2 * tall) : MOST * number);
      const most = (height ? MOST : USUAL) * number;
      const row = height ? besides > belows : besides >= LEAST * number;
      root.classList.toggle('row', row);
      root.style.setProperty('--cell', `${Math.max(1, Math.min(most, (row ? besides : belows) - 1))}px`);
      root.style.setProperty('--patch', String(patch));
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
      } else if (text !== JSON.stringify(now)) {
        inputs[0].parentElement?.style.setProperty('--digits', String(digitsOf(texts(kernels[0]))));
        inputs.forEach((input, i) => {
          const value = kernels[0].flat()[i];
          if (document.activeElement !== input) [input.value, input.title] = [brief(value, inputs.length), short(value)];
        });
      }
      now = kernels;
      chosen.hidden = !own;
      for (const button of chosen.children)
        button.setAttribute('aria-pressed', String(kernels[0].length === Number(button.getAttribute('data-size'))));
      const patch = windows
        .map(({ columns, cells }) => `${columns} ${cells.map(({ value, mirrored }) => (mirrored ? -value - 1 : value)).join()}`)
        .join(';');
      if (patch !== patched) under.replaceChildren(patchOf(windows));
      patched = patch;
    },
  };
}

/** @param {number[][]} grid */
const texts = (grid) => grid.flat().map((value, _, cells) => brief(value, cells.length));

/**
 * Fractions without the zero before the point; those of a large kernel have room for three decimals.
 * @param {number} value
 * @param {number} cells
 */
const brief = (value, cells) =>
  (cells > 9 && !Number.isInteger(value) ? value.toFixed(3).replace('-', '−') : short(value)).replace(/^(−?)0\./, '$1.');

/**
 * What two things beside each other take: each is as wide as its cells, or as what is written over and under it.
 * @param {number[]} cells
 * @param {number[]} words   px
 * @returns {[number, number][]} cells and px: whichever is most
 */
const besideOf = ([first, second], [above, under]) => [
  [first + 2 * GAP + second, 0],
  [2 * GAP + second, above],
  [first + 2 * GAP, under],
  [2 * GAP, above + under],
];

/** How wide a number is at most, in heights of its digits: figures, a minus and a point, as wide faces have them. @param {string} text */
const ems = (text) => [...text].reduce((sum, sign) => sum + (sign === '.' ? 0.34 : sign === '−' ? 0.84 : 0.64), 0);

/** The height at which all of them fit into their cells, in widths of a cell. @param {string[]} texts */
const digitsOf = (texts) => Math.min(LARGEST, INSIDE / Math.max(...texts.map(ems)));

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
    { class: 'kernel-grid', style: { '--columns': columns, '--digits': digitsOf(cells.map(({ value }) => short(value))) } },
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
