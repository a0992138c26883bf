import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fixed, parse, reads } from '../../static/js/core/numbers.js';
import { SQUASH } from '../../static/js/core/recurrent/cells.js';
import { inConventions, rowOf } from '../../static/js/core/recurrent/conventions.js';
import { printedCell, printedOthers, printedSums, largest } from '../../static/js/core/recurrent/print.js';
import { asTold, runOf, unroll } from '../../static/js/core/recurrent/run.js';
import { gateNamed, open, squashed } from '../../static/js/core/recurrent/unit.js';
import { tensor } from '../../static/js/core/tensor.js';

const folder = new URL('../golden/cells/', import.meta.url);
const near = (a, b, slack = 1e-6) => Math.abs(a - b) <= 1e-9 + slack * Math.max(1, Math.abs(a), Math.abs(b));
const asTensor = (one) => one && { shape: one.shape, data: Float32Array.from(one.values) };
const all = (named) => Object.fromEntries(Object.entries(named).map(([name, one]) => [name, asTensor(one)]));
const CASES = readdirSync(folder).map((file) => {
  const golden = JSON.parse(readFileSync(new URL(file, folder), 'utf-8'));
  const { run } = golden;
  const answer = { ...run, gates: all(run.gates), h: asTensor(run.h), c: asTensor(run.c), initial: all(run.initial) };
  return {
    name: file.replace('.json', ''),
    golden,
    run: runOf(answer, golden.record, asTensor(golden.x), all(golden.params), null),
  };
});
const placeOf = ([layer, direction, step, unit]) => ({ layer, direction, step, unit });
const everywhere = CASES.flatMap(({ golden, run }) =>
  golden.explanations.map((expected) => ({ run, expected, opened: open(run, placeOf(expected.place)) })),
);

test('there are the three cells', () =>
  assert.deepEqual(new Set(CASES.map(({ run }) => run.cell)), new Set(['rnn', 'lstm', 'gru'])));

for (const { name, golden, run } of CASES) {
  test(`${name}: every product, sum, gate and state is the engine's`, () => {
    for (const expected of golden.explanations) sameUnit(open(run, placeOf(expected.place)), expected);
  });

  test(`${name}: computed here from the weights, the whole run is torch's`, () => {
    const mine = unroll(run);
    for (const gate of Object.keys(run.gates))
      mine.gates[gate].data.forEach((value, i) => assert.ok(near(value, run.gates[gate].data[i], 1e-5)));
    mine.h.data.forEach((value, i) => assert.ok(near(value, run.h.data[i], 1e-5)));
  });
}

function sameUnit(mine, expected) {
  assert.ok(
    near(mine.h_previous, expected.h_previous) && (expected.c_previous === null || near(mine.c_previous, expected.c_previous)),
  );
  mine.gates.forEach((gate, i) => {
    const other = expected.gates[i];
    assert.equal(gate.name, other.name);
    assert.equal(gate.squash, other.squash);
    for (const side of ['input', 'recurrent']) {
      gate[side].forEach((term, k) => {
        assert.ok(near(term.product, other[side][k].product) && term.weight === other[side][k].weight);
        if (term.source) assert.deepEqual(term.source, other[side][k].source);
      });
      assert.equal(gate[side].length, other[side].length);
    }
    for (const key of ['input_sum', 'recurrent_sum', 'bias_ih', 'bias_hh', 'preactivation', 'value'])
      assert.ok(near(gate[key], other[key]), key);
    assert.ok(near(squashed(gate), gate.value));
  });
  mine.update.forEach((line, i) => assert.ok(near(line.value, expected.update[i].value)));
}

/** Everything that is printed of a unit, evaluated again. */
function holds(opened) {
  const printed = printedCell(opened);
  const text = printed.texts;
  const value = (name) => parse(text[name]);
  for (const gate of opened.gates) {
    const own = printed.gates[gate.name];
    const found = SQUASH[gate.squash](parse(own.a));
    assert.ok(
      reads(opened.rounded && gate.squash === 'sigmoid' ? Math.round(found) : found, own.value),
      `${gate.name}: ${gate.squash}(${own.a}) = ${own.value}`,
    );
    assert.equal(own.value, text[gate.name]);
    assert.ok(reads(gate.value, own.value));
    holdsSums(opened, gate);
  }
  const tanh = opened.unit ? (c) => c : Math.tanh;
  if (opened.cell === 'lstm') {
    const [old, fresh] = printed.update.c.parts.map(parse);
    assert.ok(reads(value('f') * value('c_previous') + value('i') * value('g'), text.c));
    assert.ok(
      reads(old + fresh, text.c) &&
        reads(value('f') * value('c_previous'), printed.update.c.parts[0]) &&
        reads(value('i') * value('g'), printed.update.c.parts[1]),
    );
    assert.ok(
      reads(tanh(value('c')), printed.update.h.squashed) && reads(value('o') * parse(printed.update.h.squashed), text.h),
    );
    assert.ok(reads(value('o') * tanh(value('c')), text.h));
  }
  if (opened.cell === 'gru') {
    const z = gateNamed(opened, 'z').complement ? 1 - value('z') : value('z');
    const [old, fresh] = printed.update.h.parts;
    assert.ok(reads((1 - z) * value('n') + z * value('h_previous'), text.h));
    assert.ok(
      reads(z * value('h_previous'), old) && reads((1 - z) * value('n'), fresh) && reads(parse(old) + parse(fresh), text.h),
    );
  }
  for (const line of opened.update) assert.ok(reads(line.value, text[line.name]));
}

