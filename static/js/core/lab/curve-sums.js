/** What an activation makes of one number, written out; read back and computed again, it gives the number that is printed. */
import { parse, settle, significant } from '../numbers.js';
import { CURVES, plainly } from './curves.js';
import { bare, raised } from './losses.js';

/** @typedef {import('./curves.js').Settings} Settings */

const text = (/** @type {number} */ value) => plainly(value, 10);
const inner = (/** @type {number} */ value) => (value < 0 ? `(${text(value)})` : text(value));
/** e to the x. @param {number} x */
const e = (x) => `e${raised(text(x))}`;
const tanh = (/** @type {number} */ x) => `(${e(x)} − ${e(-x)}) ÷ (${e(x)} + ${e(-x)})`;
const sixth = (/** @type {number} */ x) => `min(max(0, ${text(x)} + 3), 6)`;
const sloped = (/** @type {string} */ key) => (/** @type {number} */ x, /** @type {Settings} */ s) =>
  x > 0 ? '' : `${text(s[key])} × ${inner(x)}`;

/** y in elementary steps; '' where there is nothing to compute, such as on a line through zero. @type {Record<string, (x: number, s: Settings) => string>} */
const VALUES = {
  sigmoid: (x) => `1 ÷ (1 + ${e(-x)})`,
  tanh,
  relu: (x) => `max(0, ${text(x)})`,
  leaky_relu: sloped('negative_slope'),
  prelu: sloped('weight'),
  rrelu: (x, s) => (x > 0 ? '' : `(${text(s.lower)} + ${text(s.upper)}) ÷ 2 × ${inner(x)}`),
  relu6: (x) => `min(max(0, ${text(x)}), 6)`,
  elu: (x, s) => (x > 0 ? '' : `${text(s.alpha)} × (${e(x)} − 1)`),
  silu: (x) => `${text(x)} ÷ (1 + ${e(-x)})`,
  mish: (x) => `${text(x)} × tanh(ln(1 + ${e(x)}))`,
  softplus: (x, s) => (s.beta * x > 20 ? '' : `ln(1 + ${e(Number((s.beta * x).toPrecision(9)))}) ÷ ${text(s.beta)}`),
  softsign: (x) => `${text(x)} ÷ (1 + |${text(x)}|)`,
  sinc: (x) => (x === 0 ? '' : `sin(${text(x)}) ÷ ${inner(x)}`),
  hardtanh: (x, s) => `min(max(${text(x)}, ${text(s.min_val)}), ${text(s.max_val)})`,
  hardsigmoid: (x) => `${sixth(x)} ÷ 6`,
  hardswish: (x) => `${text(x)} × ${sixth(x)} ÷ 6`,
  logsigmoid: (x) => `−ln(1 + ${e(-x)})`,
  tanhshrink: (x) => `${text(x)} − tanh(${text(x)})`,
  softshrink: (x, s) => (Math.abs(x) <= s.lambd ? '' : `${text(x)} ${x > 0 ? '−' : '+'} ${text(s.lambd)}`),
  glu: (x, s) => `${text(x)} ÷ (1 + ${e(-s.b)})`,
};

/** The slope in elementary steps. @type {Record<string, (x: number, s: Settings) => string>} */
const SLOPES = {
  elu: (x, s) => (x > 0 ? '' : `${text(s.alpha)} × ${e(x)}`),
  softplus: (x, s) => (s.beta * x > 20 ? '' : `1 ÷ (1 + ${e(Number((-s.beta * x).toPrecision(9)))})`),
  softsign: (x) => `1 ÷ (1 + |${text(x)}|)²`,
  logsigmoid: (x) => `1 ÷ (1 + ${e(x)})`,
  tanhshrink: (x) => `tanh(${text(x)})²`,
  glu: (_, s) => `1 ÷ (1 + ${e(-s.b)})`,
};

/**
 * The slope out of y, as it is known by heart; `far`: without y, which at the ends is 1 in all digits that are printed.
 * @type {Record<string, {of: (y: number) => number, written: (y: string) => string, far: (x: number) => string}>}
 */
const OUT_OF_VALUE = {
  sigmoid: {
    of: (y) => y * (1 - y),
    written: (y) => `${y} × (1 − ${y})`,
    far: (x) => `${e(-x)} ÷ (1 + ${e(-x)})²`,
  },
  tanh: {
    of: (y) => 1 - y * y,
    written: (y) => `1 − ${y.startsWith('−') ? `(${y})` : y}²`,
    far: (x) => `4 ÷ (${e(x)} + ${e(-x)})²`,
  },
};
const LONG = 9; // characters

/**
 * f(x) = ... = y and f'(x) = ... = the slope.
 * @param {string} name
 * @param {number} x
 * @param {Settings} s
 * @returns {{y: string, value: string, slope: string, derivative: string}} y, slope: how they come about, or ''
 */
export function writtenOut(name, x, s) {
  const y = CURVES[name].f(x, s);
  const d = CURVES[name].d(x, s);
  const told = { y: VALUES[name]?.(x, s) ?? '', value: plainly(y), slope: SLOPES[name]?.(x, s) ?? '', derivative: plainly(d) };
  const out = OUT_OF_VALUE[name];
  if (!out) return told;
  const { operands, result } = settle([y], ([value]) => out.of(value), d, { decimals: 4, print: significant });
  const short = bare(operands[0], y);
  if (short.length > LONG || short.startsWith('-')) return { ...told, slope: out.far(x) };
  return { ...told, slope: out.written(short), derivative: parse(result) === d ? plainly(d) : result };
}
