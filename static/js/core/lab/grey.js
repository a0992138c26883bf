/**
 * One brightness from red, green and blue: weighed sums (luma: ITU-R BT.601 and BT.709; the plain average), and the lightness
 * of HSL.
 */

/**
 * Whole-number weights and what they add up to, so that a byte never depends on how a sum of fractions is rounded.
 * @type {Record<string, {weights: number[], whole: number}>}
 */
const WEIGHED = {
  luma: { weights: [299, 587, 114], whole: 1000 },
  luma709: { weights: [2126, 7152, 722], whole: 10000 },
  average: { weights: [1, 1, 1], whole: 3 },
};
export const METHODS = [...Object.keys(WEIGHED), 'lightness'];

/**
 * What each colour counts; null for lightness, which takes the strongest and the weakest.
 * @param {string} method
 * @returns {number[] | null}
 */
export const weightsOf = (method) => WEIGHED[method]?.weights.map((weight) => weight / WEIGHED[method].whole) ?? null;

/** The brightness before it is rounded to a byte. @param {string} method @param {number[]} rgb @returns {number} */
export function greyOf(method, [r, g, b]) {
  if (method === 'lightness') return (Math.max(r, g, b) + Math.min(r, g, b)) / 2;
  const { weights, whole } = WEIGHED[method];
  return (weights[0] * r + weights[1] * g + weights[2] * b) / whole;
}

/**
 * The same as a byte, halves rounded up.
 * @param {string} method
 * @returns {(r: number, g: number, b: number) => number} of bytes
 */
export function byteBy(method) {
  if (method === 'lightness') return (r, g, b) => (Math.max(r, g, b) + Math.min(r, g, b) + 1) >> 1;
  const {
    weights: [red, green, blue],
    whole,
  } = WEIGHED[method];
  const half = Math.floor(whole / 2);
  return (r, g, b) => Math.floor((red * r + green * g + blue * b + half) / whole);
}
