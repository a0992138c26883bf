/** Polynomials: of x as coefficients, the highest power first; of several variables as rows of a coefficient and its powers. */
import { short } from './grids.js';

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** @param {number[]} coefficients @param {number} x */
export const polynomialAt = (coefficients, x) => coefficients.reduce((sum, each) => sum * x + each, 0);

/** Its derivative's coefficients. @param {number[]} coefficients @returns {number[]} */
export const derivedOf = (coefficients) =>
  coefficients.length > 1 ? coefficients.slice(0, -1).map((each, i) => each * (coefficients.length - 1 - i)) : [0];

/** Rows of a coefficient and one power. @param {number[]} coefficients */
const rowsOf = (coefficients) => coefficients.map((each, i) => [each, coefficients.length - 1 - i]);

const plain = (/** @type {number} */ value) => short(Number(value.toPrecision(6)));

/** @param {number[][]} rows @param {number[]} point */
export const valueOfRows = (rows, point) =>
  rows.reduce((sum, [factor, ...powers]) => sum + powers.reduce((product, power, i) => product * point[i] ** power, factor), 0);

/** A sum with its signs between the terms; 0 where nothing is left. @param {{size: number, text: string}[]} terms */
function summed(terms) {
  const kept = terms.filter(({ size }) => size !== 0);
  return kept.map(({ size, text }, i) => `${i ? (size < 0 ? ' − ' : ' + ') : size < 0 ? '−' : ''}${text}`).join('') || '0';
}

/** @param {number[][]} rows @param {string[]} names @param {(name: string, power: number) => string} raise */
const termsOf = (rows, names, raise) =>
  rows.map(([factor, ...powers]) => {
    const letters = powers.map((power, i) => (power === 0 ? '' : power === 1 ? names[i] : raise(names[i], power))).join('');
    return { size: factor, text: Math.abs(factor) === 1 && letters ? letters : `${plain(Math.abs(factor))}${letters}` };
  });

const raised = (/** @type {string} */ name, /** @type {number} */ power) =>
  name + [...String(power)].map((digit) => RAISED[Number(digit)]).join('');

/** x² + 3xy + y² + z³ @param {number[][]} rows @param {string[]} names */
export const writtenRows = (rows, names) => summed(termsOf(rows, names, raised));

/** x² + 1 @param {number[]} coefficients */
export const writtenPolynomial = (coefficients) => writtenRows(rowsOf(coefficients), ['x']);

/** The same for typesetting. @param {number[][]} rows @param {string[]} names */
export const texRows = (rows, names) =>
  summed(termsOf(rows, names, (name, power) => `${name}^{${power}}`)).replaceAll('−', '-');

/** @param {number[]} coefficients */
export const texPolynomial = (coefficients) => texRows(rowsOf(coefficients), ['x']);

/** 2 × 1 + 3 × 2: with numbers in the letters' places. @param {number[][]} rows @param {number[]} point */
export function filledRows(rows, point) {
  const bracket = (/** @type {number} */ value) => (value < 0 ? `(${plain(value)})` : plain(value));
  return summed(
    rows.map(([factor, ...powers]) => {
      const factors = powers.flatMap((power, i) =>
        power === 0 ? [] : [power === 1 ? bracket(point[i]) : raised(bracket(point[i]), power)],
      );
      return {
        size: factor,
        text: (Math.abs(factor) === 1 && factors.length ? factors : [plain(Math.abs(factor)), ...factors]).join(' × '),
      };
    }),
  );
}
