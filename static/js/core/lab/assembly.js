/**
 * As much of an assembler for WebAssembly as a few loops over rows of numbers need (WebAssembly Core Specification 2.0, chapter
 * 5: binary format).
 */

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b; // types; a V128 holds four numbers of 32 bits
/** @typedef {number[]} Code */
/**
 * @typedef {{name: string, parameters: number[], locals: number[], body: Code}} Routine   of locals: their types, after the
 *   parameters
 */

/** LEB128, the sign kept. @param {number} value @returns {Code} */
function signed(value) {
  const rest = value >> 7;
  const last = (rest === 0 && !(value & 0x40)) || (rest === -1 && value & 0x40);
  return last ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(rest)];
}

/** LEB128. @param {number} value @returns {Code} */
const unsigned = (value) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]);

/** An instruction of the vector set. @param {number} number @param {Code} rest @returns {Code} */
const vector = (number, ...rest) => [0xfd, ...unsigned(number), ...rest];

/** @param {number} local @returns {Code} */
export const get = (local) => [0x20, local];
/** @param {number} local @param {Code} value @returns {Code} */
export const set = (local, ...value) => [...value, 0x21, local];
/** @param {number} value @returns {Code} */
export const i32 = (value) => [0x41, ...signed(value)];
/** @param {number} value @returns {Code} */
export const f32 = (value) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];

export const add = [0x6a];
export const loadI32 = [0x28, 2, 0];
export const splatI32 = vector(0x11);
export const splatF32 = vector(0x13);
export const and = vector(0x4e);
export const or = vector(0x50);
/** In steps of numbers, not of vectors, may an address go on. @param {number} offset @returns {Code} */
export const load = (offset) => vector(0, 2, ...unsigned(offset));
/** One number from memory, four times. @param {number} offset @returns {Code} */
export const loadSplat = (offset) => vector(9, 2, ...unsigned(offset));
/** @param {number} offset @returns {Code} */
export const store = (offset) => vector(11, 2, ...unsigned(offset));
export const ints = {
  shiftLeft: vector(0xab),
  shiftRight: vector(0xad),
  times: vector(0xb5),
  toFloats: vector(0xfb),
  fromFloats: vector(0xf9),
}; // all without a sign; beyond the range: its end
export const floats = { plus: vector(0xe4), times: vector(0xe6), root: vector(0xe3), least: vector(0xe8), most: vector(0xe9) };

/**
 * do { body } while ((local += by) < end) of unsigned numbers.
 * @param {number} local
 * @param {number} by
 * @param {number} end   a local
 * @param {Code} body
 * @returns {Code}
 */
export const loop = (local, by, end, ...body) => [
  0x03,
  0x40,
  ...body,
  ...set(local, ...get(local), ...i32(by), ...add),
  ...get(local),
  ...get(end),
  0x49,
  0x0d,
  0,
  0x0b,
];

/** @param {Code} bytes */
const sized = (bytes) => [...unsigned(bytes.length), ...bytes];

/** @param {string} name @param {number} kind @param {number} index */
const exported = (name, kind, index) => [...sized([...new TextEncoder().encode(name)]), kind, index];

/**
 * The module of these routines, none of which gives back a value, and of a memory; all are exported by name.
 * @param {Routine[]} routines
 */
export function assemble(routines) {
  const section = (/** @type {number} */ id, /** @type {number} */ count, /** @type {Code} */ content) => [
    id,
    ...sized([count, ...content]),
  ];
  const count = routines.length;
  return Uint8Array.from([
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(
      1,
      count,
      routines.flatMap(({ parameters }) => [0x60, ...sized(parameters), 0]),
    ),
    ...section(
      3,
      count,
      routines.map((_, i) => i),
    ),
    ...section(5, 1, [0, 1]), // a memory of one page at first
    ...section(7, count + 1, [...exported('memory', 2, 0), ...routines.flatMap(({ name }, i) => exported(name, 0, i))]),
    ...section(
      10,
      count,
      routines.flatMap(({ locals, body }) => sized([locals.length, ...locals.flatMap((type) => [1, type]), ...body, 0x0b])),
    ),
  ]);
}
