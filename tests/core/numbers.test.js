import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  printedAddends,
  printedContributions,
  printedMean,
  printedNormalisation,
  printedSoftmax,
  printedSum,
} from '../../static/js/core/arithmetic.js';
import { decimalsFor, fixed, halfUnit, parse, reads, significant } from '../../static/js/core/numbers.js';

/** A small seeded source of numbers. */
function source(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.fround((state / 4294967296 - 0.5) * 4);
  };
}

test('a printed number is read back as itself', () => {
  for (const value of [0, -1.5, 0.000123, 123456, -7e-12, 3.14159e9]) {
    const text = significant(value, 4);
    assert.ok(Math.abs(parse(text) - value) <= halfUnit(text) * 1.0001, text);
  }
  assert.equal(fixed(-0.0001, 3), '0.000');
  assert.equal(fixed(-1.25, 2), '−1.25');
  assert.equal(significant(2.13e-6), '2.13×10⁻⁶');
  assert.equal(decimalsFor(0.0123), 4);
});

function sumExplanation(next, channels, size) {
  const terms = Array.from({ length: channels * size }, () => {
    const weight = next() / 8;
    const value = Math.max(0, next());
    return { label: '', weight, value, product: weight * value, source: null };
  });
  const groups = Array.from({ length: channels }, (_, c) => ({
    label: `channel ${c}`,
    start: c * size,
    stop: (c + 1) * size,
    sum: terms.slice(c * size, (c + 1) * size).reduce((total, term) => total + term.product, 0),
  }));
  const bias = next() / 10;
  const result = groups.reduce((total, group) => total + group.sum, bias);
  return { op: 'conv2d', node: 'n', index: [0, 0, 0], terms, groups, bias, result, extra: {} };
}

test('on a card of a sum every product, every channel and the result read as their printed operands give', () => {
  const next = source(1);
  for (let round = 0; round < 400; round++) {
    const explanation = sumExplanation(next, 1 + (round % 10), 9);
    const card = printedSum(explanation, Math.fround(explanation.result));
    for (const group of card.groups) {
      for (const term of group.terms) assert.ok(reads(parse(term.weight) * parse(term.value), term.product));
      assert.ok(
        reads(
          group.terms.reduce((total, term) => total + parse(term.product), 0),
          group.sum,
        ),
      );
    }
    assert.ok(
      reads(
        card.groups.reduce((total, group) => total + parse(group.sum), parse(card.bias)),
        card.result,
      ),
    );
  }
});

test('a long sum is shown by its largest contributions and adds up', () => {
  const next = source(2);
  for (let round = 0; round < 60; round++) {
    const explanation = sumExplanation(next, 10, 169);
    const p = printedContributions(explanation, explanation.result, 8);
    assert.equal(p.terms.length, 8);
    for (const term of p.terms) assert.ok(reads(parse(term.weight) * parse(term.value), term.product));
    const total = p.terms.reduce((sum, term) => sum + parse(term.product), parse(p.others) + parse(p.bias));
    assert.ok(reads(total, p.result));
  }
});

test('every row of the softmax table holds for the printed numbers', () => {
  const next = source(3);
  for (let round = 0; round < 300; round++) {
    const logits = Array.from({ length: 10 }, () => next() * (1 + (round % 8)));
    const table = printedSoftmax(logits);
    for (const row of table.classes) {
      assert.ok(reads(parse(row.logit) - parse(table.maximum), row.shifted));
      assert.ok(reads(Math.exp(parse(row.shifted)), row.exponential));
      assert.ok(reads(parse(row.exponential) / parse(table.denominator), row.probability));
    }
    assert.ok(
      reads(
        table.classes.reduce((sum, row) => sum + parse(row.exponential), 0),
        table.denominator,
      ),
    );
  }
});

test('softmax of huge logits does not overflow', () => {
  const table = printedSoftmax([123, 456, 789]);
  assert.equal(table.classes[2].probability, '1.00');
});

test('means, plain sums and batch normalisation hold for the printed numbers', () => {
  const next = source(4);
  for (let round = 0; round < 300; round++) {
    const values = Array.from({ length: 4 }, next);
    const mean = values.reduce((a, b) => a + b) / 4;
    const printed = printedMean(values, 4, mean);
    assert.ok(reads(printed.operands.reduce((total, text) => total + parse(text), 0) / 4, printed.result));
    const line = printedAddends(values, mean * 4);
    assert.ok(
      reads(
        line.operands.reduce((total, text) => total + parse(text), 0),
        line.result,
      ),
    );
    const [x, m, gamma, beta] = values;
    const variance = next() ** 2 + 0.01;
    const eps = 1e-5;
    const n = printedNormalisation(
      { x, mean: m, variance, eps, gamma, beta },
      (gamma * (x - m)) / Math.sqrt(variance + eps) + beta,
    );
    assert.ok(
      reads(
        (parse(n.gamma) * (parse(n.x) - parse(n.mean))) / Math.sqrt(parse(n.variance) + parse(n.eps)) + parse(n.beta),
        n.result,
      ),
    );
  }
});
