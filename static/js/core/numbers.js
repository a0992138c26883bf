/** Printing numbers so that what is printed adds up: a formula's printed operands give its printed result. */

const MINUS = '\u2212';
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const MOST = 12; // decimals tried before giving up; float32 operands are settled well before

/** With so many decimals, a true minus sign, and no "-0". @param {number} value @param {number} decimals */
export function fixed(value, decimals) {
  const printed = value.toFixed(decimals);
  return Number(printed) === 0 ? printed.replace('-', '') : printed.replace('-', MINUS);
}

/** With so many significant digits; powers of ten outside 0.001 .. 999,999. @param {number} value @param {number=} digits */
export function significant(value, digits = 3) {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return String(value).replace('-', MINUS).replace('Infinity', '∞');
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -3 && power < 6) return fixed(value, Math.max(0, digits - 1 - power));
  return `${mantissa.replace('-', MINUS)}×10${raised(power)}`;
}

/** @param {number} power */
const raised = (power) => (power < 0 ? '⁻' : '') + [...String(Math.abs(power))].map((d) => RAISED[Number(d)]).join('');

/** The number that a printed text says. @param {string} text */
export function parse(text) {
  const usual = text.startsWith(MINUS) ? -Number(text.slice(1)) : Number(text); // thousands are read for one card
  if (!Number.isNaN(usual)) return usual;
  const plain = text.trim().replaceAll(MINUS, '-').replaceAll('⁻', '-').replace('×10', 'e');
  return Number([...plain].map((c) => (RAISED.includes(c) ? String(RAISED.indexOf(c)) : c)).join(''));
}

/** Decimals that show so many significant digits of a value. @param {number} value @param {number=} digits */
export function decimalsFor(value, digits = 3) {
  if (value === 0 || !Number.isFinite(value)) return digits - 1;
  return Math.min(MOST, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)) + 1e-12)));
}

/** Half a unit of the last place that a printed text shows. @param {string} text */
export function halfUnit(text) {
  const [mantissa, power] = text.split('×10');
  const decimals = (mantissa.split('.')[1] ?? '').length;
  return 0.5 * 10 ** ((power ? parse(power) : 0) - decimals);
}

/** Whether a value, rounded as the text is, reads as the text. @param {number} value @param {string} text */
export const reads = (value, text) => Math.abs(value - parse(text)) <= halfUnit(text) * (1 - 1e-6);

/**
 * Print operands and result so that evaluating the printed operands, rounded like the result, gives the result.
 * @param {number[]} operands @param {(values: number[]) => number} evaluate @param {number} result
 * @param {{decimals?: number, print?: (value: number, digits: number) => string, printResult?: (value: number, digits: number) => string}=} options
 *   decimals: where the result starts
 * @returns {{operands: string[], result: string, decimals: number, resultDecimals: number}}
 */
export function settle(operands, evaluate, result, options = {}) {
  const { decimals = decimalsFor(result), print = fixed, printResult = print } = options;
  for (let shown = decimals; shown <= MOST; shown++) {
    const last = printResult(result, shown);
    for (let more = shown; more <= Math.min(shown + 4, MOST); more++) {
      const printed = operands.map((value) => print(value, more));
      if (reads(evaluate(printed.map(parse)), last))
        return { operands: printed, result: last, decimals: more, resultDecimals: shown };
    }
  }
  return { operands: operands.map(String), result: String(result), decimals: MOST, resultDecimals: MOST };
}

/** @param {number[]} values */
export const sum = (values) => values.reduce((total, value) => total + value, 0);
