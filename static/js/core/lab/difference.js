/** Difference quotients: the steps that the player takes, how their arithmetic is printed, and what spoils it. */
import { fixed, parse, reads, significant } from '../numbers.js';

export const LADDER = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001];
export const SCHEMES = ['forward', 'backward', 'central'];
export const LEAST = 1e-16;
export const MOST = 4;

/**
 * Which step is shown first of both ends of the difference: the further place, then the nearer.
 * @type {Record<string, [string, string]>}
 */
export const ENDS = { forward: ['ahead', 'x'], backward: ['x', 'behind'], central: ['ahead', 'behind'] };

/** The player's steps with the chosen one among them, downwards. @param {number} h @returns {number[]} */
export const stepsOf = (h) => [...new Set([...LADDER, h])].sort((a, b) => b - a);

/** The next of 1, 2, 5 and their tens. @param {number} h @param {number} by   steps, downwards where negative */
export function nextStep(h, by) {
  const place = Math.round(3 * Math.log10(h)) + by;
  const tens = Math.floor(place / 3);
  return Math.min(MOST, Math.max(LEAST, Number(`${[1, 2, 5][place - 3 * tens]}e${tens}`)));
}

/** Decimals that show six of the quotient's once it is divided by h. @param {number} h */
const decimalsFor = (h) => Math.min(100, Math.max(0, Math.ceil(-Math.log10(h) - 1e-9)) + 7);

/** Without zeros that say nothing. @param {string} text */
const trimmed = (text) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** A number as the computer holds it, to so many decimals. @param {number} value @param {number} decimals */
const held = (value, decimals) => (Number.isFinite(value) ? trimmed(fixed(value, decimals)) : significant(value));

/**
 * The places, values, their difference and the quotient, printed so that the printed difference over the printed step is the
 * printed quotient.
 * @param {{places: number[], values: number[], h: number, run: number, quotient: number}} made
 */
export function printed({ places, values, h, run, quotient }) {
  /** @param {number} decimals */
  const at = (decimals) => {
    const [upper, lower] = values.map((value) => held(value, decimals));
    return {
      places: places.map((place) => held(place, decimals)),
      values: [upper, lower],
      rise: values.every(Number.isFinite)
        ? riseText(parse(upper) - parse(lower), h, decimals)
        : significant(values[0] - values[1]),
    };
  };
  const least = decimalsFor(h);
  for (const digits of [6, 5, 4, 3, 2, 1]) {
    // a few more decimals of the operands may settle the quotient's last digit
    for (const more of [0, 1, 2, 3]) {
      const text = at(least + more);
      if (!Number.isFinite(quotient) || reads(parse(text.rise) / run, fixed(quotient, digits)))
        return { ...text, run: stepText(run), quotient: held(quotient, digits) };
    }
  }
  return { ...at(least), run: stepText(run), quotient: held(quotient, 1) };
}

/**
 * Of a small step with a power of ten, for nobody counts its zeros.
 * @param {number} rise
 * @param {number} h
 * @param {number} decimals
 */
const riseText = (rise, h, decimals) => (h < 1e-6 ? brief(rise, 9) : held(rise, decimals));

/** 0.0001, and powers of ten where zeros could no longer be counted. @param {number} h */
export const stepText = (h) => (h >= 1e-6 ? trimmed(h.toFixed(12)) : brief(h, 3));

/** Few digits, however small the number is. @param {number} value @param {number=} digits */
export const brief = (value, digits = 2) =>
  significant(value, digits)
    .replace(/(\.\d*?)0+(?=×|$)/, '$1')
    .replace(/\.(?=×|$)/, '');

/**
 * Where a number's digits stop meaning anything in that precision: how many characters of the text are to be believed.
 * @param {string} text
 * @param {string} dtype
 */
export function believed(text, dtype) {
  let digits = dtype === 'float32' ? 7 : 16;
  let at = 0;
  for (let begun = false; at < text.length && digits > 0; at++) {
    if (!/\d/.test(text[at])) continue;
    begun ||= text[at] !== '0';
    if (begun) digits -= 1;
  }
  return at;
}

/**
 * What decides the error: 'lost' (x + h is x), 'none', 'corner', 'truncation', 'rounding' or 'both'. lasting: the errors of
 * three small steps that rounding does not reach.
 * @param {{places: number[], error: number, h: number, best: number, lasting: number[]}} made
 */
export function spoiledBy({ places, error, h, best, lasting }) {
  if (places[0] === places[1]) return 'lost';
  if (error === 0) return 'none';
  if (lasting[0] > 1e-3 && lasting.every((each) => Math.abs(each / lasting[0] - 1) < 0.2 || each > lasting[0])) return 'corner'; // of a smooth function it falls tenfold
  return h > 5 * best ? 'truncation' : h < best / 5 ? 'rounding' : 'both';
}
