/** The lab of 1-D convolution: what meets at an output is the definition's sum, for every range, dilation and stride. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { END, RESPONSES, SIGNALS, WIDTHS, cutInto, finest, strips, timeOf } from '../../static/js/core/lab/continuous.js';
import { randomOf } from '../../static/js/core/lab/grids.js';
import { axisOf, firstWhole, sidesOf, sumOf } from '../../static/js/core/lab/signal.js';

const random = randomOf(7);
const whole = (low, high) => low + Math.floor(random() * (high - low + 1));
const row = (length) => Array.from({ length }, () => whole(-9, 9));

test('every sum is the definition at its time t', () => {
  for (let i = 0; i < 400; i++) {
    const values = {
      x: row(whole(1, 12)),
      k: row(whole(1, 5)),
      mode: ['full', 'same', 'valid', 'causal'][i % 4],
      flip: i % 8 < 4,
      stride: whole(1, 3),
      dilation: whole(1, 3),
    };
    const axis = axisOf(values);
    const [before, after] = sidesOf(values);
    const f = (tau) => values.x[tau] ?? 0;
    assert.equal(axis.columns, before + values.x.length + after);
    const g = (delay) => (delay % values.dilation === 0 ? (values.k[delay / values.dilation] ?? 0) : 0);
    for (let n = 0; n < axis.count; n++) {
      const t = axis.at(n) - before;
      let wanted = 0;
      for (let tau = -40; tau < 60; tau++) wanted += f(tau) * (values.flip ? g(t - tau) : g(tau - t));
      const { terms } = sumOf(values, n, wanted);
      assert.equal(
        terms.reduce((sum, { product }) => sum + product, 0),
        wanted,
      );
      assert.equal(terms.length, values.k.length);
      assert.equal(axis.output(axis.at(n)), n);
      assert.ok(axis.taps(n).every((column) => column >= 0 && column < axis.columns));
    }
    assert.equal(
      axis.count,
      values.mode === 'valid'
        ? Math.max(0, Math.floor((values.x.length - axis.span - 1) / values.stride) + 1)
        : Math.ceil((values.x.length + (values.mode === 'full' ? axis.span : 0)) / values.stride),
    );
    const read = Array.from({ length: axis.count }, (_, n) => axis.taps(n)).flat();
    if (axis.count) assert.equal(axis.cut, axis.columns - 1 - Math.max(...read));
    if (axis.count) assert.ok(firstWhole(values) >= 0 && firstWhole(values) < axis.count);
  }
});

test('the strips add up to the integral', () => {
  const exact = {
    // of one long push from 1 to 3 into each response, by hand
    decay: (t, w) => w * (Math.exp(-Math.max(0, t - 3) / w) - Math.exp(-Math.max(0, t - 1) / w)),
    mean: (t, w) => Math.max(0, Math.min(3, t) - Math.max(1, t - w)) / w,
  };
  for (const [response, integral] of Object.entries(exact)) {
    for (const width of [0.5, 1, 2]) {
      const errors = WIDTHS.map((strip) => {
        const values = { signal: 'box', response, width, strip };
        const { f, kernel } = strips(values);
        return Array.from({ length: cutInto(values).count }, (_, n) => {
          const sum = f.slice(0, n + 1).reduce((total, value, i) => total + value * kernel[n - i], 0);
          return Math.abs(sum - integral(timeOf(n, values), width));
        }).reduce((worst, error) => Math.max(worst, error));
      });
      assert.ok(errors[3] < 4e-3, `${response} ${width}`);
      assert.ok(errors[0] >= errors[3]); // narrower strips are no worse
      finest({ signal: 'box', response, width }).forEach((value, n) =>
        assert.ok(Math.abs(value - integral((n + 1) / 8, width)) < 4e-3),
      );
    }
  }
  for (const strip of WIDTHS) assert.equal(timeOf(cutInto({ strip }).count - 1, { strip }), END);
});

test('no response comes before it is asked for', () => {
  for (const of of Object.values(RESPONSES)) assert.equal(of(-0.01, 1), 0);
  for (const of of Object.values(SIGNALS)) assert.ok(Number.isFinite(of(0)) && Number.isFinite(of(END)));
});
