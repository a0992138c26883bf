/**
 * The arithmetic of a difference quotient as the engine has it: both ends, their difference over the step, and what it is
 * compared with.
 */
/** @import { LabScene } from '../../core/lab/types.js' */
import { plainly } from '../../core/lab/curves.js';
import { believed, brief, ENDS, printed, spoiledBy, stepText } from '../../core/lab/difference.js';
import { derivedOf, texPolynomial } from '../../core/lab/polynomial.js';
import { formula } from '../formula.js';
import { h, num } from '../dom.js';
import { FORMULAS } from './curve-formulas.js';
import { functionOf, stepOf } from './difference.js';

const ARGUMENTS = { ahead: 'x + h', x: 'x', behind: 'x − h' };

/** Every number of the step that is shown, out of the engine's answer. @param {LabScene} scene */
export function madeOf({ values, answer, step }) {
  const { at, h: size } = stepOf(values, step);
  const ends = ENDS[values.scheme];
  const one = (/** @type {any} */ list) => (Array.isArray(list) ? list[at] : list);
  return {
    h: size,
    places: ends.map((end) => one(answer.places[end])),
    values: ends.map((end) => one(answer.values[end])),
    run: one(answer.run),
    quotient: one(answer.output),
    derivative: one(answer.derivative),
    error: one(answer.error),
    lasting: lastingOf(answer, values.scheme),
    best: answer.errors[values.dtype].best[values.scheme],
  };
}

/** The errors of steps of about 1e-3, 1e-4 and 1e-5. @param {any} answer @param {string} scheme */
function lastingOf({ errors }, scheme) {
  return [1e-3, 1e-4, 1e-5].map(
    (size) => errors.float64[scheme][errors.h.findIndex((/** @type {number} */ step) => step < size * 1.01)],
  );
}

/**
 * The digits behind those that the precision holds stand on dots.
 * @param {string} text
 * @param {string} role
 * @param {string} dtype
 */
function digits(text, role, dtype) {
  const end = believed(text, dtype);
  return h(
    'span',
    { class: 'num', 'data-role': role },
    text.slice(0, end),
    end < text.length ? h('span', { class: 'beyond' }, text.slice(end)) : null,
  );
}

/** What is below zero and taken off. @param {string} text @param {HTMLElement} shown */
export const bracketed = (text, shown) => (text.startsWith('−') ? ['(', shown, ')'] : [shown]);

/** @param {LabScene} scene */
export function differenceCard(scene) {
  const { say, values } = scene;
  const made = madeOf(scene);
  const text = printed(made);
  const [upper, lower] = ENDS[values.scheme].map((end) => ARGUMENTS[/** @type {'x'} */ (end)]);
  const fraction = (/** @type {any[]} */ top, /** @type {any} */ foot) =>
    h('span', { class: 'fraction' }, h('span', { class: 'over' }, top), h('span', { class: 'under' }, foot));
  const minus = ' − ';
  const equals = h('span', { class: 'sign' }, ' = ');
  const run = values.scheme === 'central' ? '2h' : 'h';
  const long = text.values[0].length > 16;
  const line = h(
    'div',
    { class: 'lab-terms quotient-line' },
    fraction([`f(${upper})${minus}f(${lower})`], run),
    equals.cloneNode(true),
    ...(long ? [] : [fraction([`f(${text.places[0]})${minus}f(${text.places[1]})`], text.run), equals.cloneNode(true)]),
    fraction(
      [
        digits(text.values[0], 'upper', values.dtype),
        minus,
        ...bracketed(text.values[1], digits(text.values[1], 'lower', values.dtype)),
      ],
      num(text.run, 'run'),
    ),
    equals.cloneNode(true),
    fraction([num(text.rise, 'rise')], num(text.run, 'run')),
    equals.cloneNode(true),
    num(text.quotient, 'quotient', { class: 'num result' }),
    h(
      'span',
      { class: 'term' },
      h('span', { class: 'sign' }, ' → '),
      num(plainly(made.derivative, 7), 'derivative', { class: 'num result' }),
    ),
  );
  const why = spoiledBy(made);
  const found = {
    error: brief(made.error),
    h: stepText(made.h),
    dtype: values.dtype,
    best: brief(made.best),
    derivative: plainly(made.derivative),
    order: values.scheme === 'central' ? 'h²' : 'h',
  };
  return [
    ...(long ? [] : [formulas(scene)]),
    line,
    h('p', { 'data-role': 'why', 'data-why': why }, say('error_is', found), say(`why_${why}`, found)),
  ];
}

/** @param {LabScene} scene */
function formulas({ values, say }) {
  const [f, d] =
    values.of === 'polynomial'
      ? [texPolynomial(values.coefficients), texPolynomial(derivedOf(values.coefficients))]
      : FORMULAS[values.curve];
  const { name } = functionOf(values, say);
  return h(
    'div',
    { class: 'curve-formulas' },
    formula(`f(x) = ${f}`, `${name}: f(x)`),
    formula(`f'(x) = ${d}`, `${name}: f'(x)`),
  );
}

/** What the CSV holds: every step with its quotient, and the errors of all. @param {LabScene} scene */
export function differenceNumbers({ values, answer }) {
  if (!answer?.errors) return {};
  const { float64, float32, h: steps } = answer.errors;
  const table = stepOf(values, null).all.map((size, i) => [size, answer.output[i], answer.derivative[i], answer.error[i]]);
  return {
    'h, quotient, derivative, error': table,
    'h, error in float64, error in float32': steps.map((/** @type {number} */ size, /** @type {number} */ i) => [
      size,
      float64[values.scheme][i],
      float32[values.scheme][i],
    ]),
  };
}
