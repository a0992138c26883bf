/**
 * The inner loops of image filters in WebAssembly, four numbers at a time in float32 (each step rounds by 6e-8 of its result at
 * most).
 */
/** @import { Numbers, Tools } from './taps.js' */
import { groundOf } from './taps.js';
import { assemble } from './assembly.js';
import { grey, length, pack, taps, twice, unpack } from './loops.js';

const PAGE = 65536;
const SMALL = 25; // bytes, and the first page is the list's; taps below which two rows at once are no gain

/**
 * Tools made of these routines; null where they are not to be had, by the browser's age or by the policy of where this runs.
 * @returns {Tools | null}
 */
export function simd() {
  try {
    return toolsOf(
      new WebAssembly.Instance(
        new WebAssembly.Module(assemble([taps(), twice(), length(), unpack(0), unpack(1), unpack(2), pack(), grey()])),
      ).exports,
    );
  } catch {
    return null;
  }
}

/** The next multiple of 64 and as much again: loops go on to the end of sixteen numbers. @param {number} bytes */
const roomFor = (bytes) => 64 * Math.ceil(bytes / 64) + 64;

/**
 * The memory holds the list of taps, the pixels read, the pixels written, and the rows that are worked on.
 * @param {any} routines
 * @returns {Tools}
 */
function toolsOf({ memory, ...run }) {
  /** @type {Uint32Array} */ let addresses;
  /** @type {Float32Array} */ let weights;
  /** @type {Uint8Array} */ let bytes;
  let count = 0;
  let rows = PAGE; // entries of the list; where the rows begin
  const unpackers = [run.unpack0, run.unpack1, run.unpack2];
  /** @param {number} size */
  function reach(size) {
    const missing = Math.ceil((size - memory.buffer.byteLength) / PAGE);
    if (missing > 0) memory.grow(missing);
    if (addresses?.buffer === memory.buffer) return;
    [addresses, weights, bytes] = [
      new Uint32Array(memory.buffer, 0, PAGE / 4),
      new Float32Array(memory.buffer, 0, PAGE / 4),
      new Uint8Array(memory.buffer),
    ];
  }
  const entry = (/** @type {number} */ address, /** @type {number} */ weight) => {
    if (weight === 0) return;
    addresses[2 * count] = address;
    weights[2 * count + 1] = weight;
    count++;
  };
  const sum = (/** @type {Numbers} */ out) => {
    if (count) run.taps(out.byteOffset, 0, 8 * count, 4 * out.length);
    else out.fill(0);
    count = 0;
  };
  return {
    open(number, length) {
      const pitch = roomFor(4 * length);
      reach(rows + number * pitch);
      return Array.from({ length: number }, (_, i) => new Float32Array(memory.buffer, rows + i * pitch, length));
    },
    way({ lying, apart }, down) {
      if (apart)
        return {
          one(lines, out) {
            for (let k = 0; k < apart.length; k++) {
              for (let i = 0; i < lines.length; i++) entry(lines[i].byteOffset, apart[k].column[i]);
              sum(down[k]);
            }
            for (let k = 0; k < apart.length; k++)
              for (let t = 0; t < apart[k].row.length; t++) entry(down[k].byteOffset + 4 * t, apart[k].row[t]);
            sum(out);
          },
        };
      const one = (/** @type {Numbers[]} */ lines, /** @type {Numbers} */ out) => {
        for (let i = 0; i < lines.length; i++)
          for (let t = 0; t < lying[i].length; t++) entry(lines[i].byteOffset + 4 * t, lying[i][t]);
        sum(out);
      };
      if (lying.length * lying[0].length < SMALL) return { one };
      const none = new Float64Array(lying[0].length);
      const above = [...lying, none];
      const below = [none, ...lying]; // the kernel, and the kernel one row lower
      return {
        one,
        two(lines, out, next) {
          for (let i = 0, at = 0; i < lines.length; i++)
            for (let t = 0; t < none.length; t++, at += 4) {
              addresses[at] = lines[i].byteOffset + 4 * t;
              weights[at + 1] = above[i][t];
              weights[at + 2] = below[i][t];
            }
          run.twice(out.byteOffset, next.byteOffset, 0, 16 * lines.length * none.length, 4 * out.length);
        },
      };
    },
    length: (first, second) => run.length(first.byteOffset, second.byteOffset, 4 * first.length),
    grey(rgba) {
      reach(PAGE + roomFor(rgba.length));
      bytes.set(rgba, PAGE);
      run.grey(PAGE, PAGE + rgba.length);
      rgba.set(bytes.subarray(PAGE, PAGE + rgba.length));
    },
    pixels({ columns, from, first, rgba, after }, { look, gain }) {
      const output = PAGE + roomFor(rgba.length);
      const ground = groundOf(look);
      const sign = look === 'absolute' ? 0x7fffffff : -1;
      rows = output + roomFor(after.length);
      reach(rows);
      bytes.set(rgba, PAGE);
      return {
        read(row, lines, at) {
          for (let c = 0; c < lines.length; c++)
            unpackers[c](PAGE + 4 * (row - from) * columns, lines[c].byteOffset + 4 * at, 4 * columns);
        },
        write(row, [red, green = red, blue = red]) {
          run.pack(
            red.byteOffset,
            green.byteOffset,
            blue.byteOffset,
            output + 4 * (row - first) * columns,
            4 * columns,
            ground,
            gain,
            sign,
          );
        },
        close() {
          after.set(bytes.subarray(output, output + after.length));
        },
      };
    },
  };
}
