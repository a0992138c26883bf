/** Colours for cells that belong together: as different as can be told, pale enough (or dark enough) for their numbers. */
import { short } from '../../core/lab/grids.js';

const TURN = 137.508; // degrees: hues of neighbours lie far apart

/** @param {number} index @param {string} ground   the page's ground, "#ffffff" @returns {[number, number, number]} */
export function groupColour(index, ground) {
  const dark = Number.parseInt(ground.slice(1, 3), 16) < 128;
  const hue = (205 + index * TURN) % 360;
  const ring = Math.floor(index / 8) % 2;
  return rgbOf(hue, dark ? 0.45 : 0.72, dark ? 0.22 + 0.07 * ring : 0.85 - 0.08 * ring);
}

/**
 * @param {number} hue   degrees
 * @param {number} saturation
 * @param {number} lightness
 * @returns {[number, number, number]} 0 to 255
 */
function rgbOf(hue, saturation, lightness) {
  const part = (/** @type {number} */ n) => {
    const k = (n + hue / 30) % 12;
    const reach = saturation * Math.min(lightness, 1 - lightness);
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [part(0), part(8), part(4)];
}

/** Two decimals, for a cell; the line under the figure has more. @param {number} value */
export const brief = (value) =>
  Math.abs(value) < 100 && Number.isFinite(value) ? String(Number(value.toFixed(2))).replace('-', '−') : short(value);

/** In full where that is short, else three digits. @param {number} value */
export const written = (value) => {
  const full = String(Number(value.toPrecision(12)));
  return full.length <= 6 ? full.replace('-', '−') : short(value);
};
