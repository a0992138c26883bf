/**
 * The inner loops of image filters in WebAssembly, four numbers at a time in float32 (each step rounds by 6e-8 of its result at
 * most).
 */
/** @import { Code } from './assembly.js' */
/** @import { Numbers, Tools } from './taps.js' */
import { groundOf, OPAQUE } from './taps.js';
import {
  add,
  and,
  assemble,
  F32,
  f32,
  floats,
  get,
  I32,
  i32,
  ints,
  load,
  loadI32,
  loadSplat,
  loop,
  or,
  set,
  splatF32,
  splatI32,
  store,
  V128,
} from './assembly.js';

const BYTE = 0xff;
const FOUR = [0, 1, 2, 3];

/** A byte of every pixel as a number. @param {number} words   a local @param {number} channel @returns {Code} */
const channelOf = (words, channel) => [
  ...get(words),
  ...i32(8 * channel),
  ...ints.shiftRight,
  ...i32(BYTE),
  ...splatI32,
  ...and,
  ...ints.toFloats,
];

/**
 * to[x] = the sum of weight * memory[address + x] over the entries of a list, each an address and a weight; sixteen results at
 * a time.
 * Products with a column, with a row and with a whole kernel are all such sums.
 */
function taps() {
  const [to, list, end, size, x, at, entry, weight, sum] = [0, 1, 2, 3, 4, 5, 6, 7, 8]; // four sums, 8 to 11
  return {
    name: 'taps',
    parameters: [I32, I32, I32, I32],
    locals: [I32, I32, I32, V128, V128, V128, V128, V128],
    body: loop(
      x,
      64,
      size,
      ...FOUR.flatMap((i) => set(sum + i, ...f32(0), ...splatF32)),
      ...set(entry, ...get(list)),
      ...loop(
        entry,
        8,
        end,
        ...set(at, ...get(entry), ...loadI32, ...get(x), ...add),
        ...set(weight, ...get(entry), ...loadSplat(4)),
        ...FOUR.flatMap((i) =>
          set(sum + i, ...get(sum + i), ...get(at), ...load(16 * i), ...get(weight), ...floats.times, ...floats.plus),
        ),
      ),
      ...FOUR.flatMap((i) => [...get(to), ...get(x), ...add, ...get(sum + i), ...store(16 * i)]),
    ),
  };
}

/**
 * The same for two rows of results: an entry has an address and a weight for each, so that what is read serves twice; entries
 * are 16 bytes long.
 */
function twice() {
  const [to, next, list, end, size, x, at, entry, weight, other, numbers, sum] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]; // four sums from 11, four from 15 on
  return {
    name: 'twice',
    parameters: [I32, I32, I32, I32, I32],
    locals: [I32, I32, I32, ...Array(11).fill(V128)],
    body: loop(
      x,
      64,
      size,
      ...FOUR.flatMap((i) => [...set(sum + i, ...f32(0), ...splatF32), ...set(sum + 4 + i, ...f32(0), ...splatF32)]),
      ...set(entry, ...get(list)),
      ...loop(
        entry,
        16,
        end,
        ...set(at, ...get(entry), ...loadI32, ...get(x), ...add),
        ...set(weight, ...get(entry), ...loadSplat(4)),
        ...set(other, ...get(entry), ...loadSplat(8)),
        ...FOUR.flatMap((i) => [
          ...set(numbers, ...get(at), ...load(16 * i)),
          ...set(sum + i, ...get(sum + i), ...get(numbers), ...get(weight), ...floats.times, ...floats.plus),
          ...set(sum + 4 + i, ...get(sum + 4 + i), ...get(numbers), ...get(other), ...floats.times, ...floats.plus),
        ]),
      ),
      ...FOUR.flatMap((i) => [
        ...get(to),
        ...get(x),
        ...add,
        ...get(sum + i),
        ...store(16 * i),
        ...get(next),
        ...get(x),
        ...add,
        ...get(sum + 4 + i),
        ...store(16 * i),
      ]),
    ),
  };
}

