/** Spreading with channels, groups and a bias: what is added up step by step, and what is written, is the definition's sum. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flat, randomGrid, randomOf } from '../../static/js/core/lab/grids.js';
import {
  adding,
  comesFrom,
  coveredBy,
  cutting,
  goesTo,
  inputAt,
  outputsOf,
  termsAt,
} from '../../static/js/core/lab/spreading.js';

/** A spread with small random settings. @param {number} seed */
function spreadOf(seed) {
  const random = randomOf(seed);
  const from = (/** @type {number} */ low, /** @type {number} */ high) => low + Math.floor(random() * (high - low + 1));
  const [groups, own, each] = [from(1, 2), from(1, 3), from(1, 3)];
  const [channels, rows, columns] = [groups * own, from(1, 4), from(1, 4)];
  const [tall, wide] = [from(1, 3), from(1, 3)];
  return {
    x: randomGrid([channels, rows, columns], seed, -4, 9),
    kernel: randomGrid([channels, each, tall, wide], seed + 1, -3, 3),
    bias: randomGrid([groups * each], seed + 2, -2, 2),
    groups,
    stride: from(1, 3),
    padding: from(0, 1),
    dilation: from(1, 2),
    more: /** @type {[number, number]} */ ([from(0, 1), from(0, 1)]),
  };
}

/**
 * One output by the definition: y[o, u] = b[o] + sum of x[c, i] w[c, o, t] with i stride + t dilation = u, over the channels of
 * the group; of the first so many inputs.
 */
function defined({ x, kernel, bias, groups, stride, dilation }, out, row, column, copies, cut) {
  const [own, each] = [x.length / groups, kernel[0].length];
  let sum = cut ? 0 : bias[out];
  let step = 0;
  x.forEach((channel, c) =>
    channel.forEach((cells, i) =>
      cells.forEach((value, j) => {
        if (step++ >= copies || Math.floor(c / own) !== Math.floor(out / each)) return;
        kernel[c][out % each].forEach((taps, s) =>
          taps.forEach((weight, t) => {
            if (i * stride + s * dilation === row && j * stride + t * dilation === column) sum += value * weight;
          }),
        );
      }),
    ),
  );
  return sum;
}

for (let seed = 0; seed < 40; seed++)
  test(`every sum and every line of terms is the definition's, settings ${seed}`, () => {
    const spread = spreadOf(seed);
    const [tall, wide] = coveredBy(spread);
    const { kept } = cutting(spread);
    const add = adding(spread);
    const all = flat(spread.x).length;
    for (const copies of [0, 1, Math.ceil(all / 2), all, 1]) {
      const { sums, counts } = add(copies);
      for (let out = 0; out < outputsOf(spread); out++)
        for (let place = 0; place < tall * wide; place++) {
          const cut = kept(place) < 0;
          const wanted = defined(spread, out, Math.floor(place / wide), place % wide, copies, cut);
          const { terms, groups } = termsAt(spread, out, place, copies);
          assert.equal(sums[out][place], wanted);
          assert.equal(
            terms.reduce((sum, { product }) => sum + product, cut ? 0 : spread.bias[out]),
            wanted,
          );
          assert.equal(counts[out][place], terms.length);
          assert.equal(
            groups.reduce((sum, group) => sum + group.sum, 0),
            terms.reduce((sum, { product }) => sum + product, 0),
          );
        }
    }
  });

test('an input channel goes to the outputs that take from it, and no other', () => {
  const spread = spreadOf(3);
  for (let channel = 0; channel < spread.x.length; channel++)
    for (let out = 0; out < outputsOf(spread); out++)
      assert.equal(goesTo(spread, channel).includes(out), comesFrom(spread, out).includes(channel));
  assert.deepEqual(inputAt({ ...spread, x: [[[1, 2]], [[3, 4]]] }, 2), { channel: 1, cell: 0 });
});
