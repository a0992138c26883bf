/**
 * Image filters fast enough for a camera: true convolution with a symmetric border, as scipy.signal.convolve2d(picture, kernel,
 * "same", "symm").
 * A picture is read row by row, and only as many rows are held as the kernel is tall, so that all that is worked on stays in
 * the processor's cache.
 */
import { copied } from './windows.js';
import { plain } from './taps.js';

export { greyOf } from './taps.js';

/** @import { Numbers, Pixels, Plan, Product, Tools, Way } from './taps.js' */

/**
 * @typedef {{rows: number, columns: number, colours: number, at: (channel: number, row: number, column: number) => number}} Source
 *     bytes; colours: 1 (grey) or 3
 */

/** The kernel as it lies over the picture: turned by 180°. @param {number[][]} kernel @returns {Float64Array[]} */
const over = (kernel) => kernel.map((row) => Float64Array.from(row).reverse()).reverse();

/**
 * How many pixels a window reaches back from its own: an even kernel reaches one further back than forth, as scipy's.
 * @param {number} size
 */
export const before = (size) => size >> 1;

/**
 * A kernel as a sum of columns times rows (Treitel & Shanks 1971: a planar filter in separable stages); null when that would be
 * no less work.
 * The products are crosses of what is left, each through its largest entry (cross approximation with full pivoting, Bebendorf
 * 2000), until no entry
 * is larger than 1e-12 of the kernel's largest: as many as the kernel's rank. A blur has rank 1, a round Gabor at most 3.
 * @param {Float64Array[]} kernel @returns {Product[] | null}
 */
export function products(kernel) {
  const tall = kernel.length;
  const wide = kernel[0].length;
  const most = (0.75 * tall * wide) / (tall + wide);
  const left = kernel.map((row) => Float64Array.from(row));
  const size = Math.max(...left.map((row) => row.reduce((m, v) => Math.max(m, Math.abs(v)), 0)));
  /** @type {Product[]} */
  const found = [];
  for (;;) {
    let [y, x] = [0, 0];
    left.forEach((row, i) =>
      row.forEach((value, j) => {
        if (Math.abs(value) > Math.abs(left[y][x])) [y, x] = [i, j];
      }),
    );
    const pivot = left[y][x];
    if (Math.abs(pivot) <= 1e-12 * size) return found;
    if (found.length + 1 > most) return null;
    const row = Float64Array.from(left[y]);
    const column = Float64Array.from(left, (line) => line[x] / pivot);
    left.forEach((line, i) =>
      line.forEach((_, j) => {
        line[j] -= column[i] * row[j];
      }),
    );
    found.push({ column, row });
  }
}

/**
 * How a kernel that lies over the picture is worked off; the smallest ones are read whole.
 * @param {Float64Array[]} lying
 * @returns {Plan}
 */
const planOf = (lying) => ({ lying, apart: lying.length * lying[0].length > 9 ? products(lying) : null });

/** How many multiplications a pixel costs. @param {number[][][]} kernels */
export const tapsOf = (kernels) =>
  kernels.reduce((sum, kernel) => {
    const tall = kernel.length;
    const wide = kernel[0].length;
    const { apart } = planOf(over(kernel));
    return sum + (apart ? apart.length * (tall + wide) : tall * wide);
  }, 0);

/**
 * Row by row through one kernel, or to the length of what two kernels of one size answer; each of so many planes.
 * @param {{rows: number, columns: number}} size   of the whole picture
 * @param {number[][][]} kernels
 * @param {{planes: number, read: Pixels['read'], write: Pixels['write']}} pixels   results are overwritten by those of the next
 *   row
 * @param {{first?: number, last?: number, tools?: Tools}=} options   which rows are wanted, the last one excluded, and what
 *   works them off
 */
