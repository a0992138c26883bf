/**
 * From a frame's bytes to the bytes of two pictures, before and after the filter: whole, or a band of rows, so that several
 * processors can share the work.
 */
import { before, filterRows } from './filter.js';
import { randomOf } from './grids.js';
import { greyOf, groundOf, OPAQUE, plain } from './taps.js';

/**
 * How a result becomes brightness: as it is, around mid grey, or without its sign.
 * @typedef {'plain' | 'middle' | 'absolute'} Look
 */
/**
 * @typedef {{key: string, rows: number, columns: number, rgba: Uint8ClampedArray, turn?: number}} Frame   four bytes per pixel,
 *   opaque; turn: which frame of a film
 */
/**
 * @typedef {{kernels: number[][][], colour: boolean, noise: number, seed: number, look: Look, gain: number}} Development  
 *   noise: standard deviation, 0 to 255
 */
/** @import { Source } from './filter.js' */
/** @import { Tools } from './taps.js' */

/**
 * @typedef {object} Band   rows of a frame, with those beside them that the kernel reads
 * @property {number} rows       of the whole frame
 * @property {number} columns
 * @property {number} turn
 * @property {number} from       the first row that is there
 * @property {number} first      the first row wanted
 * @property {number} last       the row after the last one wanted
 * @property {Uint8ClampedArray} rgba    of the rows from `from` on; becomes the picture before the filter
 * @property {Uint8ClampedArray} after   room for the rows wanted
 */

const BELL = 1 << 16;
const STEP = 1664525;
const SHIFT = 1013904223; // of a generator of full period, 2³² (Numerical Recipes)
/** @type {{seed: number, values: Float32Array} | null} */
let bell = null;

/** So many normal numbers (Box & Muller 1958), the same for a seed. @param {number} seed */
function normal(seed) {
  if (bell?.seed === seed) return bell.values;
  const random = randomOf(seed);
  const values = new Float32Array(BELL);
  for (let i = 0; i < BELL; i++) values[i] = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  bell = { seed, values };
  return values;
}

/**
 * Where in the table a pixel's noise is: the generator after so many steps at once (Brown 1994).
 * @param {number} seed
 * @param {number} turn
 * @param {number} steps
 */
function stateAt(seed, turn, steps) {
  let state = (Math.imul(seed, 2654435761) + Math.imul(turn, 747796405) + 1) >>> 0;
  for (let left = steps, step = STEP, shift = SHIFT; left > 0; left = Math.floor(left / 2)) {
    if (left % 2) state = (Math.imul(state, step) + shift) >>> 0;
    shift = Math.imul(shift, step + 1);
    step = Math.imul(step, step);
  }
  return state;
}

/** @param {number} byte @param {number} by @returns {number} a byte */
const shaken = (byte, by) => {
  const value = byte + by + 0.5;
  return (value > 0 ? (value < 255 ? value : 255) : 0) | 0;
};

/**
 * The picture before the filter, pixel by pixel where one looks: grey if wished, with its noise.
 * @param {Frame} frame
 * @param {Development} how
 * @returns {Source}
 */
export function sourceOf({ rows, columns, rgba, turn = 0 }, { colour, noise, seed }) {
  return {
    rows,
    columns,
    colours: colour ? 3 : 1,
    at(channel, row, column) {
      const p = row * columns + column;
      const byte = colour ? rgba[4 * p + channel] : greyOf(rgba[4 * p], rgba[4 * p + 1], rgba[4 * p + 2]);
      return noise ? shaken(byte, noise * normal(seed)[stateAt(seed, turn, channel * rows * columns + p + 1) >>> 16]) : byte;
    },
  };
}

/**
 * Makes a band's bytes the picture before the filter, in place.
 * @param {Band} band
 * @param {Development} how
 * @param {Tools=} tools
 */
export function expose({ rows, columns, turn, from, rgba }, { colour, noise, seed }, tools = plain) {
  const count = rgba.length / 4;
  const words = new Int32Array(rgba.buffer, rgba.byteOffset, count);
  if (!colour) tools.grey(rgba);
  if (!noise) return;
  const values = normal(seed);
  for (let c = 0; c < (colour ? 3 : 1); c++) {
    let state = stateAt(seed, turn, c * rows * columns + from * columns);
    for (let p = 0, q = c; p < count; p++, q += 4) {
      state = (Math.imul(state, STEP) + SHIFT) >>> 0;
      const byte = shaken(rgba[q], noise * values[state >>> 16]);
      if (colour) rgba[q] = byte;
      else words[p] = OPAQUE | Math.imul(byte, 0x010101);
    }
  }
}

/**
 * The brightness of a result, a whole number from 0 to 255.
 * @param {Look} look
 * @param {number} gain
 * @returns {(value: number) => number}
 */
export function levelOf(look, gain) {
  const ground = groundOf(look);
  return (value) => {
    const level = ground + gain * (look === 'absolute' ? Math.abs(value) : value);
    return (level > 0 ? (level < 255 ? level : 255) : 0) | 0;
  };
}

/**
 * Both pictures of a band: its own bytes, and those after the filter.
 * @param {Band} band
 * @param {Development} how
 * @param {Tools=} tools
 */
export function develop(band, how, tools = plain) {
  expose(band, how, tools);
  const { read, write, close } = tools.pixels(band, how);
  filterRows(band, how.kernels, { planes: how.colour ? 3 : 1, read, write }, { first: band.first, last: band.last, tools });
  close();
}

const MOST = 4; // workers
const HEAVY = { vectors: 500e6, plain: 80e6 }; // multiplications for which one processor takes longer than a twentieth of a second

/**
 * How many workers share a picture. One processor is left to the page; of two, both are taken when there is much to do: with it
 * the page has next to nothing to do itself.
 * @param {number} work   multiplications
 * @param {number} processors
 * @param {boolean} vectors   whether they have WebAssembly's vector instructions
 */
export const workersFor = (work, processors, vectors) =>
  Math.min(MOST, Math.max(work > HEAVY[vectors ? 'vectors' : 'plain'] ? 2 : 1, processors - 1), processors);

/** The rows of a frame in so many bands, or in fewer where they would be lower than the kernel; each with the rows beside it that the kernel reads.
 * @param {{rows: number}} frame
 * @param {number[][][]} kernels
 * @param {number} most
 * @returns {{from: number, to: number, first: number, last: number}[]}
 */
export function bandsOf({ rows }, kernels, most) {
  const tall = kernels[0].length;
  const back = before(tall);
  const forth = tall - 1 - back;
  const count = Math.max(1, Math.min(most, Math.floor(rows / tall)));
  return Array.from({ length: count }, (_, i) => {
    const [first, last] = [i, i + 1].map((each) => Math.round((each * rows) / count));
    return { from: Math.max(0, first - back), to: Math.min(rows, last + forth), first, last };
  });
}
