/**
 * Image filters fast enough for a camera: true convolution with a symmetric border, as scipy.signal.convolve2d(picture, kernel, "same", "symm").
 * Pictures are planes of float32 in row-major order; a kernel that is a sum of few products of a column and a row is worked off along both axes.
 */
import { copied } from './windows.js';
import { randomOf } from './grids.js';

/** @typedef {{rows: number, columns: number, planes: Float32Array[]}} Picture   one plane (grey) or three (red, green, blue), 0 to 255 */
/** @typedef {{column: Float64Array, row: Float64Array}} Product   a kernel of rank one */

/** The kernel as it lies over the picture: turned by 180°. @param {number[][]} kernel @returns {Float64Array[]} */
const over = (kernel) => kernel.map((row) => Float64Array.from(row).reverse()).reverse();

/** How many pixels a window reaches back from its own: an even kernel reaches one further back than forth, as scipy's. @param {number} size */
export const before = (size) => size >> 1;

/**
 * A kernel as a sum of columns times rows, by Gaussian elimination with the largest pivot; null when that would be no less work.
 * @param {Float64Array[]} kernel @returns {Product[] | null}
 */
export function products(kernel) {
  const tall = kernel.length, wide = kernel[0].length, most = (0.75 * tall * wide) / (tall + wide);
  const left = kernel.map((row) => Float64Array.from(row)), size = Math.max(...left.map((row) => row.reduce((m, v) => Math.max(m, Math.abs(v)), 0)));
  /** @type {Product[]} */
  const found = [];
  for (;;) {
    let [y, x] = [0, 0];
    left.forEach((row, i) => row.forEach((value, j) => { if (Math.abs(value) > Math.abs(left[y][x])) [y, x] = [i, j]; }));
    const pivot = left[y][x];
    if (Math.abs(pivot) <= 1e-12 * size) return found;
    if (found.length + 1 > most) return null;
    const row = Float64Array.from(left[y]), column = Float64Array.from(left, (line) => line[x] / pivot);
    left.forEach((line, i) => line.forEach((_, j) => { line[j] -= column[i] * row[j]; }));
    found.push({ column, row });
  }
}

/**
 * total[x] += sum over t of taps[t] * from[start + t + x], eight, four and one tap at a time. What has been read slides on from variable to
 * variable, so that a pixel costs one read however many taps; that is three times as fast as reading it once for each.
 * @param {Float64Array} total @param {Float32Array} from @param {number} start @param {Float64Array} taps
 */
function sweep(total, from, start, taps) {
  let t = 0;
  for (; t + 8 <= taps.length; t += 8) eight(total, from, start + t, taps, t);
  for (; t + 3 < taps.length; t += 4) four(total, from, start + t, taps, t);
  if (taps.length - t === 3) three(total, from, start + t, taps, t);
  else for (; t < taps.length; t++) for (let x = 0, tap = taps[t], p = start + t; tap !== 0 && x < total.length; x++) total[x] += tap * from[p + x];
}

/** @typedef {(total: Float64Array, from: Float32Array, start: number, taps: Float64Array, t: number) => void} Taps */

/** @type {Taps} */
function eight(total, from, start, taps, t) {
  const a = taps[t], b = taps[t + 1], c = taps[t + 2], d = taps[t + 3], e = taps[t + 4], f = taps[t + 5], g = taps[t + 6], h = taps[t + 7];
  let A = from[start], B = from[start + 1], C = from[start + 2], D = from[start + 3], E = from[start + 4], F = from[start + 5], G = from[start + 6];
  for (let x = 0, p = start + 7; x < total.length; x++, p++) {
    const H = from[p];
    total[x] += ((a * A + b * B) + (c * C + d * D)) + ((e * E + f * F) + (g * G + h * H));
    A = B; B = C; C = D; D = E; E = F; F = G; G = H;
  }
}

/** @type {Taps} */
function four(total, from, start, taps, t) {
  const a = taps[t], b = taps[t + 1], c = taps[t + 2], d = taps[t + 3];
  let A = from[start], B = from[start + 1], C = from[start + 2];
  for (let x = 0, p = start + 3; x < total.length; x++, p++) {
    const D = from[p];
    total[x] += (a * A + b * B) + (c * C + d * D);
    A = B; B = C; C = D;
  }
}

/** @type {Taps} */
function three(total, from, start, taps, t) {
  const a = taps[t], b = taps[t + 1], c = taps[t + 2];
  let A = from[start], B = from[start + 1];
  for (let x = 0, p = start + 2; x < total.length; x++, p++) {
    const C = from[p];
    total[x] += a * A + b * B + c * C;
    A = B; B = C;
  }
}

/** @type {Map<string, Float32Array>} */
const shelf = new Map();   // working memory, taken anew only when a size changes