export function filterRows(
  { rows, columns },
  kernels,
  { planes, read, write },
  { first = 0, last = rows, tools = plain } = {},
) {
  const tall = kernels[0].length;
  const wide = kernels[0][0].length;
  const top = before(tall);
  const left = before(wide);
  const width = columns + wide - 1;
  const plans = kernels.map((kernel) => planOf(over(kernel)));
  const depth = Math.max(...plans.map(({ apart }) => apart?.length ?? 0));
  const down = /** @type {Numbers[]} */ ([]);
  const ways = plans.map((plan) => tools.way(plan, down));
  const more = ways.every(({ two }) => two) ? 1 : 0; // two rows of results at a time need one line more
  const room = tools.open(planes * (tall + more) + 2 * (planes + 1) + depth, width);
  const taken = (/** @type {number} */ count) => room.splice(0, count);
  const rings = Array.from({ length: planes }, () => taken(tall + more));
  const [outs, nexts, seconds] = [planes, planes, 2].map((count) => taken(count).map((line) => line.subarray(0, columns)));
  const lowest = rings.map((ring) => ring[0]);
  down.push(...room);
  /** The next row, with its border, becomes the lowest under the kernel. @param {number} y */
  function roll(y) {
    rings.forEach((ring, c) => ring.push((lowest[c] = /** @type {Numbers} */ (ring.shift()))));
    read(copied(y, rows, 'symmetric'), lowest, left);
    for (const line of lowest) {
      for (let x = -left; x < 0; x++) line[left + x] = line[left + copied(x, columns, 'symmetric')];
      for (let x = columns; x < width - left; x++) line[left + x] = line[left + copied(x, columns, 'symmetric')];
    }
  }
  /** @param {Way} way @param {Numbers[]} ring @param {Numbers[]} to   one row or two */
  const run = ({ one, two }, ring, [out, next]) => {
    if (two && next) two(ring, out, next);
    else one(more ? ring.slice(1) : ring, out);
  };
  for (let y = first - top; y < first - top + tall - 1; y++) roll(y);
  for (let y = first; y < last;) {
    const results = more && y + 1 < last ? [outs, nexts] : [outs];
    for (let i = 0; i < results.length; i++) roll(y + i - top + tall - 1);
    for (let c = 0; c < planes; c++) {
      const to = results.map((each) => each[c]);
      run(ways[0], rings[c], to);
      if (ways.length === 1) continue;
      run(ways[1], rings[c], to.length > 1 ? seconds : [seconds[0]]);
      to.forEach((out, i) => tools.length(out, seconds[i]));
    }
    for (const numbers of results) write(y++, numbers);
  }
}

/**
 * A plane of numbers in row-major order through one kernel, or to the length of what two answer.
 * @param {ArrayLike<number>} plane
 * @param {number} rows
 * @param {number} columns
 * @param {number[][][]} kernels
 * @param {Tools=} tools
 * @returns {Float32Array}
 */
export function convolve(plane, rows, columns, kernels, tools) {
  const out = new Float32Array(rows * columns);
  filterRows(
    { rows, columns },
    kernels,
    {
      planes: 1,
      read(row, [line], at) {
        for (let x = 0; x < columns; x++) line[at + x] = plane[row * columns + x];
      },
      write: (row, [numbers]) => out.set(numbers, row * columns),
    },
    { tools },
  );
  return out;
}

/** What one pixel is made of: the neighbourhood in the order in which it is read, the weights that lie over it, and their sum, in float64.
 * @param {Source} source @param {number} channel @param {number[][]} kernel @param {number} row @param {number} column */
export function windowAt(source, channel, kernel, row, column) {
  const lying = over(kernel);
  const tall = kernel.length;
  const wide = kernel[0].length;
  /** @type {{value: number, weight: number, row: number, column: number, mirrored: boolean}[]} */
  const cells = [];
  for (let i = 0; i < tall; i++)
    for (let j = 0; j < wide; j++) {
      const [y, x] = [row - before(tall) + i, column - before(wide) + j];
      const [from, at] = [copied(y, source.rows, 'symmetric'), copied(x, source.columns, 'symmetric')];
      cells.push({
        value: source.at(channel, from, at),
        weight: lying[i][j],
        row: from,
        column: at,
        mirrored: from !== y || at !== x,
      });
    }
  return { rows: tall, columns: wide, cells, sum: cells.reduce((sum, { value, weight }) => sum + value * weight, 0) };
}
