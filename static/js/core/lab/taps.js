/**
 * The inner loops of a convolution in plain JavaScript, in float64: a row of results from the rows under the kernel.
 * Speed comes from holding numbers in variables and from reading several rows at once, hence the loops written out.
 */

/** @typedef {Float64Array | Float32Array} Numbers */
/** @typedef {{column: Float64Array, row: Float64Array}} Product   a kernel of rank one */
/**
 * @typedef {{lying: Float64Array[], apart: Product[] | null}} Plan   a kernel turned by 180°, and the products that it is the
 *   sum of where they are less work
 */
/**
 * @typedef {object} Way   from the rows under the kernel, with their border, to results
 * @property {(lines: Numbers[], out: Numbers) => void} one
 * @property {((lines: Numbers[], out: Numbers, next: Numbers) => void)=} two   this row and the next, from one line more, where
 *   that is less work than one after the other
 */

/** @import { Band, Look } from './develop.js' */

/**
 * @typedef {object} Pixels   of a band
 * @property {(row: number, lines: Numbers[], at: number) => void} read   puts the numbers of a row into a line for each colour,
 *   from there on
 * @property {(row: number, results: Numbers[]) => void} write            puts results into the picture after the filter, as
 *   brightness
 * @property {() => void} close                                          when all has been written
 */

/**
 * @typedef {object} Tools
 * @property {(count: number, length: number) => Numbers[]} open   so many rows of working memory, good until the next call
 * @property {(plan: Plan, down: Numbers[]) => Way} way            down: will hold a row of working memory for each product
 * @property {(first: Numbers, second: Numbers) => void} length    first becomes √(first² + second²)
 * @property {(rgba: Uint8ClampedArray) => void} grey              makes pixels grey
 * @property {(band: Band, how: {look: Look, gain: number}) => Pixels} pixels   to be called before `open`
 */

export const OPAQUE = -0x1000000; // of a pixel as a number: bytes lie red first, alpha last, on every machine that runs browsers

/**
 * Whole brightness as in ITU-R BT.601: (299 R + 587 G + 114 B) / 1000, rounded.
 * @param {number} r
 * @param {number} g
 * @param {number} b
 */
export const greyOf = (r, g, b) => ((299 * r + 587 * g + 114 * b + 500) / 1000) | 0;

/** What a result of zero becomes, with the half that rounds. @param {Look} look */
export const groundOf = (look) => (look === 'middle' ? 128 : 0.5);

/**
 * total[x] += sum over t of taps[t] * from[t + x], eight, four and one tap at a time. What has been read slides on from
 * variable to variable,
 * so that a pixel costs one read however many taps; that is three times as fast as reading it once for each.
 * @param {Numbers} total @param {Numbers} from @param {Float64Array} taps
 */
function sweep(total, from, taps) {
  let t = 0;
  for (; t + 8 <= taps.length; t += 8) eight(total, from, taps, t);
  for (; t + 4 <= taps.length; t += 4) four(total, from, taps, t);
  for (; t < taps.length; t++)
    for (let x = 0, p = t, tap = taps[t]; tap !== 0 && x < total.length; x++, p++) total[x] += tap * from[p];
}

/** @param {Numbers} total @param {Numbers} from @param {Float64Array} taps @param {number} t */
function eight(total, from, taps, t) {
  const a = taps[t];
  const b = taps[t + 1];
  const c = taps[t + 2];
  const d = taps[t + 3];
  const e = taps[t + 4];
  const f = taps[t + 5];
  const g = taps[t + 6];
  const h = taps[t + 7];
  let A = from[t];
  let B = from[t + 1];
  let C = from[t + 2];
  let D = from[t + 3];
  let E = from[t + 4];
  let F = from[t + 5];
  let G = from[t + 6];
  for (let x = 0, p = t + 7; x < total.length; x++, p++) {
    const H = from[p];
    total[x] += a * A + b * B + (c * C + d * D) + (e * E + f * F + (g * G + h * H));
    A = B;
    B = C;
    C = D;
    D = E;
    E = F;
    F = G;
    G = H;
  }
}

/** @param {Numbers} total @param {Numbers} from @param {Float64Array} taps @param {number} t */
function four(total, from, taps, t) {
  const a = taps[t];
  const b = taps[t + 1];
  const c = taps[t + 2];
  const d = taps[t + 3];
  let A = from[t];
  let B = from[t + 1];
  let C = from[t + 2];
  for (let x = 0, p = t + 3; x < total.length; x++, p++) {
    const D = from[p];
    total[x] += a * A + b * B + (c * C + d * D);
    A = B;
    B = C;
    C = D;
  }
}

/**
 * total = the rows, each times its weight, added up: eight, four and one at a time.
 * @param {Numbers} total
 * @param {Numbers[]} lines
 * @param {Float64Array} weights
 */
function pile(total, lines, weights) {
  let i = 0;
  total.fill(0);
  for (; i + 8 <= weights.length; i += 8) eightRows(total, lines, weights, i);
  for (; i + 4 <= weights.length; i += 4) fourRows(total, lines, weights, i);
  for (; i < weights.length; i++)
    for (let x = 0, line = lines[i], weight = weights[i]; weight !== 0 && x < total.length; x++) total[x] += weight * line[x];
}

