import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { OPS } from '../../static/js/core/ops/index.js';
import { receptiveField } from '../../static/js/core/receptive.js';

const folder = new URL('../golden/', import.meta.url);
const near = (a, b, least = 1e-9) => Math.abs(a - b) <= least + 1e-6 * Math.max(Math.abs(a), Math.abs(b));
const ROUNDING = { rnn: 1e-6, lstm: 1e-6, gru: 1e-6 }; // of the float32 states that torch hands on from step to step; ours are double
const tensor = ({ shape, values }) => ({ shape, data: Float32Array.from(values) });

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const golden = JSON.parse(readFileSync(new URL(file, folder), 'utf-8'));
  const op = OPS[golden.op];

  test(`${golden.op}: terms, sums and windows are the engine's`, () => {
    for (const run of golden.runs) {
      const { record } = run;
      const operands = {
        inputs: [tensor(run.input)],
        flattened: run.flattened ?? undefined,
        params: Object.fromEntries(Object.entries(run.params).map(([role, values]) => [role, tensor(values)])),
      };
      assert.deepEqual(op.outputShape(record.hyperparameters, run.input.shape), record.shape);
      if (op.apply) {
        const whole = op.apply(record, operands);
        whole.data.forEach((value, i) => assert.ok(near(value, run.output[i], ROUNDING[golden.op])));
      }
      for (const expected of golden.op === 'input' ? [] : run.explanations)
        same(op.terms(record, expected.index, operands), expected, ROUNDING[golden.op]);
      for (const { index, window } of run.steps) assert.deepEqual(op.window(record, index, run.input.shape), window);
    }
  });
}

function same(mine, expected, least) {
  assert.equal(mine.terms.length, expected.terms.length);
  mine.terms.forEach((term, i) => {
    const other = expected.terms[i];
    assert.equal(term.label, other.label);
    assert.deepEqual(term.source, other.source);
    assert.ok(near(term.value, other.value, least) && near(term.product, other.product, least));
    assert.ok(term.weight === other.weight || near(term.weight, other.weight, least));
  });
  assert.deepEqual(
    mine.groups.map(({ label, start, stop }) => ({ label, start, stop })),
    expected.groups.map(({ label, start, stop }) => ({ label, start, stop })),
  );
  mine.groups.forEach((group, i) => assert.ok(near(group.sum, expected.groups[i].sum)));
  assert.ok(mine.bias === expected.bias || near(mine.bias, expected.bias));
  assert.ok(near(mine.result, expected.result, least));
  for (const [key, value] of Object.entries(mine.extra)) {
    if (Array.isArray(value)) assert.deepEqual(value, expected.extra[key]);
    else assert.ok(near(value, expected.extra[key]), key);
  }
}

test('the receptive field grows through two convolutions and a pooling', () => {
  const nodes = [
    { name: 'input', op: 'input', inputs: [], shape: [1, 12, 12], hyperparameters: {} },
    {
      name: 'a',
      op: 'conv2d',
      inputs: ['input'],
      shape: [2, 10, 10],
      hyperparameters: { kernel_size: [3, 3], stride: [1, 1] },
    },
    { name: 'b', op: 'conv2d', inputs: ['a'], shape: [2, 8, 8], hyperparameters: { kernel_size: [3, 3], stride: [1, 1] } },
    {
      name: 'c',
      op: 'max_pool2d',
      inputs: ['b'],
      shape: [2, 4, 4],
      hyperparameters: { kernel_size: [2, 2], stride: [2, 2], padding: [0, 0] },
    },
  ];
  const records = new Map(nodes.map((record) => [record.name, record]));
  assert.deepEqual(receptiveField(records, 'c', [0, 1, 1]), { top: 2, left: 2, bottom: 8, right: 8 });
});
