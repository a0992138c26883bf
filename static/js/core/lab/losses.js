/** Losses written out in numbers that read: what is printed, computed again, gives what is printed. */
/** @import { Values } from './types.js' */
import { decimalsFor, fixed, parse, settle, significant, sum } from '../numbers.js';
import { plainly } from './curves.js';

/** Without zeros at the end where the number is just this. @param {string} text @param {number} value */
export const bare = (text, value) =>
  text.includes('.') && Math.abs(parse(text) - value) <= 1e-12 * Math.max(1, Math.abs(value))
    ? text.replace(/\.?0+$/, '')
    : text;

/**
 * Operands and result with the fewest digits that read.
 * @param {number[]} operands
 * @param {(values: number[]) => number} evaluate
 * @param {number} result
 * @param {number=} digits
 * @returns {{operands: string[], result: string}}
 */
export function reading(operands, evaluate, result, digits = 4) {
  if (![...operands, result].every(Number.isFinite) || (result !== 0 && Math.abs(result) < 1e-8))
    return { operands: operands.map((value) => plainly(value, 6)), result: plainly(result) };
  const told = settle(operands, evaluate, result, { decimals: decimalsFor(result, digits), print: fixed });
  return { operands: told.operands.map((text, i) => bare(text, operands[i])), result: bare(told.result, result) };
}

const minus = (/** @type {string} */ text) => (text.startsWith('−') ? `(${text})` : text);

/** −w ln p, where p is what the target says. @param {number} weight @param {number} p @param {number} part */
function logarithm(weight, p, part) {
  const {
    operands: [q],
    result,
  } = reading([p], ([value]) => -weight * Math.log(value), part);
  return { text: `−${weight === 1 ? '' : `${plainly(weight, 6)} × `}ln ${q}`, result };
}

/**
 * One element's part of the loss. loss: torch's name; x: the prediction, p: the same as a probability, t: its target.
 * @param {string} loss
 * @param {{x: number, p: number, t: number, part: number, limit: number}} element
 * @returns {string}
 */
export function partWritten(loss, { x, p, t, part, limit }) {
  if (loss === 'cross_entropy') {
    if (t === 0) return '−t ln p = 0';
    const { text, result } = logarithm(t, p, part);
    return `−t ln p = ${text} = ${result}`;
  }
  if (loss === 'binary_cross_entropy') {
    if (t === 0 || t === 1) {
      const { text, result } = logarithm(1, t ? p : 1 - p, part);
      return `${t ? '−ln p' : '−ln(1 − p)'} = ${text} = ${result}`;
    }
    const {
      operands: [a, b],
      result,
    } = reading([p, 1 - p], ([yes, no]) => -t * Math.log(yes) - (1 - t) * Math.log(no), part);
    return `−t ln p − (1 − t) ln(1 − p) = −${plainly(t, 6)} × ln ${a} − ${plainly(1 - t, 6)} × ln ${b} = ${result}`;
  }
  const distance = Math.abs(x - t);
  const inside = loss === 'huber_loss' ? distance <= limit : distance < limit;
  const c = plainly(limit);
  if (loss === 'mse_loss') {
    const {
      operands: [a, b],
      result,
    } = reading([x, t], ([u, v]) => (u - v) ** 2, part);
    return `(y − t)² = (${a} − ${minus(b)})² = ${result}`;
  }
  if (loss === 'l1_loss') {
    const {
      operands: [a, b],
      result,
    } = reading([x, t], ([u, v]) => Math.abs(u - v), part);
    return `|y − t| = |${a} − ${minus(b)}| = ${result}`;
  }
  const smooth = loss === 'smooth_l1_loss';
  const rule = (/** @type {number} */ d) =>
    smooth ? (inside ? (d * d) / (2 * limit) : d - limit / 2) : inside ? (d * d) / 2 : limit * (d - limit / 2);
  const {
    operands: [d],
    result,
  } = reading([distance], ([value]) => rule(value), part);
  const name = smooth ? 'β' : 'δ';
  const sign = inside ? (smooth ? '<' : '≤') : smooth ? '≥' : '>';
  const sum = smooth ? (inside ? `${d}² ÷ (2 × ${c})` : `${d} − ${c} ÷ 2`) : inside ? `${d}² ÷ 2` : `${c} × (${d} − ${c} ÷ 2)`;
  return `|y − t| = ${d} ${sign} ${name}: ${sum} = ${result}`;
}

/**
 * The parts and what they come to. divisor: how many share a mean, 1 for a sum.
 * @param {number[]} parts
 * @param {number} divisor
 * @param {number} result
 * @param {number} digits
 */
export function totalWritten(parts, divisor, result, digits) {
  const told = reading(parts, (values) => sum(values) / divisor, result, digits);
  return { parts: told.operands, result: told.result };
}