/** @param {Numbers} total @param {Numbers[]} lines @param {Float64Array} weights @param {number} i */
function eightRows(total, lines, weights, i) {
  const a = weights[i];
  const b = weights[i + 1];
  const c = weights[i + 2];
  const d = weights[i + 3];
  const e = weights[i + 4];
  const f = weights[i + 5];
  const g = weights[i + 6];
  const h = weights[i + 7];
  const A = lines[i];
  const B = lines[i + 1];
  const C = lines[i + 2];
  const D = lines[i + 3];
  const E = lines[i + 4];
  const F = lines[i + 5];
  const G = lines[i + 6];
  const H = lines[i + 7];
  for (let x = 0; x < total.length; x++)
    total[x] += a * A[x] + b * B[x] + (c * C[x] + d * D[x]) + (e * E[x] + f * F[x] + (g * G[x] + h * H[x]));
}

/** @param {Numbers} total @param {Numbers[]} lines @param {Float64Array} weights @param {number} i */
function fourRows(total, lines, weights, i) {
  const a = weights[i];
  const b = weights[i + 1];
  const c = weights[i + 2];
  const d = weights[i + 3];
  const A = lines[i];
  const B = lines[i + 1];
  const C = lines[i + 2];
  const D = lines[i + 3];
  for (let x = 0; x < total.length; x++) total[x] += a * A[x] + b * B[x] + (c * C[x] + d * D[x]);
}

/**
 * The commonest size in one go: three reads for a pixel, the other six numbers slide on.
 * @param {Float64Array[]} lying
 * @param {Numbers[]} lines
 * @param {Numbers} out
 */
function nine([[a, b, c], [d, e, f], [g, h, i]], [top, middle, bottom], out) {
  let A = top[0];
  let B = top[1];
  let D = middle[0];
  let E = middle[1];
  let G = bottom[0];
  let H = bottom[1];
  for (let x = 0; x < out.length; x++) {
    const C = top[x + 2];
    const F = middle[x + 2];
    const I = bottom[x + 2];
    out[x] = a * A + b * B + c * C + (d * D + e * E + f * F) + (g * G + h * H + i * I);
    A = B;
    B = C;
    D = E;
    E = F;
    G = H;
    H = I;
  }
}

/**
 * Down and then across once per product; or row by row of the kernel.
 * @param {Plan} plan
 * @param {Numbers[]} down
 * @returns {Way}
 */
function wayOf({ lying, apart }, down) {
  if (lying.length === 3 && lying[0].length === 3) return { one: (lines, out) => nine(lying, lines, out) };
  if (apart)
    return {
      one(lines, out) {
        out.fill(0);
        for (const { column, row } of apart) {
          pile(down[0], lines, column);
          sweep(out, down[0], row);
        }
      },
    };
  const used = lying.map((taps) => taps.some((tap) => tap !== 0));
  return {
    one(lines, out) {
      out.fill(0);
      for (let i = 0; i < lying.length; i++) if (used[i]) sweep(out, lines[i], lying[i]);
    },
  };
}

/** @type {Float64Array[]} */
let shelf = []; // taken anew only when a size changes

/** @type {Tools} */
export const plain = {
  open(count, length) {
    if (shelf[0]?.length !== length) shelf = [];
    while (shelf.length < count) shelf.push(new Float64Array(length));
    return shelf.slice(0, count);
  },
  way: wayOf,
  length(first, second) {
    for (let x = 0; x < first.length; x++) first[x] = Math.sqrt(first[x] * first[x] + second[x] * second[x]);
  },
  grey(rgba) {
    const words = new Int32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);
    for (let p = 0, q = 0; p < words.length; p++, q += 4)
      words[p] = OPAQUE | Math.imul(greyOf(rgba[q], rgba[q + 1], rgba[q + 2]), 0x010101);
  },
  pixels({ columns, from, first, rgba, after }, { look, gain }) {
    const words = new Int32Array(after.buffer, after.byteOffset, after.length / 4);
    const ground = groundOf(look);
    const level = (/** @type {number} */ value) => {
      const found = ground + gain * (look === 'absolute' && value < 0 ? -value : value);
      return (found > 0 ? (found < 255 ? found : 255) : 0) | 0;
    };
    return {
      read(row, lines, at) {
        for (let c = 0; c < lines.length; c++)
          for (let x = 0, line = lines[c], q = 4 * (row - from) * columns + c; x < columns; x++, q += 4) line[at + x] = rgba[q];
      },
      write(row, [red, green, blue]) {
        const to = (row - first) * columns;
        if (green)
          for (let x = 0; x < columns; x++)
            words[to + x] = OPAQUE | level(red[x]) | (level(green[x]) << 8) | (level(blue[x]) << 16);
        else for (let x = 0; x < columns; x++) words[to + x] = OPAQUE | Math.imul(level(red[x]), 0x010101);
      },
      close() {},
    };
  },
};
