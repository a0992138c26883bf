/**
 * Activation functions and their derivatives, for plots that follow the pointer; the tests hold them against torch. Formulas:
 * torch.nn's documentation.
 */

import { parse, significant } from '../numbers.js';

/** @typedef {Record<string, any>} Settings   alpha, beta, lambd ... by torch's names */
/**
 * @typedef {object} Curve
 * @property {(x: number, s: Settings) => number} f
 * @property {(x: number, s: Settings) => number} d        the derivative; at a corner and a jump what torch's autograd takes
 * @property {string[]=} settings                           which of the settings it has
 * @property {((s: Settings) => number[])=} breaks          where the curve jumps or has a corner
 * @property {((x: number, s: Settings) => [number, number])=} band   between which two values chance may put it in training
 */

const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };
const TANH = { bend: 0.044715, steep: Math.sqrt(2 / Math.PI) };

/** Without overflow at either end. @param {number} x */
const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
/** log(1 + exp(x)). @param {number} x */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
/** @param {number} x @param {number} low @param {number} high */
const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
/** 1 inside, 0 outside and on the ends. @param {number} x @param {number} low @param {number} high */
const inside = (x, low, high) => (x > low && x < high ? 1 : 0);

/**
 * The error function: 2 / sqrt(pi) exp(-x^2) times the sum of 2^n x^(2n+1) / (2n+1)!!, whose terms are all of one sign
 * (Abramowitz & Stegun 7.1.6).
 * @param {number} x
 */
