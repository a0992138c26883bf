/** Smooth signals and responses, and the strips that stand for the integral of their convolution. */

export const END = 8;
export const STRIPS = 64;
export const STEP = END / STRIPS; // the axis from 0 to 8, in strips of 1/8

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

/** Six significant digits, so that an exported line stays short. @param {number} value */
const rounded = (value) => Number(value.toPrecision(6));

/** In the middle of each strip. @param {(time: number) => number} of */
const sampled = (of) => Array.from({ length: STRIPS }, (_, i) => rounded(of((i + 0.5) * STEP)));

/**
 * f at the middles of the strips, and g there times the strips' width: their sum of products is the integral up to the end of a
 * strip.
 * @param {Record<string, any>} values
 */
export function strips({ signal, response, width }) {
  const f = sampled(SIGNALS[signal]);
  const g = sampled((time) => RESPONSES[response](time, width));
  return { f, g, kernel: g.map((value) => rounded(value * STEP)) };
}

/** When output n is: at the end of its strip. @param {number} n */
export const timeOf = (n) => (n + 1) * STEP;