/** first[x] = √(first[x]² + second[x]²) */
function length() {
  const [first, second, size, x, one, other] = [0, 1, 2, 3, 4, 5];
  const squared = (/** @type {number} */ local) => [...get(local), ...get(local), ...floats.times];
  return {
    name: 'length',
    parameters: [I32, I32, I32],
    locals: [I32, V128, V128],
    body: loop(
      x,
      16,
      size,
      ...set(one, ...get(first), ...get(x), ...add, ...load(0)),
      ...set(other, ...get(second), ...get(x), ...add, ...load(0)),
      ...get(first),
      ...get(x),
      ...add,
      ...squared(one),
      ...squared(other),
      ...floats.plus,
      ...floats.root,
      ...store(0),
    ),
  };
}

/** to[x] = one byte of the pixels from an address on, as numbers. @param {number} channel */
function unpack(channel) {
  const [from, to, size, x, words] = [0, 1, 2, 3, 4];
  return {
    name: `unpack${channel}`,
    parameters: [I32, I32, I32],
    locals: [I32, V128],
    body: loop(
      x,
      16,
      size,
      ...set(words, ...get(from), ...get(x), ...add, ...load(0)),
      ...get(to),
      ...get(x),
      ...add,
      ...channelOf(words, channel),
      ...store(0),
    ),
  };
}

/**
 * Pixels from three rows of results: base + gain * value, between 0 and 255, without its fraction. sign: a mask that takes the
 * sign away, or leaves it.
 */
function pack() {
  const [red, green, blue, to, size, base, gain, sign, x] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const level = (/** @type {number} */ local) => [
    ...get(local),
    ...get(x),
    ...add,
    ...load(0),
    ...get(sign),
    ...splatI32,
    ...and,
    ...get(gain),
    ...splatF32,
    ...floats.times,
    ...get(base),
    ...splatF32,
    ...floats.plus,
    ...f32(0),
    ...splatF32,
    ...floats.most,
    ...f32(BYTE),
    ...splatF32,
    ...floats.least,
    ...ints.fromFloats,
  ];
  return {
    name: 'pack',
    parameters: [I32, I32, I32, I32, I32, F32, F32, I32],
    locals: [I32],
    body: loop(
      x,
      16,
      size,
      ...get(to),
      ...get(x),
      ...add,
      ...level(red),
      ...level(green),
      ...i32(8),
      ...ints.shiftLeft,
      ...or,
      ...level(blue),
      ...i32(16),
      ...ints.shiftLeft,
      ...or,
      ...i32(OPAQUE),
      ...splatI32,
      ...or,
      ...store(0),
    ),
  };
}

/**
 * Pixels become grey, as greyOf has it. The half keeps sums of whole numbers away from the thousands: so far no rounding
 * reaches.
 */
function grey() {
  const [at, end, words] = [0, 1, 2];
  const part = (/** @type {number} */ channel, /** @type {number} */ weight) => [
    ...channelOf(words, channel),
    ...f32(weight),
    ...splatF32,
    ...floats.times,
  ];
  return {
    name: 'grey',
    parameters: [I32, I32],
    locals: [V128],
    body: loop(
      at,
      16,
      end,
      ...set(words, ...get(at), ...load(0)),
      ...get(at),
      ...part(0, 299),
      ...part(1, 587),
      ...floats.plus,
      ...part(2, 114),
      ...floats.plus,
      ...f32(500.5),
      ...splatF32,
      ...floats.plus,
      ...f32(0.001),
      ...splatF32,
      ...floats.times,
      ...ints.fromFloats,
      ...i32(0x010101),
      ...splatI32,
      ...ints.times,
      ...i32(OPAQUE),
      ...splatI32,
      ...or,
      ...store(0),
    ),
  };
}

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
