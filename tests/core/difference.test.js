/**
 * Difference quotients: what is printed adds up at every step, polynomials are written as on a board, and what spoils a
 * quotient is told.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  believed,
  brief,
  LADDER,
  LEAST,
  MOST,
  nextStep,
  printed,
  spoiledBy,
  stepsOf,
  stepText,
} from '../../static/js/core/lab/difference.js';
import {
  derivedOf,
  filledRows,
  polynomialAt,
  texPolynomial,
  texRows,
  valueOfRows,
  writtenPolynomial,
  writtenRows,
} from '../../static/js/core/lab/polynomial.js';
import { parse, reads } from '../../static/js/core/numbers.js';

const COURSE = [
  [1, 2, 0, 0],
  [3, 1, 1, 0],
  [1, 0, 2, 0],
  [1, 0, 0, 3],
];
const XYZ = ['x', 'y', 'z'];

test("the course's quotient is written out as it is on the board", () => {
  const h = 0.0001;
  const values = [(1 + h) ** 2 + 1, 2];
  const text = printed({ places: [1 + h, 1], values, h, run: h, quotient: (values[0] - values[1]) / h });
  assert.deepEqual(text, {
    places: ['1.0001', '1'],
    values: ['2.00020001', '2'],
    rise: '0.00020001',
    run: '0.0001',
    quotient: '2.0001',
  });
});

test('the printed difference over the printed step is the printed quotient, for every step, precision and function', () => {
  const functions = [
    Math.tanh,
    Math.exp,
    Math.sin,
    (/** @type {number} */ x) => x ** 3 - 7 * x,
    (/** @type {number} */ x) => 1000 * x,
    Math.abs,
  ];
  for (const round of [(/** @type {number} */ x) => x, Math.fround]) {
    for (const f of functions) {
      for (const at of [-3.3, -1, 0, 0.7, 2]) {
        for (let power = 0; power <= 16; power++) {
          for (const h of [10 ** -power, 5 * 10 ** -power, 10 ** -power / 3].map(round)) {
            const places = [round(at + h), round(at)];
            const values = places.map((x) => round(f(x)));
            const run = h;
            const quotient = round(round(values[0] - values[1]) / h);
            const text = printed({ places, values, h, run, quotient });
            const [upper, lower] = text.values.map(parse);
            assert.ok(
              Math.abs(upper - lower - parse(text.rise)) <=
                2e-16 * (Math.abs(upper) + Math.abs(lower)) + 1e-8 * Math.abs(upper - lower),
              `${text.values.join(' - ')} = ${text.rise}`,
            );
            assert.ok(
              reads(parse(text.rise) / run, text.quotient) ||
                Math.abs(parse(text.rise) / run - parse(text.quotient)) <= 0.05 * 1.000001,
              `${text.rise} / ${run} = ${text.quotient}`,
            );
          }
        }
      }
    }
  }
});

test('infinities and what is no number are printed as such', () => {
  const text = printed({ places: [1.5, 1], values: [Infinity, 1], h: 0.5, run: 0.5, quotient: Infinity });
  assert.deepEqual([text.values[0], text.rise, text.quotient], ['∞', '∞', '∞']);
  assert.equal(printed({ places: [NaN, NaN], values: [NaN, NaN], h: 0.5, run: 0.5, quotient: NaN }).quotient, 'NaN');
});

test('digits beyond the precision are told from those that it holds', () => {
  assert.equal('2.0002000331878662'.slice(0, believed('2.0002000331878662', 'float32')), '2.000200');
  assert.equal('0.76159415595576485103'.slice(0, believed('0.76159415595576485103', 'float64')), '0.7615941559557648');
  assert.equal(believed('2.0001', 'float64'), 6);
});