export function erf(x) {
  if (!(Math.abs(x) < 6)) return Number.isNaN(x) ? NaN : Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

const normal = (/** @type {number} */ x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const bent = (/** @type {number} */ x) => Math.tanh(TANH.steep * (x + TANH.bend * x ** 3));

const zero = () => [0];
const ends = (/** @type {Settings} */ s) => [-s.lambd, s.lambd];

/** The slope at inference of one that is drawn in training. @param {Settings} s */
const mean = (s) => (s.lower + s.upper) / 2;

/** Of an exponential that ends in a line. @param {number} x @param {number} alpha @param {number} slow */
const tail = (x, alpha, slow = 1) => (x > 0 ? x : alpha * Math.expm1(x / slow));

/** In the order of teaching. @type {Record<string, Curve>} */
export const CURVES = {
  identity: { f: (x) => x, d: () => 1 },
  step: { f: (x, s) => (x > 0 ? 1 : x === 0 ? s.at_zero : 0), d: () => 0, settings: ['at_zero'], breaks: zero },
  sigmoid: { f: sigmoid, d: (x) => sigmoid(x) * sigmoid(-x) },
  tanh: { f: Math.tanh, d: (x) => 1 - Math.tanh(x) ** 2 },
  relu: { f: (x) => Math.max(x, 0), d: (x) => (x > 0 ? 1 : 0), breaks: zero },
  leaky_relu: {
    f: (x, s) => (x > 0 ? x : s.negative_slope * x),
    d: (x, s) => (x > 0 ? 1 : s.negative_slope),
    settings: ['negative_slope'],
    breaks: zero,
  },
  prelu: { f: (x, s) => (x > 0 ? x : s.weight * x), d: (x, s) => (x > 0 ? 1 : s.weight), settings: ['weight'], breaks: zero },
  relu6: { f: (x) => clamp(x, 0, 6), d: (x) => inside(x, 0, 6), breaks: () => [0, 6] },
  elu: { f: (x, s) => tail(x, s.alpha), d: (x, s) => (x > 0 ? 1 : s.alpha * Math.exp(x)), settings: ['alpha'], breaks: zero },
  selu: {
    f: (x) => SELU.scale * tail(x, SELU.alpha),
    d: (x) => SELU.scale * (x > 0 ? 1 : SELU.alpha * Math.exp(x)),
    breaks: zero,
  },
  celu: {
    f: (x, s) => tail(x, s.alpha, s.alpha),
    d: (x, s) => (x > 0 ? 1 : Math.exp(x / s.alpha)),
    settings: ['alpha'],
    breaks: zero,
  },
  gelu: {
    f: (x, s) => 0.5 * x * (1 + (s.approximate === 'tanh' ? bent(x) : erf(x / Math.SQRT2))),
    d: (x, s) =>
      s.approximate === 'tanh'
        ? 0.5 * (1 + bent(x)) + 0.5 * x * (1 - bent(x) ** 2) * TANH.steep * (1 + 3 * TANH.bend * x * x)
        : 0.5 * (1 + erf(x / Math.SQRT2)) + x * normal(x),
    settings: ['approximate'],
  },
  silu: { f: (x) => x * sigmoid(x), d: (x) => sigmoid(x) * (1 + x * sigmoid(-x)) },
  mish: {
    f: (x) => x * Math.tanh(softplus(x)),
    d: (x) => Math.tanh(softplus(x)) + x * sigmoid(x) * (1 - Math.tanh(softplus(x)) ** 2),
  },
  softplus: {
    f: (x, s) => (s.beta * x > 20 ? x : softplus(s.beta * x) / s.beta),
    d: (x, s) => (s.beta * x > 20 ? 1 : sigmoid(s.beta * x)),
    settings: ['beta'],
  },
  softsign: { f: (x) => x / (1 + Math.abs(x)), d: (x) => 1 / (1 + Math.abs(x)) ** 2 },
  hardtanh: {
    f: (x, s) => clamp(x, s.min_val, s.max_val),
    d: (x, s) => inside(x, s.min_val, s.max_val),
    settings: ['min_val', 'max_val'],
    breaks: (s) => [s.min_val, s.max_val],
  },
  hardsigmoid: { f: (x) => clamp(x + 3, 0, 6) / 6, d: (x) => inside(x, -3, 3) / 6, breaks: () => [-3, 3] },
  hardswish: {
    f: (x) => (x * clamp(x + 3, 0, 6)) / 6,
    d: (x) => (x <= -3 ? 0 : x < 3 ? (2 * x + 3) / 6 : 1),
    breaks: () => [-3, 3],
  },
  logsigmoid: { f: (x) => -softplus(-x), d: (x) => sigmoid(-x) },
  tanhshrink: { f: (x) => x - Math.tanh(x), d: (x) => Math.tanh(x) ** 2 },
  softshrink: {
    f: (x, s) => Math.sign(x) * Math.max(Math.abs(x) - s.lambd, 0),
    d: (x, s) => (Math.abs(x) > s.lambd ? 1 : 0),
    settings: ['lambd'],
    breaks: ends,
  },
  hardshrink: {
    f: (x, s) => (Math.abs(x) > s.lambd ? x : 0),
    d: (x, s) => (Math.abs(x) > s.lambd ? 1 : 0),
    settings: ['lambd'],
    breaks: ends,
  },
  threshold: {
    f: (x, s) => (x > s.threshold ? x : s.value),
    d: (x, s) => (x > s.threshold ? 1 : 0),
    settings: ['threshold', 'value'],
    breaks: (s) => [s.threshold],
  },
  rrelu: {
    f: (x, s) => (x > 0 ? x : mean(s) * x),
    d: (x, s) => (x > 0 ? 1 : mean(s)),
    settings: ['lower', 'upper'],
    breaks: zero,
    band: (x, s) => (x > 0 ? [x, x] : [s.upper * x, s.lower * x]),
  },
  glu: { f: (x, s) => x * sigmoid(s.b), d: (x, s) => sigmoid(s.b), settings: ['b'] },
  sinc: {
    f: (x) => (x === 0 ? 1 : Math.sin(x) / x),
    d: (x) => (Math.abs(x) < 1e-4 ? -x / 3 : (Math.cos(x) - Math.sin(x) / x) / x), // the difference would lose its digits
  },
};

export const NAMES = Object.keys(CURVES); // addresses count by this order: new ones come last
const AFTER = { rrelu: 'prelu', glu: 'silu', sinc: 'softsign' };
/** The same in the order of teaching. */
export const TAUGHT = NAMES.filter((name) => !(name in AFTER)).flatMap((name) => [
  name,
  ...Object.entries(AFTER)
    .filter(([, before]) => before === name)
    .map(([later]) => later),
]);

/** The settings that a curve has, out of all. @param {string} name @param {Settings} all @returns {Settings} */
export const settingsOf = (name, all) => Object.fromEntries((CURVES[name].settings ?? []).map((key) => [key, all[key]]));

/**
 * Closely enough to look smooth: [x, y] for every stretch between the places where a curve breaks.
 * @param {(x: number) => number} f
 * @param {[number, number]} range
 * @param {number[]} breaks
 * @param {number=} count
 * @returns {[number, number][][]}
 */
export function sampledOf(f, [low, high], breaks, count = 240) {
  const cuts = [low, ...breaks.filter((x) => x > low && x < high), high];
  const hair = (high - low) * 1e-9;
  return cuts.slice(1).map((end, i) => {
    const from = cuts[i] + (i ? hair : 0);
    const to = end - (i < cuts.length - 2 ? hair : 0);
    const n = Math.max(2, Math.ceil((count * (to - from)) / (high - low)));
    return Array.from({ length: n + 1 }, (_, k) => {
      const x = from + ((to - from) * k) / n;
      return [x, f(x)];
    });
  });
}

/**
 * A line for every piece of an activation.
 * @param {string} name
 * @param {'f' | 'd'} which
 * @param {Settings} s
 * @param {number} low
 * @param {number} high
 * @param {number=} count
 */
export function sampled(name, which, s, low, high, count = 240) {
  const { breaks, [which]: curve } = CURVES[name];
  return sampledOf((x) => curve(x, s), [low, high], breaks?.(s) ?? [], count);
}

/** As a board has it: four significant digits, without zeros that say nothing. @param {number} value @param {number=} digits */
export function plainly(value, digits = 4) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  if (Math.abs(value) < 1e-12) return '0';
  const text = significant(value, digits);
  return !text.includes('.') || Number(value.toPrecision(10)) !== parse(text) ? text : text.replace(/\.?0+(?=×|$)/, '');
}

export const FLAT = 0.05; // slopes below this count as saturated

/**
 * Where nothing (dead) or hardly anything (saturated) of a gradient gets through.
 * @param {string} name
 * @param {Settings} s
 * @param {number} low
 * @param {number} high
 * @returns {{kind: 'dead' | 'saturated', from: number, to: number}[]}
 */
export function zonesOf(name, s, low, high) {
  /** @type {{kind: 'dead' | 'saturated', from: number, to: number}[]} */
  const zones = [];
  for (const line of sampled(name, 'd', s, low, high, 480)) {
    for (let i = 1; i < line.length; i++) {
      const slope = Math.max(Math.abs(line[i - 1][1]), Math.abs(line[i][1]));
      const kind = slope === 0 ? 'dead' : slope < FLAT ? 'saturated' : null;
      const last = zones[zones.length - 1];
      const from = line[i - 1][0];
      const to = line[i][0];
      if (kind && last && last.kind === kind && from - last.to < (high - low) * 1e-6) last.to = to;
      else if (kind) zones.push({ kind, from, to });
    }
  }
  return zones.filter(({ from, to }) => to - from > (high - low) / 100);
}