/**
 * What a rule that cannot be evaluated leaves: the number alone.
 * @param {number[]} operands
 * @param {(values: number[]) => number} evaluate
 * @param {number} gradient
 */
const follows = (operands, evaluate, gradient) =>
  [...operands, gradient].every(Number.isFinite) &&
  Math.abs(evaluate(operands) - gradient) <= 1e-9 * Math.max(1, Math.abs(gradient));

/**
 * The gradient by one element: its rule, its rule in numbers, the result. loss: torch's name; logits: the input is not yet a
 * probability.
 * @param {string} loss
 * @param {{logits: boolean, x: number, p: number, t: number, limit: number, share: number, gradient: number, digits: number}} element
 *     share: how many elements share a mean, 1 for a sum
 */
export function gradientWritten(loss, { logits, x, p, t, limit, share, gradient, digits }) {
  const over = share > 1 ? ` ÷ ${share}` : '';
  const d = x - t;
  const linear = Math.abs(d) > limit || (loss === 'smooth_l1_loss' && Math.abs(d) === limit);
  /** @type {[string, number[], (values: number[]) => number, (texts: string[]) => string]} rule, operands, value, numbers */
  const [rule, operands, evaluate, numbers] = (() => {
    if (loss === 'cross_entropy' && !logits)
      return t > 0 ? ['−t ÷ p', [t, p], ([a, b]) => -a / b, ([a, b]) => `−${a} ÷ ${b}`] : ['−t ÷ p', [], () => 0, () => '0'];
    if (loss.endsWith('entropy') && logits)
      return [
        over ? `(p − t)${over}` : 'p − t',
        [p, t],
        ([a, b]) => (a - b) / share,
        ([a, b]) => (over ? `(${a} − ${b})${over}` : `${a} − ${b}`),
      ];
    if (loss === 'binary_cross_entropy')
      return [
        `(p − t) ÷ (p (1 − p))${over}`,
        [p, t],
        ([a, b]) => (a - b) / (a * (1 - a)) / share,
        ([a, b]) => `(${a} − ${b}) ÷ (${a} × (1 − ${a}))${over}`,
      ];
    if (loss === 'mse_loss')
      return [`2 (y − t)${over}`, [x, t], ([a, b]) => (2 * (a - b)) / share, ([a, b]) => `2 × (${a} − ${minus(b)})${over}`];
    const [steep, slope] = loss === 'huber_loss' ? [limit, limit === 1 ? '' : 'δ '] : [1, ''];
    const inner = loss === 'smooth_l1_loss' ? limit : 1;
    if (loss === 'l1_loss' || linear)
      return [
        `${slope}sign(y − t)${over}`,
        [d],
        ([a]) => (steep * Math.sign(a)) / share,
        ([a]) => `${steep === 1 ? '' : `${plainly(steep)} × `}sign(${a})${over}`,
      ];
    return [
      `(y − t)${inner === 1 ? '' : ' ÷ β'}${over}`,
      [x, t],
      ([a, b]) => (a - b) / inner / share,
      ([a, b]) => `(${a} − ${minus(b)})${inner === 1 ? '' : ` ÷ ${plainly(inner)}`}${over}`,
    ];
  })();
  if (!follows(operands, evaluate, gradient)) return { rule, text: '', result: plainly(gradient) };
  const told = reading(operands, evaluate, gradient, digits);
  return { rule, text: numbers(told.operands), result: told.result };
}

/**
 * The slope of (1 − σ(z))² by z: what a squared error gets back through a sigmoid. p: σ(z).
 * @param {number} p
 * @param {number} gradient
 * @param {number} digits
 */
export function saturatedWritten(p, gradient, digits) {
  const {
    operands: [q],
    result,
  } = reading([p], ([value]) => -2 * (1 - value) ** 2 * value, gradient, digits);
  return { rule: '−2 (1 − p) · p (1 − p)', text: `−2 × (1 − ${q})² × ${q}`, result };
}

/**
 * (L(x + h) − L(x − h)) ÷ 2h in numbers; null where the loss is not defined on both sides.
 * @param {number} above
 * @param {number} below
 * @param {number} step   h
 * @param {number} quotient
 * @param {number} digits
 */
export function quotientWritten(above, below, step, quotient, digits) {
  if (![above, below, quotient].every(Number.isFinite)) return null;
  const {
    operands: [a, b],
    result,
  } = reading([above, below], ([up, down]) => (up - down) / (2 * step), quotient, digits);
  return { text: `(${a} − ${minus(b)}) ÷ ${2 * step}`, result };
}

/** Whether a probability is what is judged. */
export const entropy = (/** @type {Values} */ { loss }) => loss.endsWith('entropy');
/** Whether the numbers are probabilities already. @param {Values} values */
export const probable = (values) => entropy(values) && values.given === 'probabilities';

/**
 * With a target for every number; without any, the first class is right.
 * @param {Values} values
 * @returns {Values}
 */