test('steps go down by 1, 2, 5 and stay in their range; the chosen one is among them', () => {
  assert.deepEqual(
    [1, 0.5, 0.2, 0.1, 1e-7].map((h) => nextStep(h, -1)),
    [0.5, 0.2, 0.1, 0.05, 5e-8],
  );
  assert.deepEqual(
    [0.3, 0.0001, LEAST, MOST].map((h) => nextStep(h, h === LEAST ? -1 : h === MOST ? 1 : 0)),
    [0.2, 0.0001, LEAST, MOST],
  );
  assert.deepEqual(stepsOf(0.1), LADDER);
  assert.deepEqual(stepsOf(1e-9), [...LADDER, 1e-9]);
  assert.equal(LADDER[LADDER.length - 1], 0.0001);
  assert.deepEqual([0.0001, 0.25, 1e-7, 2.5e-15].map(stepText), ['0.0001', '0.25', '1×10⁻⁷', '2.5×10⁻¹⁵']);
  assert.deepEqual(
    [0.0001, 1e-15, 0.14, 20, 0].map((value) => brief(value)),
    ['1×10⁻⁴', '1×10⁻¹⁵', '0.14', '20', '0'],
  );
});

test('what spoils a quotient', () => {
  const smooth = [1e-3, 1e-4, 1e-5];
  const best = 1.5e-8;
  const places = [1.1, 1];
  assert.equal(spoiledBy({ places, error: 0.1, h: 0.1, best, lasting: smooth }), 'truncation');
  assert.equal(spoiledBy({ places, error: 1e-3, h: 1e-13, best, lasting: smooth }), 'rounding');
  assert.equal(spoiledBy({ places, error: 1e-8, h: 2e-8, best, lasting: smooth }), 'both');
  assert.equal(spoiledBy({ places: [1, 1], error: 2, h: 1e-16, best, lasting: smooth }), 'lost');
  assert.equal(spoiledBy({ places, error: 0, h: 0.1, best, lasting: [0, 0, 0] }), 'none');
  assert.equal(spoiledBy({ places, error: 0.5, h: 0.1, best, lasting: [0.5, 0.5, 0.5] }), 'corner');
  assert.equal(spoiledBy({ places, error: 10, h: 0.1, best, lasting: [1e3, 1e4, 1e5] }), 'corner'); // a jump
});

test('polynomials are written as on a board', () => {
  assert.equal(writtenPolynomial([1, 0, 1]), 'x² + 1');
  assert.equal(writtenPolynomial([-1, 2.5, 0, -3]), '−x³ + 2.5x² − 3');
  assert.equal(writtenPolynomial([0]), '0');
  assert.equal(texPolynomial([2, -1, 0]), '2x^{2} - x');
  assert.equal(writtenRows(COURSE, XYZ), 'x² + 3xy + y² + z³');
  assert.equal(texRows(COURSE, XYZ), 'x^{2} + 3xy + y^{2} + z^{3}');
  assert.equal(
    filledRows(
      [
        [2, 1, 0, 0],
        [3, 0, 1, 0],
      ],
      [1, 2, 3],
    ),
    '2 × 1 + 3 × 2',
  );
  assert.equal(
    filledRows(
      [
        [3, 0, 0, 2],
        [-1, 1, 0, 0],
        [4, 0, 0, 0],
      ],
      [-1, 2, 3],
    ),
    '3 × 3² − (−1) + 4',
  );
});

test('their values and derivatives', () => {
  assert.equal(polynomialAt([1, 0, 1], 3), 10);
  assert.deepEqual(derivedOf([1, 0, 1]), [2, 0]);
  assert.deepEqual(derivedOf([2, -1, 4, 7]), [6, -2, 4]);
  assert.deepEqual(derivedOf([7]), [0]);
  assert.equal(valueOfRows(COURSE, [1, 2, 3]), 38);
  assert.equal(
    valueOfRows(
      [
        [2, 0, 0, 0],
        [-1, 1, 1, 1],
      ],
      [2, 3, 5],
    ),
    -28,
  );
});