function holdsSums(opened, gate) {
  const printed = printedSums(opened, gate, 2);
  const [b, d = 0] = printed.biases.map(parse);
  for (const key of ['input', 'recurrent']) {
    const side = printed[key];
    for (const term of side.terms) assert.ok(reads(parse(term.weight) * parse(term.value), term.product));
    const texts = [...side.terms.map((term) => term.product), ...(side.others === null ? [] : [side.others])];
    assert.ok(
      reads(
        texts.map(parse).reduce((a, c) => a + c, 0),
        side.sum,
      ),
    );
    if (side.others !== null) {
      const rest = printedOthers(largest(gate[key], 2).rest, side.others);
      assert.equal(rest.length, side.count);
      assert.ok(
        reads(
          rest.reduce((a, { product }) => a + parse(product), 0),
          side.others,
        ),
      );
    }
  }
  const recurrent = printed.hn === null ? parse(printed.recurrent.sum) + d : parse(printed.reset) * parse(printed.hn);
  if (printed.hn !== null) assert.ok(reads(parse(printed.recurrent.sum) + d, printed.hn));
  assert.ok(reads(parse(printed.input.sum) + b + recurrent, printed.a), gate.name);
}

test('whatever is printed of a unit holds, in every convention', () => {
  for (const { opened } of everywhere) {
    for (const biases of ['two', 'one'])
      for (const update of ['z', 'complement']) holds(inConventions(opened, { biases, update }));
  }
});

test('numbers are short: four decimals of a gate do nearly everywhere', () => {
  const decimals = everywhere.flatMap(({ opened }) =>
    Object.values(printedCell(opened).gates).map(({ value }) => value.split('.')[1]?.length ?? 0),
  );
  assert.ok(decimals.filter((count) => count <= 4).length >= 0.8 * decimals.length, decimals.join());
});

test('both conventions of the GRU give the same h, and one merged bias the same sum', () => {
  for (const { opened } of everywhere.filter(({ opened }) => opened.cell === 'gru')) {
    const other = inConventions(opened, { update: 'complement' });
    const z = gateNamed(opened, 'z');
    const turned = gateNamed(other, 'z');
    assert.ok(near(z.value + turned.value, 1) && near(squashed(turned), turned.value));
    assert.ok(near(turned.value * gateNamed(other, 'n').value + (1 - turned.value) * other.h_previous, other.update[0].value));
    const one = gateNamed(inConventions(opened, { biases: 'one' }), 'r');
    const two = gateNamed(opened, 'r');
    assert.ok(near(one.bias_ih, two.bias_ih + two.bias_hh) && one.bias_hh === 0);
  }
});

test('z = 0.9, n = 0.5, h = -1: -0.85 in torch, 0.35 where the update gate means the other thing', () => {
  const atanh = Math.atanh(0.5);
  const logit = Math.log(9);
  const params = {
    weight_ih_l0: tensor([3, 1], Float32Array.of(0, logit, atanh)),
    weight_hh_l0: tensor([3, 1]),
    bias_ih_l0: tensor([3]),
    bias_hh_l0: tensor([3]),
  };
  const run = unroll(blank('gru', 1, 1, [[1]], params, [-1]));
  const opened = open(run, placeOf([0, 0, 0, 0]));
  const [z, n] = [gateNamed(opened, 'z').value, gateNamed(opened, 'n').value];
  assert.ok(near(z, 0.9) && near(n, 0.5) && near(run.h.data[0], -0.85));
  assert.equal(fixed(z * n + (1 - z) * -1, 2), '0.35');
  const told = inConventions(opened, { update: 'complement' }); // told otherwise, not computed otherwise
  assert.equal(fixed(gateNamed(told, 'z').value, 1), '0.1');
  assert.equal(printedCell(told).texts.h, printedCell(opened).texts.h);
});

