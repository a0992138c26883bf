/**
 * A 2-D convolution over channels: which numbers meet at which output, what the stride leaves over, and how far an input
 * reaches.
 */
/** @import { Explanation, Group, Term } from '../types.js' */
/** @import { Values } from './types.js' */
/** @import { Axis } from './windows.js' */
import { shapeOf } from './grids.js';
import { copied, sizes, under } from './windows.js';

/** @typedef {[number, number, number]} At   an output: channel, row, column */

/** @param {Values} values @returns {[Axis, Axis]} of rows and columns */
export function axesOf({ x, k, padding, stride, dilation }) {
  const [, ...size] = shapeOf(x);
  const [, , ...kernel] = shapeOf(k);
  return /** @type {[Axis, Axis]} */ (
    size.map((side, i) => ({ size: side, kernel: kernel[i], stride, before: padding, after: padding, dilation }))
  );
}

/** The API leaves a single channel out. @param {any} output @returns {number[][][]} */
export const planes = (output) => (shapeOf(output).length === 2 ? [output] : output);

/** The kernels' input channels: with groups each kernel reads its own part. @param {Values} values @param {number} out */
export const readBy = ({ x, k, groups }, out) => {
  const [kernels, each] = shapeOf(k);
  const first = Math.floor(out / (kernels / groups)) * each;
  return Array.from({ length: each }, (_, i) => first + i).filter((channel) => channel < x.length);
};

/**
 * weight × value under a kernel at one place of one channel, row by row.
 * @param {Values} values
 * @param {number[][]} kernel
 * @param {number} channel
 * @param {[number, number]} place   row and column of the output
 * @returns {Term[]}
 */
function termsOf(values, kernel, channel, place) {
  const { x, padding_mode: mode, flip } = values;
  const [rows, columns] = axesOf(values);
  return under(rows, place[0]).flatMap((y, ky) =>
    under(columns, place[1]).map((at, kx) => {
      const from = [copied(y, rows.size, mode), copied(at, columns.size, mode)];
      const inside = from.every((cell) => cell >= 0);
      const value = inside ? x[channel][from[0]][from[1]] : 0;
      const weight = flip ? kernel[rows.kernel - 1 - ky][columns.kernel - 1 - kx] : kernel[ky][kx];
      const source = inside ? { node: 'input', index: [channel, ...from] } : null;
      return { label: '', weight, value, product: weight * value, source };
    }),
  );
}

/**
 * The terms of one output, by input channel.
 * @param {Values} values
 * @param {At} at
 * @param {number} result
 * @returns {Explanation}
 */
export function explained(values, [out, ...place], result) {
  /** @type {Term[]} */
  const terms = [];
  /** @type {Group[]} */
  const groups = [];
  readBy(values, out).forEach((channel, i) => {
    const start = terms.length;
    terms.push(...termsOf(values, values.k[out][i], channel, place));
    const sum = terms.slice(start).reduce((total, { product }) => total + product, 0);
    groups.push({ label: String(channel), start, stop: terms.length, sum });
  });
  const bias = values.b[out] ?? 0;
  return { op: 'conv2d', node: 'output', index: [out, ...place], terms, groups, bias, result, extra: {} };
}

/**
 * What windows leave out along an axis: cells skipped by a large stride, and those at the end that are cut off.
 * @param {Axis} axis
 * @returns {(place: number) => '' | 'off' | 'off cut'}
 */
export function leftOut(axis) {
  const { output, cut } = sizes(axis);
  const read = new Set(Array.from({ length: Math.max(0, output) }, (_, at) => under(axis, at)).flat());
  const end = axis.size + axis.after - Math.round(cut);
  return (place) => (place >= end ? 'off cut' : read.has(place) ? '' : 'off');
}

/**
 * The cells under the window of an output, as indices into a padded input channel.
 * @param {Values} values
 * @param {At} at
 * @returns {number[]}
 */
export function windowAt(values, [, row, column]) {
  const [rows, columns] = axesOf(values);
  const wide = columns.size + 2 * columns.before;
  return under(rows, row).flatMap((y) => under(columns, column).map((x) => (y + rows.before) * wide + x + columns.before));
}

/**
 * Where a number stands along an axis: in its own place, and wherever the border copies it. A zero of the border is itself.
 * @param {Axis} axis
 * @param {number} place
 * @param {string} mode
 * @returns {number[]}
 */
function standsAt(axis, place, mode) {
  const own = copied(place, axis.size, mode);
  if (own < 0) return [place];
  return Array.from({ length: axis.before + axis.size + axis.after }, (_, i) => i - axis.before).filter(
    (at) => copied(at, axis.size, mode) === own,
  );
}

/**
 * The outputs along an axis whose windows hold an input coordinate.
 * @param {Axis} axis
 * @param {number} place
 * @returns {number[]}
 */
function holding(axis, place) {
  const count = sizes(axis).output;
  const starts = Array.from({ length: axis.kernel }, (_, k) => (place + axis.before - k * axis.dilation) / axis.stride);
  return starts.filter((at) => Number.isInteger(at) && at >= 0 && at < count);
}

/**
 * A cell of a padded channel: everywhere its number stands, and every output that it reaches from there, as indices into the
 * padded channel and into an output channel.
 * @param {Values} values
 * @param {number} index
 * @returns {{stands: number[], reaches: number[]}}
 */
export function reachOf(values, index) {
  const [rows, columns] = axesOf(values);
  const wide = columns.size + 2 * columns.before;
  const across = sizes(columns).output;
  const mode = values.padding_mode;
  const ys = standsAt(rows, Math.floor(index / wide) - rows.before, mode);
  const xs = standsAt(columns, (index % wide) - columns.before, mode);
  const outputs = (/** @type {Axis} */ axis, /** @type {number[]} */ places) => [
    ...new Set(places.flatMap((place) => holding(axis, place))),
  ];
  const reachedColumns = outputs(columns, xs);
  return {
    stands: ys.flatMap((y) => xs.map((x) => (y + rows.before) * wide + x + columns.before)),
    reaches: outputs(rows, ys).flatMap((row) => reachedColumns.map((column) => row * across + column)),
  };
}
