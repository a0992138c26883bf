/**
 * Losses as curves over what they judge: a distance to the target, the probability of the right class, or the logit behind
 * it; and gradient descent along one of them.
 */
/** @import { Values } from './types.js' */
import { settle, significant } from '../numbers.js';
import { plainly } from './curves.js';

/**
 * @typedef {object} LossCurve
 * @property {(x: number, limit: number) => number} f
 * @property {(x: number, limit: number) => number} d    its derivative; at a corner what torch's autograd takes
 * @property {number[]=} breaks                          corners
 *
 * @typedef {object} Family   curves over one axis
 * @property {string} key            of the field that says where the point stands
 * @property {[number, number]} xs
 * @property {[number, number]} ys
 * @property {number} start          where the point stands at first
 * @property {number} least          of the point
 * @property {number} most
 * @property {string} variable
 * @property {boolean} descends      whether every place on the axis may be stepped to
 * @property {Record<string, LossCurve>} curves
 */

const sigmoid = (/** @type {number} */ z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
const softplus = (/** @type {number} */ z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/** @type {Record<string, Family>} */
export const FAMILIES = {
  error: {
    key: 'd',
    xs: [-4, 4],
    ys: [-1.1, 6.4],
    start: 2.5,
    least: -4,
    most: 4,
    variable: 'y − t',
    descends: true,
    curves: {
      mse_loss: { f: (x) => x * x, d: (x) => 2 * x },
      l1_loss: { f: Math.abs, d: Math.sign, breaks: [0] },
      smooth_l1_loss: {
        f: (x, limit) => (Math.abs(x) < limit ? (x * x) / (2 * limit) : Math.abs(x) - limit / 2),
        d: (x, limit) => (Math.abs(x) < limit ? x / limit : Math.sign(x)),
      },
      huber_loss: {
        f: (x, limit) => (Math.abs(x) <= limit ? (x * x) / 2 : limit * (Math.abs(x) - limit / 2)),
        d: (x, limit) => Math.min(limit, Math.max(-limit, x)),
      },
    },
  },
  probability: {
    key: 'p',
    xs: [0, 1],
    ys: [-0.3, 5],
    start: 0.1,
    least: 0.01,
    most: 1,
    variable: 'p',
    descends: false,
    curves: {
      log_p: { f: (p) => -Math.log(p), d: (p) => -1 / p },
      square_p: { f: (p) => (1 - p) ** 2, d: (p) => -2 * (1 - p) },
    },
  },
  logit: {
    key: 'logit',
    xs: [-8, 8],
    ys: [-1.1, 6.4],
    start: -6,
    least: -8,
    most: 8,
    variable: 'z',
    descends: true,
    curves: {
      log_z: { f: (z) => softplus(-z), d: (z) => -sigmoid(-z) },
      square_z: { f: (z) => sigmoid(-z) ** 2, d: (z) => -2 * sigmoid(-z) ** 2 * sigmoid(z) },
    },
  },
};

export const SHAPES = Object.values(FAMILIES).flatMap(({ curves }) => Object.keys(curves));

/** The family that a curve is one of. @param {string} shape @returns {Family} */
export const familyOf = (shape) => Object.values(FAMILIES).find(({ curves }) => shape in curves) ?? FAMILIES.error;

export const STOPS = 20; // of the player: steps of descent, or places along the axis

/**
 * Where the point goes: by gradient descent, or along the axis where a step could leave it.
 * @param {Values} values
 * @returns {number[]} STOPS places; the first is where it stands, or the axis's beginning
 */
export function walk(values) {
  const { shape, rate, limit } = values;
  const { curves, descends, least, most, key } = familyOf(shape);
  if (!descends) return Array.from({ length: STOPS }, (_, i) => Math.max(least, Number(((most * (i + 1)) / STOPS).toFixed(6))));
  const places = [values[key]];
  while (places.length < STOPS) places.push(next(places[places.length - 1], rate, curves[shape].d, limit));
  return places;
}

/**
 * One step downhill, without the dust of binary fractions.
 * @param {number} x
 * @param {number} rate
 * @param {LossCurve['d']} d
 * @param {number} limit
 */
export const next = (x, rate, d, limit) => Number((x - rate * d(x, limit)).toPrecision(12));

/** Where the point stands at a step. @param {Values} values @param {number | null} step */
export const placeAt = (values, step) => (step === null ? values[familyOf(values.shape).key] : walk(values)[step]);

/**
 * What the engine is asked: the loss of every place of the walk, and of the place set, which comes first.
 * @param {Values} values
 */
export function curveAsked(values) {
  const { shape, limit } = values;
  const input = [placeAt(values, null), ...walk(values)];
  const zeros = input.map(() => 0);
  const ones = input.map(() => 1);
  const how = { reduction: 'none', steps: false };
  const more = shape === 'smooth_l1_loss' ? { beta: limit } : shape === 'huber_loss' ? { delta: limit } : {};
  /** @type {Record<string, {op: string, body: Record<string, any>}>} */
  const asked = {
    log_p: { op: 'binary_cross_entropy', body: { input, target: ones, ...how } },
    square_p: { op: 'mse_loss', body: { input, target: ones, ...how } },
    log_z: { op: 'binary_cross_entropy_with_logits', body: { input, target: ones, ...how } },
    square_z: { op: 'mse_loss', body: { input: input.map(sigmoid), target: ones, ...how } },
  };
  return asked[shape] ?? { op: shape, body: { input, target: zeros, ...more, ...how } };
}

/** The probability behind a logit, and both in numbers that read. @param {number} z */
export function probabilityOf(z) {
  const p = sigmoid(z);
  const { operands, result } = settle([z], ([value]) => sigmoid(value), p, { decimals: 4, print: significant });
  return { p, text: `σ(${operands[0].includes('.') ? operands[0].replace(/\.?0+$/, '') : operands[0]}) = ${result}` };
}

/**
 * One step of descent, in numbers that read.
 * @param {number} from
 * @param {number} rate
 * @param {number} slope
 * @param {number} to
 */
export function stepWritten(from, rate, slope, to) {
  if (![from, slope, to].every(Number.isFinite)) return null;
  const exact = [from, slope, to].every((value) => Number(value.toPrecision(5)) === value);
  if (exact) return { operands: [from, slope].map((value) => plainly(value, 5)), result: plainly(to, 5) };
  const { operands, result } = settle([from, slope], ([x, d]) => x - rate * d, to, { decimals: 4, print: significant });
  return { operands, result };
}