/** A layer with these weights before it has run. */
function blank(cell, hidden, features, rows, params, h0 = new Array(hidden).fill(0), unit = null, nonlinearity = 'tanh') {
  const initial = { h: tensor([1, 1, hidden], Float32Array.from(h0)), c: cell === 'lstm' ? tensor([1, 1, hidden]) : null };
  return {
    node: cell,
    cell,
    layers: 1,
    directions: 1,
    steps: rows.length,
    hidden,
    gates: {},
    h: tensor([0]),
    c: null,
    initial,
    x: tensor([rows.length, features], Float32Array.from(rows.flat())),
    params,
    nonlinearity,
    forced: [],
    unit,
  };
}

const ones = (shape) => tensor(shape, new Float32Array(shape[0] * shape[1]).fill(1));
const allOnes = (rows) =>
  unroll(blank('rnn', 2, 2, rows, { weight_ih_l0: ones([2, 2]), weight_hh_l0: ones([2, 2]) }, [0, 0], null, 'relu'));

test('the all-ones network: hidden 2, 6, 16, outputs 4, 12, 32; in the other order 8, 20, 44', () => {
  for (const [rows, outputs] of [
    [
      [
        [1, 1],
        [1, 1],
        [2, 2],
      ],
      [4, 12, 32],
    ],
    [
      [
        [2, 2],
        [1, 1],
        [1, 1],
      ],
      [8, 20, 44],
    ],
  ]) {
    const run = allOnes(rows);
    outputs.forEach((output, t) => {
      assert.deepEqual([...run.h.data.subarray(2 * t, 2 * t + 2)], [output / 2, output / 2]);
      const opened = open(run, placeOf([0, 0, t, 0]));
      holds(opened);
      assert.equal(printedCell(opened).gates.h.value, String(output / 2)); // whole numbers have no decimals
    });
  }
});

const SMALL = 2 ** -13;
function memory(rows) {
  const params = {
    weight_ih_l0: tensor([4, 3], Float32Array.of(0, 100, 0, 0, 100, 0, SMALL, 0, 0, 0, 0, 100)),
    weight_hh_l0: tensor([4, 1]),
    bias_ih_l0: tensor([4], Float32Array.of(-10, 10, 0, -10)),
    bias_hh_l0: tensor([4]),
  };
  return unroll(blank('lstm', 1, 3, rows, params, [0], SMALL));
}
const told = (run, name) =>
  Array.from({ length: run.steps }, (_, t) => printedCell(open(run, placeOf([0, 0, t, 0]))).texts[name]);

test('the memory cell: slide arithmetic 3 7 7 7 0 and 0 0 0 7 0; real sigmoids 6.99977 and about 1e-4', () => {
  const run = memory([
    [3, 1, 0],
    [4, 1, 0],
    [2, 0, 0],
    [1, 0, 1],
    [3, -1, 0],
  ]);
  const slide = asTold(run, { slide: true });
  assert.equal(asTold(run, { slide: false }), run);
  assert.deepEqual(told(slide, 'c'), ['3', '7', '7', '7', '0']);
  assert.deepEqual(told(slide, 'h'), ['0', '0', '0', '7', '0']);
  assert.equal(told(run, 'c')[2], '6.99977'); // 6.999773 in double; torch's float32 has 6.999772
  assert.ok(Math.abs(run.c.data[2] / SMALL - 6.999773) < 1e-6);
  const zeros = told(run, 'h').map(parse);
  assert.ok(Math.abs(zeros[0]) > 1e-5 && Math.abs(zeros[0]) < 1e-3 && Math.abs(zeros[3] - 7) < 1e-3);
  for (const one of [run, slide]) for (let t = 0; t < 5; t++) holds(open(one, placeOf([0, 0, t, 0])));
});

test('the table of signals: memory 0 3 3 7 7 7 0 6 6, output 7 at step 6 and 6 at step 9', () => {
  const [x1, x2, x3] = [
    [1, 3, 2, 4, 2, 1, 3, 6, 1],
    [0, 1, 0, 1, 0, 0, -1, 1, 0],
    [0, 0, 0, 0, 0, 1, 0, 0, 1],
  ];
  const slide = asTold(memory(x1.map((x, t) => [x, x2[t], x3[t]])), { slide: true });
  assert.deepEqual(told(slide, 'c').map(Number), [0, 3, 3, 7, 7, 7, 0, 6, 6]);
  assert.deepEqual(told(slide, 'h').map(Number), [0, 0, 0, 0, 0, 7, 0, 0, 6]);
});

test('the row of a gate in the stacked weights, as libraries order them', () => {
  assert.deepEqual(
    ['i', 'f', 'g', 'o'].map((gate) => rowOf('lstm', gate, 3, 10, 'torch')),
    [3, 13, 23, 33],
  );
  assert.deepEqual(
    ['i', 'f', 'g', 'o'].map((gate) => rowOf('lstm', gate, 3, 10, 'onnx')),
    [3, 23, 33, 13],
  );
  assert.deepEqual(
    ['i', 'f', 'g', 'o'].map((gate) => rowOf('lstm', gate, 3, 10, 'tf1')),
    [3, 23, 13, 33],
  );
});
