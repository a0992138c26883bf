/** The loops of image filters as WebAssembly: each takes addresses and sizes in bytes and works on four numbers at a time. */
/** @import { Code } from './assembly.js' */
import { OPAQUE } from './taps.js';
import {
  add,
  and,
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
export function taps() {
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
export function twice() {
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
export function length() {
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
export function unpack(channel) {
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
export function pack() {
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
export function grey() {
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
