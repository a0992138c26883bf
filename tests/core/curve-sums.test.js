/** An activation written out gives what is printed behind it, for every curve and many places. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writtenOut } from '../../static/js/core/lab/curve-sums.js';
import { CURVES, NAMES } from '../../static/js/core/lab/curves.js';
import { parse, reads } from '../../static/js/core/numbers.js';

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻·';
const SETTINGS = {
  ...{ negative_slope: 0.13, weight: -0.4, alpha: 1.7, beta: 2.3, min_val: -2.3, max_val: 1.1, lambd: 0.5 },
  ...{ threshold: 0.7, value: -1.2, lower: 0.05, upper: 0.4, b: -0.6, at_zero: 0.5, approximate: 'none' },
};
const { max, min, abs, sin, tanh, log } = Math;

/** What a printed sum comes to. */
function evaluated(text) {
  const number = (power) => [...power].map((each) => '0123456789-.'[RAISED.indexOf(each)]).join('');
  const plain = text
    .replace(/×10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)/g, (_, power) => `e${number(power)}`)
    .replace(
      /e([⁰¹²³⁴⁵⁶⁷⁸⁹⁻·]+)/g,
      (_, power) => `Math.exp(${[...power].map((each) => '0123456789-.'[RAISED.indexOf(each)]).join('')})`,
    )
    .replace(/\|([^|]*)\|/g, 'abs($1)')
    .replaceAll('²', '**2')
    .replaceAll('−', '-')
    .replaceAll('×', '*')
    .replaceAll('÷', '/')
    .replaceAll('ln(', 'log(');
  return Function('max', 'min', 'abs', 'sin', 'tanh', 'log', `return ${plain}`)(max, min, abs, sin, tanh, log);
}

test('what is written out gives what is printed', () => {
  let sums = 0;
  for (const name of NAMES)
    for (const x of [-7.25, -3, -2, -1.04, -0.5, -0.01, 0, 0.03, 0.37, 1, 2.4, 3, 5.5, 12]) {
      const { y, value, slope, derivative } = writtenOut(name, x, SETTINGS);
      for (const [sum, result] of [
        [y, value],
        [slope, derivative],
      ]) {
        if (!sum) continue;
        sums++;
        const found = evaluated(sum);
        assert.ok(
          reads(found, result) || abs(found - parse(result)) < 1e-12,
          `${name}(${x}): ${sum} = ${found}, printed ${result}`,
        );
      }
      assert.ok(abs(parse(value) - CURVES[name].f(x, SETTINGS)) <= 1e-3 * max(1e-6, abs(parse(value))), `${name}(${x})`);
      assert.ok(
        abs(parse(derivative) - CURVES[name].d(x, SETTINGS)) <= 1e-3 * max(1e-6, abs(parse(derivative))),
        `${name}'(${x})`,
      );
    }
  assert.ok(sums > 300, `${sums}`);
});
