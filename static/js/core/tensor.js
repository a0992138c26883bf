/** Numbers as the API sends them (base64, little-endian) into typed arrays with a shape. */
/** @import { Tensor, Picture } from './types.js' */

/** @param {string} text @returns {Uint8Array} */
export function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** @param {number[]} shape */
export const sizeOf = (shape) => shape.reduce((product, n) => product * n, 1);

/** @param {number[]} shape @param {Float32Array=} data @returns {Tensor} */
export const tensor = (shape, data) => ({ shape, data: data ?? new Float32Array(sizeOf(shape)) });

const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Exact values from {dtype: "float32", shape, data}. @param {{shape: number[], data: string}} packed @returns {Tensor} */
export function fromPacked({ shape, data }) {
  const bytes = bytesOf(data);
  if (LITTLE) return tensor(shape, new Float32Array(bytes.buffer));
  const view = new DataView(bytes.buffer);
  return tensor(
    shape,
    Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true)),
  );
}

/**
 * Values for colouring from one overview entry: one byte each between low and high, or exact float32.
 * @param {{dtype: string, shape: number[], low?: number, high?: number, data: string}} entry @returns {Picture}
 */
export function fromOverview(entry) {
  if (entry.dtype === 'float32') return spread(fromPacked(entry));
  const { low = 0, high = 1, shape } = entry;
  const levels = Float32Array.from({ length: 256 }, (_, byte) => low + (byte / 255) * (high - low));
  const bytes = bytesOf(entry.data);
  const data = new Float32Array(bytes.length);
  for (let i = 0; i < data.length; i++) data[i] = levels[bytes[i]]; // ten times as quick as from() with a function
  return { shape, data, low, high };
}

/** A tensor with the range of its own values. @param {Tensor} values @returns {Picture} */
export function spread(values) {
  const [low, high] = range(values.data);
  return { ...values, low, high };
}

/** Smallest and largest finite value. @param {ArrayLike<number>} data @returns {[number, number]} */
export function range(data) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < data.length; i++) {
    if (data[i] < low) low = data[i];
    if (data[i] > high) high = data[i];
  }
  return low > high ? [0, 0] : [low, high];
}

/** Offset of a multi-index. @param {number[]} shape @param {number[]} index */
export function offset(shape, index) {
  let position = 0;
  for (let d = 0; d < shape.length; d++) position = position * shape[d] + index[d];
  return position;
}

/** The inverse of offset. @param {number[]} shape @param {number} position @returns {number[]} */
export function unravel(shape, position) {
  const index = new Array(shape.length);
  for (let d = shape.length - 1; d >= 0; d--) {
    index[d] = position % shape[d];
    position = Math.floor(position / shape[d]);
  }
  return index;
}

/** @param {Tensor} values @param {number[]} index */
export const valueAt = (values, index) => values.data[offset(values.shape, index)];

/** @param {number[]} shape @param {number[]} index */
export const inside = (shape, index) => index.every((i, d) => i >= 0 && i < shape[d]);

/** One channel as a view on the same memory. @param {Tensor} values @param {number} channel */
export function plane(values, channel) {
  const [, height, width] = values.shape;
  const size = height * width;
  return { height, width, data: values.data.subarray(channel * size, (channel + 1) * size) };
}
