/** Sizes and windows of sliding operations along one axis (Dumoulin & Visin 2016): floor((i + p - d (k - 1) - 1) / s) + 1. */

/** @typedef {{size: number, kernel: number, stride: number, before: number, after: number, dilation: number}} Axis */

/**
 * What would come out if the steps came out even, and what does: the part left over at the end is cut off.
 * @param {Axis} axis
 */
export function sizes({ size, kernel, stride, before, after, dilation }) {
  const exact = (size + before + after - dilation * (kernel - 1) - 1) / stride + 1;
  const output = Math.floor(exact);
  return { exact, output, cut: (exact - output) * stride };
}

/**
 * The input cells under the kernel for one output; they may lie in the padding.
 * @param {Axis} axis
 * @param {number} at
 * @returns {number[]}
 */
export const under = ({ kernel, stride, before, dilation }, at) =>
  Array.from({ length: kernel }, (_, k) => at * stride - before + k * dilation);

/**
 * Which cell of the grid an outer cell copies, by torch's padding modes and image processing's "symmetric"; -1: zero.
 * @param {number} at
 * @param {number} size
 * @param {string} mode
 */
export function copied(at, size, mode) {
  if (at >= 0 && at < size) return at;
  if (mode === 'replicate') return at < 0 ? 0 : size - 1;
  if (mode === 'circular') return ((at % size) + size) % size;
  if (mode === 'reflect') return folded(at, 2 * size - 2, size);
  return mode === 'symmetric' ? folded(at, 2 * size, size) : -1;
}

/**
 * Reflection of period 2 n - 2 leaves the edge out, of period 2 n repeats it.
 * @param {number} at
 * @param {number} period
 * @param {number} size
 */
function folded(at, period, size) {
  const place = ((at % period) + period) % period;
  return place < size ? place : period - place - (period === 2 * size ? 1 : 0);
}
