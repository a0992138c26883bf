/** Losses and gradients as they are printed: read back and computed again, they give what stands behind the equals sign. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { divergenceWritten, fitted, gradientWritten, quotientWritten } from '../../static/js/core/lab/losses.js';
import { parse, reads } from '../../static/js/core/numbers.js';

const sign = (value) => Math.sign(value);
const evaluated = (text) =>
  Function('sign', `return ${text.replaceAll('−', '-').replaceAll('×', '*').replaceAll('÷', '/')}`)(sign);
const random = (() => {
  let state = 7;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
})();

/** Gradients by the textbook, one element. */
const TRUE = {
  cross_entropy: ({ logits, p, t }) => (logits ? p - t : t > 0 ? -t / p : 0),
  binary_cross_entropy: ({ logits, p, t, share }) => (logits ? p - t : (p - t) / (p * (1 - p))) / share,
  mse_loss: ({ x, t, share }) => (2 * (x - t)) / share,
  l1_loss: ({ x, t, share }) => Math.sign(x - t) / share,
  smooth_l1_loss: ({ x, t, limit, share }) => (Math.abs(x - t) < limit ? (x - t) / limit : Math.sign(x - t)) / share,
  huber_loss: ({ x, t, limit, share }) => Math.min(limit, Math.max(-limit, x - t)) / share,
};

test('a printed gradient is its rule in numbers', () => {
  for (const [loss, gradientOf] of Object.entries(TRUE)) {
    for (let i = 0; i < 300; i++) {
      const logits = i % 2 === 0;
      const p = 0.01 + 0.98 * random();
      const t = [0, 1, random()][i % 3];
      const x = loss.endsWith('entropy') ? p : 6 * random() - 3;
      const element = { logits, x, p, t, limit: [0.1, 0.5, 1, 3][i % 4], share: [1, 4][i % 2] };
      if (loss === 'cross_entropy') element.share = 1;
      const gradient = gradientOf(element);
      const told = gradientWritten(loss, { ...element, gradient, digits: 4 });
      assert.ok(told.text, `${loss} ${JSON.stringify(element)}`);
      assert.ok(reads(evaluated(told.text), told.result), `${loss}: ${told.rule} = ${told.text} = ${told.result}`);
      assert.ok(Math.abs(parse(told.result) - gradient) <= 1e-3 * Math.max(1, Math.abs(gradient)));
    }
  }
});

test('what its rule does not give is printed alone', () => {
  assert.equal(
    gradientWritten('binary_cross_entropy', { logits: false, x: 0, p: 0, t: 0, limit: 1, share: 1, gradient: 0, digits: 4 })
      .text,
    '',
  );
  assert.equal(
    gradientWritten('mse_loss', { logits: false, x: NaN, p: NaN, t: 0, limit: 1, share: 1, gradient: NaN, digits: 4 }).result,
    'NaN',
  );
});

test('a printed difference quotient is what its numbers come to', () => {
  for (let i = 0; i < 300; i++) {
    const slope = 8 * random() - 4;
    const middle = 5 * random();
    const [above, below] = [middle + slope * 1e-3, middle - slope * 1e-3];
    const told = quotientWritten(above, below, 1e-3, (above - below) / 2e-3, 4);
    assert.ok(reads(evaluated(told.text), told.result), JSON.stringify(told));
  }
  assert.equal(quotientWritten(1, NaN, 1e-3, NaN, 4), null);
});

test('there are as many targets as numbers', () => {
  assert.deepEqual(fitted({ z: [1, 2, 3, 4, 5], t: [0, 1, 0], loss: 'mse_loss' }).t, [0, 1, 0, 0, 0]);
  const fits = { z: [1, 2], t: [0, 1], loss: 'mse_loss' };
  assert.equal(fitted(fits), fits); // a preset's own values stay the preset's
  assert.deepEqual(fitted({ z: [1, 2], t: [0, 0, 1], loss: 'cross_entropy' }).t, [1, 0]);
  assert.deepEqual(fitted({ z: [1, 2], t: [0, 0, 1], loss: 'binary_cross_entropy' }).t, [0, 0]);
});

test('a divergence is what the loss has more than the entropy of the target', () => {
  const t = [0.7, 0.2, 0.1];
  const p = [0.5, 0.3, 0.2];
  const loss = -t.reduce((total, each, i) => total + each * Math.log(p[i]), 0);
  const told = divergenceWritten(t, loss, 4);
  assert.ok(reads(evaluated(told.text), told.result), `${told.text} = ${told.result}`);
  const direct = t.reduce((total, each, i) => total + each * Math.log(each / p[i]), 0);
  assert.ok(Math.abs(parse(told.result) - direct) < 1e-4);
  assert.equal(divergenceWritten([0, 1, 0], 0.3, 4), null);
  assert.equal(divergenceWritten([0.5, 1, 0], 0.3, 4), null);
});
