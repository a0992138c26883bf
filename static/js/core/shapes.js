/** Sizes and windows shared by the sliding operations. */
/** @import { NodeRecord, Window } from './types.js' */

/** One number for both directions, or one each. @param {number | number[]} value @returns {[number, number]} */
export const pair = (value) => (Array.isArray(value) ? [value[0], value[1] ?? value[0]] : [value, value]);

/**
 * Output length of a window that slides over `size` cells.
 * @param {number} size
 * @param {number} kernel
 * @param {number} stride
 * @param {number} padding
 * @param {number=} dilation
 * @param {boolean=} ceil
 */
export function slidingSize(size, kernel, stride, padding, dilation = 1, ceil = false) {
  const room = size + 2 * padding - dilation * (kernel - 1) - 1;
  if (!ceil) return Math.floor(room / stride) + 1;
  const length = Math.ceil(room / stride) + 1;
  return (length - 1) * stride >= size + padding ? length - 1 : length; // torch: the last window starts inside the input or left padding
}

/**
 * Padding of one call in both directions; torch also accepts "same" and "valid".
 * @param {Record<string, any>} hp
 * @returns {[number, number]}
 */
export function paddingOf(hp) {
  const { padding = 0, dilation = 1, kernel_size = 1 } = hp;
  if (padding === 'valid') return [0, 0];
  if (padding !== 'same') return pair(padding);
  const [kh, kw] = pair(kernel_size);
  const [dy, dx] = pair(dilation);
  return [Math.floor((dy * (kh - 1)) / 2), Math.floor((dx * (kw - 1)) / 2)];
}

/** Kernel, stride, padding, dilation of a sliding call, each as a pair. @param {Record<string, any>} hp */
export function sliding(hp) {
  const kernel = pair(hp.kernel_size);
  const given = Array.isArray(hp.stride) ? hp.stride.length > 0 : hp.stride !== null && hp.stride !== undefined;
  return {
    kernel,
    stride: given ? pair(hp.stride) : kernel,
    padding: paddingOf(hp),
    dilation: pair(hp.dilation ?? 1),
    ceil: Boolean(hp.ceil_mode),
  };
}

/** @param {Record<string, any>} hp @param {number} height @param {number} width @returns {[number, number]} */
export function slidingSizes(hp, height, width) {
  const { kernel, stride, padding, dilation, ceil } = sliding(hp);
  if (hp.padding === 'same') return [height, width];
  return [
    slidingSize(height, kernel[0], stride[0], padding[0], dilation[0], ceil),
    slidingSize(width, kernel[1], stride[1], padding[1], dilation[1], ceil),
  ];
}

/**
 * The cells under the window of one output position, over the channels [first, last).
 * @param {NodeRecord} record @param {[number, number]} at @param {[number, number]} channels @returns {Window}
 */
export function slidingWindow(record, [y, x], [first, last]) {
  const { kernel, stride, padding, dilation } = sliding(record.hyperparameters);
  const top = y * stride[0] - padding[0];
  const left = x * stride[1] - padding[1];
  return {
    node: record.inputs[0],
    start: [first, top, left],
    stop: [last, top + dilation[0] * (kernel[0] - 1) + 1, left + dilation[1] * (kernel[1] - 1) + 1],
    step: [1, dilation[0], dilation[1]],
  };
}

/**
 * Adaptive pooling's window along one direction.
 * @param {number} i
 * @param {number} size
 * @param {number} out
 * @returns {[number, number]}
 */
export const adaptiveRange = (i, size, out) => [Math.floor((i * size) / out), Math.ceil(((i + 1) * size) / out)];

/** All cells of a window, row by row. @param {Window} window @returns {number[][]} */
export function cellsOf({ start, stop, step }) {
  const cells = [];
  for (let c = start[0]; c < stop[0]; c += step[0]) {
    if (start.length === 1) {
      cells.push([c]);
      continue;
    }
    for (let y = start[1]; y < stop[1]; y += step[1]) for (let x = start[2]; x < stop[2]; x += step[2]) cells.push([c, y, x]);
  }
  return cells;
}

/** A window on exactly one cell. @param {string} node @param {number[]} index @returns {Window} */
export const single = (node, index) => ({ node, start: index, stop: index.map((i) => i + 1), step: index.map(() => 1) });
