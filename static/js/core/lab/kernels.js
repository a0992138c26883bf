/** The kernels of image filters, as grids of numbers; written as in the course, to be used in a true convolution. */

/** @typedef {{filter: string, size: number, sigma: number, angle: number, wavelength: number, aspect?: number, phase?: number, k: number[][], normalise: boolean}} Settings */

const SOBEL = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];
const PREWITT = [
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
];

/** @param {number[][]} grid @returns {number[][]} */
const turned = (grid) => grid[0].map((_, column) => grid.map((row) => row[column]));

/** @type {Record<string, number[][]>} */
export const FIXED = {
  identity: [
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ],
  sobel_x: SOBEL,
  sobel_y: turned(SOBEL),
  prewitt_x: PREWITT,
  prewitt_y: turned(PREWITT),
  laplacian: [
    [0, 1, 0],
    [1, -4, 1],
    [0, 1, 0],
  ],
  sharpen: [
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ],
  emboss: [
    [-2, -1, 0],
    [-1, 1, 1],
    [0, 1, 2],
  ],
};

/** The filters made of two kernels: the length of what both answer. @type {Record<string, string[]>} */
export const PAIRS = { sobel: ['sobel_x', 'sobel_y'], prewitt: ['prewitt_x', 'prewitt_y'] };

export const FILTERS = [
  'identity',
  'sobel_x',
  'sobel_y',
  'sobel',
  'prewitt_x',
  'prewitt_y',
  'prewitt',
  'laplacian',
  'sharpen',
  'box',
  'gaussian',
  'emboss',
  'gabor',
  'own',
];

/**
 * @param {number} size
 * @param {(y: number, x: number) => number} value   of the distance from the middle, in pixels
 * @returns {number[][]}
 */
const around = (size, value) =>
  Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => value(y - (size - 1) / 2, x - (size - 1) / 2)));

/** @param {number[][]} grid @param {number} factor */
const times = (grid, factor) => grid.map((row) => row.map((value) => value * factor));

/** @param {number[][]} grid */
export const sumOf = (grid) => grid.flat().reduce((sum, value) => sum + value, 0);

/** @param {number} size */
export const box = (size) => around(size, () => 1 / (size * size));

/** exp(-(x² + y²) / 2σ²), divided by its sum. @param {number} size @param {number} sigma   pixels */
export function gaussian(size, sigma) {
  const bell = around(size, (y, x) => Math.exp(-(y * y + x * x) / (2 * sigma * sigma)));
  return times(bell, 1 / sumOf(bell));
}

/**
 * exp(-(x'² + γ² y'²) / 2σ²) cos(2π x'/λ + ψ) with x' = x cos θ + y sin θ, y' = -x sin θ + y cos θ (Gabor 1946; Daugman 1985),
 * less so much of the
 * Gaussian that even areas give 0; the absolute values add up to 2, so that bytes give no more than ±255.
 * @param {number} size
 * @param {number} sigma   σ, pixels
 * @param {number} angle   θ, degrees from the columns' axis
 * @param {number} wavelength   λ, pixels
 * @param {number=} aspect   γ: 1 is round, less is longer along the stripes @param {number=} phase   ψ, degrees
 */
export function gabor(size, sigma, angle, wavelength, aspect = 1, phase = 0) {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const bell = around(size, (y, x) =>
    Math.exp(-((x * cos + y * sin) ** 2 + (aspect * (y * cos - x * sin)) ** 2) / (2 * sigma * sigma)),
  );
  const wave = around(size, (y, x) => Math.cos((2 * Math.PI * (x * cos + y * sin)) / wavelength + (phase * Math.PI) / 180));
  const mean = sumOf(bell.map((row, y) => row.map((value, x) => value * wave[y][x]))) / sumOf(bell);
  const found = bell.map((row, y) => row.map((value, x) => value * (wave[y][x] - mean)));
  return times(found, 2 / (found.flat().reduce((sum, value) => sum + Math.abs(value), 0) || 1));
}

/** Divided by its sum; one that adds up to nothing stays as it is. @param {number[][]} grid */
export function normalised(grid) {
  const sum = sumOf(grid);
  return Math.abs(sum) < 1e-9 ? grid : times(grid, 1 / sum);
}

/** The one kernel of a filter, or the two of a magnitude. @param {Settings} settings @returns {number[][][]} */
export function kernelsOf({ filter, size, sigma, angle, wavelength, aspect, phase, k, normalise }) {
  if (PAIRS[filter]) return PAIRS[filter].map((name) => FIXED[name]);
  if (filter === 'box') return [box(size)];
  if (filter === 'gaussian') return [gaussian(size, sigma)];
  if (filter === 'gabor') return [gabor(size, sigma, angle, wavelength, aspect, phase)];
  return [FIXED[filter] ?? (normalise ? normalised(k) : k)];
}

/**
 * The smallest and largest result that pixels from 0 to 255 can give.
 * @param {number[][][]} kernels
 * @returns {[number, number]}
 */
export function rangeOf(kernels) {
  const parts = kernels.map((grid) =>
    [-1, 1].map((side) => 255 * grid.flat().reduce((sum, value) => sum + (value * side > 0 ? value : 0), 0)),
  );
  return kernels.length > 1 ? [0, Math.hypot(...parts.map(([low, high]) => Math.max(-low, high)))] : [parts[0][0], parts[0][1]];
}
