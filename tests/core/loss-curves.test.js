/** Losses as curves: their slopes, the walk downhill, and lines that give what they print. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareWritten } from '../../static/js/core/lab/losses.js';
import { FAMILIES, placeAt, probabilityOf, SHAPES, stepWritten, walk } from '../../static/js/core/lab/loss-curves.js';
import { parse, reads } from '../../static/js/core/numbers.js';

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const plain = (text) =>
  text
    .replace(
      /×10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g,
      (_, sign, power) => `e${sign && '-'}${[...power].map((each) => RAISED.indexOf(each)).join('')}`,
    )
    .replaceAll('−', '-')
    .replaceAll('×', '*')
    .replaceAll('÷', '/');
const evaluated = (text) => Function(`return ${plain(text)}`)();

test('a slope is what a small step shows', () => {
  for (const { curves, xs } of Object.values(FAMILIES))
    for (const [name, { f, d }] of Object.entries(curves))
      for (const share of [0.03, 0.21, 0.34, 0.47, 0.61, 0.83, 0.97]) {
        const x = xs[0] + share * (xs[1] - xs[0]);
        const quotient = (f(x + 1e-6, 0.7) - f(x - 1e-6, 0.7)) / 2e-6;
        assert.ok(Math.abs(quotient - d(x, 0.7)) < 1e-5 * Math.max(1, Math.abs(quotient)), `${name} at ${x}`);
      }
});

test('steps on a square shrink, steps on a size jump across, too large ones leave', () => {
  const from = { d: 2.5, p: 0.1, logit: -6, limit: 0.5 };
  const squares = walk({ ...from, shape: 'mse_loss', rate: 0.1 });
  assert.ok(squares.slice(1).every((x, i) => Math.abs(x - 0.8 * squares[i]) < 1e-11));
  const sizes = walk({ ...from, shape: 'l1_loss', rate: 0.4 });
  assert.deepEqual(sizes.slice(6, 10), [0.1, -0.3, 0.1, -0.3]);
  const wild = walk({ ...from, shape: 'mse_loss', rate: 1.1 });
  assert.ok(Math.abs(wild[19]) > 10 * Math.abs(wild[0]));
  const learns = walk({ ...from, shape: 'log_z', rate: 1 });
  const stuck = walk({ ...from, shape: 'square_z', rate: 1 });
  assert.ok(learns[19] > 2 && stuck[19] < -5);
  assert.equal(placeAt({ ...from, shape: 'log_p' }, null), 0.1);
  const along = walk({ ...from, shape: 'log_p', rate: 1 });
  assert.ok(along.every((p) => p > 0 && p <= 1) && along[19] === 1);
});

test('a printed step and a printed probability follow from what they print', () => {
  for (const shape of SHAPES)
    for (const d of [2.5, -1.2345678, 0.03]) {
      const { curves, descends, key } = Object.values(FAMILIES).find((family) => shape in family.curves);
      if (!descends) continue;
      walk({ shape, [key]: d, rate: 0.35, limit: 0.6 }).forEach((x, i, all) => {
        if (i === all.length - 1) return;
        const { operands, result } = stepWritten(x, 0.35, curves[shape].d(x, 0.6), all[i + 1]);
        assert.ok(reads(parse(operands[0]) - 0.35 * parse(operands[1]), result), `${shape}: ${operands} -> ${result}`);
      });
    }
  for (const z of [-8, -5.97515258, -0.001, 0, 3.3333, 8]) {
    const [given, told] = probabilityOf(z).text.slice(2).split(') = ');
    assert.ok(reads(1 / (1 + Math.exp(-parse(given))), told), `${z}: ${given} ${told}`);
  }
});

test('a class has the share that its line divides out', () => {
  const rows = [
    [1.2, 4, 0.2],
    [3, 1, -1],
    [0.3, 2.9, 4],
    [0, 0],
    [-30, 2, 1.7, 1],
    [10.123456, 9.87, 9.5, 1, 2, 3, 4],
  ];
  for (const numbers of rows) {
    const exponentials = numbers.map(Math.exp);
    const total = exponentials.reduce((a, b) => a + b, 0);
    const output = exponentials.map((each) => each / total);
    numbers.forEach((_, at) => {
      const { quotient, share, result } = shareWritten({ numbers, exponentials, output }, at);
      for (const text of [quotient, share])
        assert.ok(reads(evaluated(text), result), `${numbers} class ${at}: ${text} = ${result}`);
      assert.ok(Math.abs(parse(result) - output[at]) <= 1e-3 * output[at]);
    });
  }
  const spoilt = shareWritten({ numbers: [123, 789], exponentials: [2.6e53, Infinity], output: [0, NaN] }, 1);
  assert.ok(spoilt.quotient.endsWith('+ ∞)') && spoilt.share === '∞ ÷ ∞' && spoilt.result === 'NaN');
});
