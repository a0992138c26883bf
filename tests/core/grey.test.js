/** Ways to grey: bytes are the exact brightness, rounded, for every method. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteBy, greyOf, METHODS, weightsOf } from '../../static/js/core/lab/grey.js';

test('a byte is the brightness rounded, halves up', () => {
  const levels = [0, 1, 2, 63, 100, 127, 128, 200, 254, 255];
  for (const method of METHODS)
    for (const r of levels)
      for (const g of levels)
        for (const b of levels) {
          assert.equal(
            byteBy(method)(r, g, b),
            Math.floor(Number((greyOf(method, [r, g, b]) + 0.5).toFixed(9))),
            `${method} ${r} ${g} ${b}`,
          );
        }
});

test('white stays white, grey stays grey', () => {
  for (const method of METHODS) for (const value of [0, 17, 128, 255]) assert.equal(byteBy(method)(value, value, value), value);
  for (const method of METHODS.filter((each) => each !== 'lightness'))
    assert.ok(Math.abs(weightsOf(method).reduce((a, b) => a + b) - 1) < 1e-12);
  assert.equal(weightsOf('lightness'), null);
});