export function fitted(values) {
  const chosen = values.t.some(Boolean) || values.loss === 'binary_cross_entropy';
  if (chosen && values.t.length === values.z.length) return values;
  const t = values.z.map((/** @type {number} */ _, /** @type {number} */ i) => values.t[i] ?? 0);
  return {
    ...values,
    t:
      t.some(Boolean) || values.loss === 'binary_cross_entropy'
        ? t
        : t.map((/** @type {number} */ _, /** @type {number} */ i) => Number(i === 0)),
  };
}

/** The one class that is right, -1 where several share. @param {number[]} t */
const onlyOne = (t) => (t.filter((v) => v !== 0).length === 1 && t.includes(1) ? t.indexOf(1) : -1);

/** What the engine is asked for the chosen loss. @param {Values} values */
export function lossAsked(values) {
  const { loss, z, t, given, reduction, limit, smoothing } = values;
  const one = onlyOne(t);
  if (loss === 'cross_entropy')
    return {
      op: loss,
      body: {
        input: z,
        target: one >= 0 ? one : t,
        given,
        ...(given === 'logits' ? { label_smoothing: smoothing } : {}),
        include: ['difference'],
        steps: false,
      },
    };
  const more = loss === 'smooth_l1_loss' ? { beta: limit } : loss === 'huber_loss' ? { delta: limit } : {};
  return {
    op: loss === 'binary_cross_entropy' && given === 'logits' ? 'binary_cross_entropy_with_logits' : loss,
    body: { input: z, target: t, reduction, ...more, include: ['difference'], steps: false },
  };
}

const LISTED = 6; // exponentials that a line has room for

/**
 * One class's share, e^z ÷ Σ e^z: as powers, in numbers, with the sum worked out. ∞ and NaN stand as what they are.
 * @param {{numbers: number[], exponentials: number[], output: number[]}} form
 * @param {number} at   the class
 */
export function shareWritten({ numbers, exponentials, output }, at) {
  const power = (/** @type {number} */ value) => `e${raised(plainly(value, 6))}`;
  const many = numbers.length > LISTED;
  const powers = `${power(numbers[at])} ÷ ${many ? 'Σ' : `(${numbers.map(power).join(' + ')})`}`;
  const share = (/** @type {number[]} */ values) => values[at] / sum(values);
  const finite = [...exponentials, output[at]].every(Number.isFinite) && output[at] !== 0;
  const { operands, result } = finite
    ? settle(exponentials, share, output[at], { decimals: 4, print: significant })
    : { operands: exponentials.map((value) => plainly(value)), result: plainly(output[at]) };
  const total = totalShown(operands, exponentials, result);
  const own = trimmed(operands[at]);
  return {
    powers,
    quotient: many ? `${own} ÷ ${total}` : `${own} ÷ (${operands.map(trimmed).join(' + ')})`,
    share: `${own} ÷ ${total}`,
    result: finite ? bare(result, output[at]) : result,
  };

  /** The sum of what is printed, with the digits that leave the share as it is. @param {string[]} texts @param {number[]} values @param {string} end */
  function totalShown(texts, values, end) {
    const exact = sum(finite ? texts.map(parse) : values);
    if (!Number.isFinite(exact)) return plainly(exact);
    for (let digits = 4; digits <= 12; digits++) {
      const text = significant(exact, digits);
      if (!finite || significant(parse(texts[at]) / parse(text), 4) === end || digits === 12) return trimmed(text);
    }
    return plainly(exact);
  }
}

/** Without zeros at the end that say nothing. @param {string} text */
const trimmed = (text) => (text.includes('.') ? text.replace(/\.?0+(?=×|$)/, '') : text);

/** As an exponent. @param {string} text */
export const raised = (text) => [...text].map((letter) => '⁰¹²³⁴⁵⁶⁷⁸⁹⁻·∞'['0123456789−.∞'.indexOf(letter)] ?? letter).join('');

/** As an index. @param {number} index */
export const subscript = (index) => [...String(index)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('');

/**
 * What a cross-entropy holds beside the entropy of its target: L − H(t) = KL(t ‖ p). null where the target is one class, or no
 * distribution.
 * @param {number[]} weights   of the classes in the target
 * @param {number} loss
 * @param {number} digits
 */
export function divergenceWritten(weights, loss, digits) {
  const soft = weights.some((t) => t > 0 && t < 1) && Math.abs(sum(weights) - 1) < 1e-9;
  if (!soft || !Number.isFinite(loss)) return null;
  const entropy = -sum(weights.map((t) => (t > 0 ? t * Math.log(t) : 0)));
  const { operands, result } = reading([loss, entropy], ([l, h]) => l - h, loss - entropy, digits);
  return { entropy: operands[1], text: `${operands[0]} − ${operands[1]}`, result };
}