/** @param {string} name @param {number} length */
function memory(name, length) {
  const held = shelf.get(name);
  if (held?.length === length) return held;
  const fresh = new Float32Array(length);
  shelf.set(name, fresh);
  return fresh;
}

/** With its symmetric border. @param {Float32Array} plane @param {number} rows @param {number} columns @param {number} tall @param {number} wide   of the kernel */
function bordered(plane, rows, columns, tall, wide) {
  const width = columns + wide - 1, height = rows + tall - 1, top = before(tall), left = before(wide), out = memory('bordered', width * height);
  const sides = Array.from({ length: width }, (_, x) => copied(x - left, columns, 'symmetric'));
  for (let y = 0; y < height; y++) {
    const from = copied(y - top, rows, 'symmetric') * columns, to = y * width;
    for (let x = 0; x < left; x++) out[to + x] = plane[from + sides[x]];
    out.set(plane.subarray(from, from + columns), to + left);
    for (let x = left + columns; x < width; x++) out[to + x] = plane[from + sides[x]];
  }
  return out;
}

/**
 * @param {Float32Array} plane @param {number} rows @param {number} columns @param {number[][]} kernel @param {Float32Array=} out   of the plane's size
 * @returns {Float32Array}
 */
export function convolve(plane, rows, columns, kernel, out = new Float32Array(rows * columns)) {
  const lying = over(kernel), [tall, wide] = [kernel.length, kernel[0].length], width = columns + wide - 1;
  const source = bordered(plane, rows, columns, tall, wide);
  if (tall === 3 && wide === 3) return nine(source, rows, columns, lying, out);
  const total = new Float64Array(columns), apart = products(lying);
  if (apart) return alongAxes(source, rows, columns, tall, width, apart, out);
  const used = lying.map((taps) => taps.some((tap) => tap !== 0));
  for (let y = 0; y < rows; y++) {
    total.fill(0);
    for (let i = 0; i < tall; i++) if (used[i]) sweep(total, source, (y + i) * width, lying[i]);
    out.set(total, y * columns);
  }
  return out;
}

/** The commonest size in one go: three reads for a pixel, the other six numbers slide on. @param {Float32Array} source @param {number} rows @param {number} columns @param {Float64Array[]} lying @param {Float32Array} out */
function nine(source, rows, columns, [[a, b, c], [d, e, f], [g, h, i]], out) {
  const width = columns + 2;
  for (let y = 0; y < rows; y++) {
    const p = y * width, q = p + width, r = q + width, to = y * columns;
    let A = source[p], B = source[p + 1], D = source[q], E = source[q + 1], G = source[r], H = source[r + 1];
    for (let x = 0; x < columns; x++) {
      const C = source[p + x + 2], F = source[q + x + 2], I = source[r + x + 2];
      out[to + x] = (a * A + b * B + c * C) + (d * D + e * E + f * F) + (g * G + h * H + i * I);
      A = B; B = C; D = E; E = F; G = H; H = I;
    }
  }
  return out;
}

/** Rows first, whose results are laid down as columns, so that the columns are then swept like rows; several products are added up.
 * @param {Float32Array} source @param {number} rows @param {number} columns @param {number} tall @param {number} width @param {Product[]} apart @param {Float32Array} out */
function alongAxes(source, rows, columns, tall, width, apart, out) {
  const height = rows + tall - 1, across = new Float64Array(columns), down = new Float64Array(rows);
  const between = apart.map((_, i) => memory(`between ${i}`, height * columns));
  apart.forEach(({ row }, i) => {
    for (let y = 0, to = between[i]; y < height; y++) {
      across.fill(0);
      sweep(across, source, y * width, row);
      for (let x = 0, p = y; x < columns; x++, p += height) to[p] = across[x];
    }
  });
  for (let x = 0; x < columns; x++) {
    down.fill(0);
    for (let i = 0; i < apart.length; i++) sweep(down, between[i], x * height, apart[i].column);
    for (let y = 0, p = x; y < rows; y++, p += columns) out[p] = down[y];
  }
  return out;
}

/** All planes through one kernel, or the length of what two kernels answer. @param {Picture} picture @param {number[][][]} kernels @param {Float32Array[]=} out   one per plane, to be written @returns {Picture} */
export function filtered({ rows, columns, planes }, kernels, out) {
  const result = planes.map((plane, i) => {
    const first = convolve(plane, rows, columns, kernels[0], out?.[i]);
    if (kernels.length === 1) return first;
    const second = convolve(plane, rows, columns, kernels[1], memory('second', rows * columns));
    for (let p = 0; p < first.length; p++) first[p] = Math.sqrt(first[p] * first[p] + second[p] * second[p]);
    return first;
  });
  return { rows, columns, planes: result };
}

