/** Smooth signals and responses, and the strips that stand for the integral of their convolution. */
/** @import { Values } from './types.js' */

export const END = 8; // the axis goes from 0 to there
/** Of a strip, as choices; the finest are as many as the engine's longest kernel has numbers. */
export const WIDTHS = ['1', '0.5', '0.25', '0.125'];

/** Heating, speaking, learning: what comes in at time τ. @type {Record<string, (time: number) => number>} */
export const SIGNALS = {
  pulses: (time) =>
    [
      [0.5, 4],
      [1.5, 3],
      [2.25, 3],
      [4.5, 4],
    ].reduce((sum, [start, height]) => sum + (time >= start && time < start + 0.25 ? height : 0), 0),
  box: (time) => (time >= 1 && time < 3 ? 1 : 0),
  ramp: (time) => (time >= 1 && time < 4 ? (time - 1) / 3 : 0),
  wave: (time) => Math.sin((Math.PI * time) / 2) + 0.4 * Math.sin(4 * Math.PI * time),
};

/**
 * What is left of it after so long; nothing answers before it is asked. width: how long it lasts.
 * @type {Record<string, (time: number, width: number) => number>}
 */
export const RESPONSES = {
  decay: (time, width) => (time < 0 ? 0 : Math.exp(-time / width)),
  mean: (time, width) => (time >= 0 && time < width ? 1 / width : 0),
  triangle: (time, width) => (time >= 0 && time < width ? 1 - time / width : 0),
  swing: (time, width) => (time < 0 ? 0 : Math.exp(-time / width) * Math.cos(2 * Math.PI * time)),
};

/** How wide a strip is, and how many there are. @param {Values} values */
export const cutInto = ({ strip }) => ({ step: Number(strip), count: END / Number(strip) });

/** Six significant digits, so that an exported line stays short. @param {number} value */
const rounded = (value) => Number(value.toPrecision(6));

/**
 * f at the middles of the strips, and g there times the strips' width: their sum of products is the integral up to the end of a
 * strip, the better the narrower they are.
 * @param {Values} values
 */
export function strips(values) {
  const { step, count } = cutInto(values);
  const sampled = (/** @type {(time: number) => number} */ of) =>
    Array.from({ length: count }, (_, i) => rounded(of((i + 0.5) * step)));
  const f = sampled(SIGNALS[values.signal]);
  const g = sampled((time) => RESPONSES[values.response](time, values.width));
  return { f, g, kernel: g.map((value) => rounded(value * step)) };
}

/** When output n is: at the end of its strip. @param {number} n @param {Values} values */
export const timeOf = (n, values) => (n + 1) * cutInto(values).step;

/** The convolution with the finest strips, which wider ones are held against. @param {Values} values @returns {number[]} */
export function finest(values) {
  const { f, kernel } = strips({ ...values, strip: WIDTHS[WIDTHS.length - 1] });
  return f.map((_, n) => kernel.slice(0, n + 1).reduce((sum, weight, i) => sum + weight * f[n - i], 0));
}
