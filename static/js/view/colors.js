/**
 * Every scale: one diverging scale, safe for colour-blind eyes, whose zero is the ground; its colours are tokens of the
 * profile.
 */
import { scaleLinear } from 'd3';

/** @typedef {{low: string[], fill: (value: number, bound: number) => string, ink: (value: number, bound: number) => string, table: Uint8ClampedArray, accent: string, ground: string, line: string}} Colours */

const LEVELS = 255; // 127 is zero
const STOPS = ['--negative-strong', '--negative', '--ground', '--positive', '--positive-strong'];

/** The colours of the profile now in force. @returns {Colours} */
export function coloursOf(element = document.documentElement) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const stops = STOPS.map(read);
  const scale = scaleLinear(stops).domain([-1, -0.5, 0, 0.5, 1]).clamp(true);
  const fill = (/** @type {number} */ value, /** @type {number} */ bound) =>
    Number.isFinite(value) ? scale(value / (bound || 1)) : 'transparent';
  return {
    low: stops,
    fill,
    table: tableOf(scale),
    accent: read('--accent'),
    ground: read('--ground'),
    line: read('--line'),
    ink: (value, bound) => (brightness(fill(value, bound)) > 0.42 ? '#000' : '#fff'),
  };
}

/** @param {(v: number) => string} scale */
function tableOf(scale) {
  const table = new Uint8ClampedArray(LEVELS * 4);
  for (let i = 0; i < LEVELS; i++) {
    table.set([...rgb(scale((i - 127) / 127)), 255], 4 * i);
  }
  return table;
}

/** The parts of "rgb(r, g, b)", which is how a d3 scale writes a colour. @param {string} colour @returns {number[]} */
const rgb = (colour) => (colour.match(/\d+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);

/** Perceived lightness, 0 to 1. @param {string} colour */
function brightness(colour) {
  const [r, g, b] = rgb(colour);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

/** The end of a symmetric range. @param {number} low @param {number} high */
export const boundOf = (low, high) => Math.max(Math.abs(low), Math.abs(high)) || 1;

/**
 * Values as pixels, one each; what is not a number stays transparent, and its mark shows through.
 * @param {ArrayLike<number>} data
 * @param {number} bound
 * @param {Colours} colours
 * @param {Uint32Array} pixels   of an image, at least as many
 */
export function paint(data, bound, colours, pixels) {
  const table = new Uint32Array(colours.table.buffer);
  const factor = 127 / (bound || 1);
  for (let i = 0; i < data.length; i++) {
    const level = Math.round(data[i] * factor);
    pixels[i] = level === level ? table[level < -127 ? 0 : level > 127 ? 254 : level + 127] : 0;
  }
}