/** What one pixel is made of: the neighbourhood in the order in which it is read, the weights that lie over it, and their sum, in float64.
 * @param {Float32Array} plane @param {number} rows @param {number} columns @param {number[][]} kernel @param {number} row @param {number} column */
export function windowAt(plane, rows, columns, kernel, row, column) {
  const lying = over(kernel), tall = kernel.length, wide = kernel[0].length;
  /** @type {{value: number, weight: number, row: number, column: number, mirrored: boolean}[]} */
  const cells = [];
  for (let i = 0; i < tall; i++) for (let j = 0; j < wide; j++) {
    const [y, x] = [row - before(tall) + i, column - before(wide) + j], [from, at] = [copied(y, rows, 'symmetric'), copied(x, columns, 'symmetric')];
    cells.push({ value: plane[from * columns + at], weight: lying[i][j], row: from, column: at, mirrored: from !== y || at !== x });
  }
  return { rows: tall, columns: wide, cells, sum: cells.reduce((sum, { value, weight }) => sum + value * weight, 0) };
}

/** Whole brightness as in ITU-R BT.601: (299 R + 587 G + 114 B) / 1000, rounded. @param {number} r @param {number} g @param {number} b */
export const greyOf = (r, g, b) => Math.floor((299 * r + 587 * g + 114 * b + 500) / 1000);

/** The pixels of an image as planes. @param {Uint8ClampedArray} rgba @param {number} rows @param {number} columns @param {boolean} colour @param {Picture=} reuse @returns {Picture} */
export function planesOf(rgba, rows, columns, colour, reuse) {
  const count = rows * columns, fits = reuse?.planes.length === (colour ? 3 : 1) && reuse.planes[0].length === count;
  const planes = fits && reuse ? reuse.planes : Array.from({ length: colour ? 3 : 1 }, () => new Float32Array(count));
  if (colour) for (let c = 0; c < 3; c++) for (let p = 0, plane = planes[c]; p < count; p++) plane[p] = rgba[4 * p + c];
  else for (let p = 0, q = 0, plane = planes[0]; p < count; p++, q += 4) plane[p] = Math.floor((299 * rgba[q] + 587 * rgba[q + 1] + 114 * rgba[q + 2] + 500) / 1000);
  return { rows, columns, planes };
}

const BELL = 1 << 16;
/** @type {{seed: number, values: Float32Array} | null} */
let bell = null;

/** So many normal numbers (Box & Muller 1958), the same for a seed. @param {number} seed */
function normal(seed) {
  if (bell?.seed === seed) return bell.values;
  const random = randomOf(seed), values = new Float32Array(BELL);
  for (let i = 0; i < BELL; i++) values[i] = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  bell = { seed, values };
  return values;
}

/** Adds noise to whole pixels, which stay whole and from 0 to 255. @param {Picture} picture   is changed @param {number} deviation @param {number} seed @param {number=} turn   another one is other noise, as a film has */
export function addNoise({ planes }, deviation, seed, turn = 0) {
  if (!deviation) return;
  const values = normal(seed);
  let state = (Math.imul(seed, 2654435761) + Math.imul(turn, 747796405) + 1) >>> 0;   // where in the table: a step per pixel of a full-period generator (Numerical Recipes)
  for (const plane of planes) for (let p = 0; p < plane.length; p++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = Math.round(plane[p] + deviation * values[state >>> 16]);
    plane[p] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

/** How a result becomes brightness: as it is, around mid grey, or without its sign. @typedef {'plain' | 'middle' | 'absolute'} Look */

/** The brightness of a result, a whole number from 0 to 255. @param {Look} look @param {number} gain @returns {(value: number) => number} */
export function levelOf(look, gain) {
  const base = look === 'middle' ? 128 : 0.5;
  return (value) => { const level = base + gain * (look === 'absolute' ? Math.abs(value) : value); return (level > 0 ? (level < 255 ? level : 255) : 0) | 0; };
}

/** As pixels of an image; the same arithmetic as levelOf, written out, for a call per pixel would cost half of the time. @param {Picture} picture @param {Look} look @param {number} gain @param {Uint8ClampedArray} rgba   of 4 * rows * columns */
export function toPixels({ planes }, look, gain, rgba) {
  const base = look === 'middle' ? 128 : 0.5, absolute = look === 'absolute', words = new Int32Array(rgba.buffer, rgba.byteOffset, planes[0].length);
  planes.forEach((plane, c) => {
    const first = c === 0, factor = planes.length === 1 ? 0x010101 : 1 << (8 * c);   // bytes lie red first on every machine that runs browsers
    for (let p = 0; p < plane.length; p++) {
      const value = plane[p], level = base + gain * (absolute && value < 0 ? -value : value);
      words[p] = (first ? -0x1000000 : words[p]) | Math.imul((level > 0 ? (level < 255 ? level : 255) : 0) | 0, factor);
    }
  });
}
