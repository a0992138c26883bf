/** Multiplications of layers and of an inception block: the published counts, exactly, and a walk that comes to them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  LAYER_STEPS,
  PARTS,
  STACK,
  blockCosts,
  branchesOf,
  costs,
  linesOf,
  product,
  reachedAt,
  seenBy,
  timesOf,
} from '../../static/js/core/lab/costs.js';

test('a bottleneck saves what is published, and one too wide saves nothing', () => {
  const layer = { side: 28, from: 192, to: 32, size: 5, between: 16 };
  const { direct, through } = costs(layer);
  assert.deepEqual([direct, through], [120_422_400n, 12_443_648n]);
  assert.equal(timesOf(direct, through), '9.7');
  const wide = costs({ ...layer, between: 192 });
  assert.ok(wide.through > wide.direct);
});

test('counts past what a double holds stay exact', () => {
  assert.equal(product([4096, 4096, 4096, 4096, 4096, 4095]), 4096n ** 5n * 4095n);
});

test('an inception block of GoogLeNet takes 128 million, and its outputs are 256 channels', () => {
  const values = { block: 'googlenet', side: 28, from: 192 };
  const { branches, direct, through } = blockCosts(values);
  assert.equal(through, 128_049_152n);
  assert.equal(direct, 308_281_344n);
  assert.deepEqual(branches[2], { direct: 120_422_400n, through: 12_443_648n }); // the layer of the other view
  assert.equal(
    branchesOf(values).reduce((sum, { out }) => sum + out, 0),
    256,
  );
});

test('the course’s inception block gives 88 channels, whatever it reads', () => {
  for (const from of [10, 88, 192]) {
    const branches = branchesOf({ block: 'course', side: 12, from });
    assert.deepEqual(
      branches.map(({ out }) => out),
      [16, 24, 24, 24],
    );
    for (const { ways } of branches)
      for (const convs of Object.values(ways)) convs.forEach((conv, i) => assert.equal(conv.from, i ? convs[i - 1].to : from));
  }
  const few = blockCosts({ block: 'course', side: 12, from: 10 });
  assert.ok(few.through > few.direct); // fewer channels than the bottleneck has: nothing to save
});

test('three layers of 3 × 3 see 7 × 7 with 27 C² weights against 49 C²', () => {
  const { direct, through, branches } = blockCosts({ block: STACK, side: 1, from: 64 }); // at one place: the weights
  assert.deepEqual([direct, through], [49n * 64n ** 2n, 27n * 64n ** 2n]);
  assert.equal(seenBy(branches.length), 7);
});

test('the walk writes every part of every product once, and then the sum', () => {
  const seen = Array.from({ length: LAYER_STEPS }, (_, step) => reachedAt(step));
  const lines = linesOf({ side: 28, from: 192, to: 32, size: 5, between: 16 });
  assert.deepEqual(
    seen.slice(0, -1),
    lines.flatMap((_, line) => PARTS.map((_, part) => ({ line, part }))),
  );
  assert.equal(seen.at(-1)?.line, lines.length);
});
