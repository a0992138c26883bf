/** The lab of normalisation: who shares a mean with whom, and that what is printed is true. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printedNormalisation } from '../../static/js/core/arithmetic.js';
import { randomGrid, shapeOf } from '../../static/js/core/lab/grids.js';
import {
  affineOf,
  fitted,
  groupsOf,
  indexOf,
  isLarge,
  lookedAt,
  neighbours,
  placeOf,
  request,
  responseWritten,
  sharedCells,
  sharing,
  statisticsOf,
  stepsOf,
  tableOf,
  tidy,
} from '../../static/js/core/lab/norm.js';
import { parse, reads } from '../../static/js/core/numbers.js';

const x = randomGrid([2, 4, 2, 3], 3);
const values = { x, training: true, num_groups: 2, size: 3, g: [1, 1, 1, 1], b: [0, 0, 0, 0], eps: '1e-5' };
const places = Array.from({ length: 48 }, (_, i) => placeOf(i, shapeOf(x)));

test('places count through samples, channels, rows and columns', () => {
  places.forEach(([n, c, y, column], i) => assert.equal(((n * 4 + c) * 2 + y) * 3 + column, i));
});

test('as many share as are averaged', () => {
  const counts = { batch: 12, layer: 24, instance: 6, group: 12 };
  for (const [view, count] of Object.entries(counts)) {
    for (const at of places) {
      const shares = sharing(view, values, at);
      const partners = places.filter(shares);
      assert.equal(partners.length, count, view);
      assert.deepEqual(
        sharedCells(view, values, at),
        partners.map(([n, c, y, column]) => x[n][c][y][column]),
      );
      const table = tableOf(view, values);
      assert.ok(partners.every((place) => table.at(place) === table.at(at)) && table.at(at) < table.rows * table.columns);
    }
  }
  assert.equal(places.filter(sharing('batch', { ...values, training: false }, places[7])).length, 1);
  assert.equal(tableOf('response', values), null);
});

test('neighbouring channels are those of torch', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((c) => neighbours(c, 4, 3)),
    [
      [0, 2],
      [0, 3],
      [1, 4],
      [2, 4],
    ],
  );
  assert.deepEqual(
    [0, 1, 2, 3].map((c) => neighbours(c, 4, 2)),
    [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 4],
    ],
  ); // an even size looks back
  assert.deepEqual(places.filter(sharing('response', values, [1, 0, 1, 2])), [
    [1, 0, 1, 2],
    [1, 1, 1, 2],
  ]);
});

test('groups always divide the channels', () => {
  for (let channels = 1; channels <= 8; channels++)
    for (let wanted = 1; wanted <= 8; wanted++) {
      const found = groupsOf(channels, wanted);
      assert.ok(channels % found === 0 && found <= Math.max(1, wanted));
    }
  assert.equal(groupsOf(6, 4), 3);
});

test('a table of statistics holds one number per group', () => {
  const mean = Array.from({ length: 2 }, (_, n) => Array.from({ length: 4 }, (_, c) => [[10 * n + Math.floor(c / 2)]]));
  assert.deepEqual(statisticsOf('group', values, { mean, variance: mean }).mean, [0, 1, 10, 11]);
  assert.deepEqual(tidy([1, -5e-17, 2], 4), [1, 0, 2]);
});

test('scaling and shifting are asked for only where they change something', () => {
  assert.deepEqual(affineOf(values, 'layer'), {});
  assert.deepEqual(affineOf({ ...values, g: [1, 2, 1, 1] }, 'batch').weight, [1, 2, 1, 1]);
  assert.deepEqual(shapeOf(affineOf({ ...values, g: [1, 2, 1, 1] }, 'layer').weight), [4, 2, 3]);
  assert.equal(request({ ...values, momentum: 0.1, m: [0], v: [1] }, 'batch').op, 'batch_norm');
  assert.equal(request(values, 'response').op, 'local_response_norm');
});

test('a printed normalisation is true', () => {
  const random = (() => {
    let state = 9;
    return () => (state = (state * 16807) % 2147483647) / 2147483647;
  })();
  for (let i = 0; i < 500; i++) {
    const parts = {
      x: 60 * random() - 30,
      mean: 20 * random() - 10,
      variance: 50 * random() + 0.01,
      eps: [1e-5, 1e-3, 1][i % 3],
      gamma: 4 * random() - 2,
      beta: 4 * random() - 2,
    };
    const card = printedNormalisation(
      parts,
      (parts.gamma * (parts.x - parts.mean)) / Math.sqrt(parts.variance + parts.eps) + parts.beta,
    );
    const [a, m, v, g, b] = ['x', 'mean', 'variance', 'gamma', 'beta'].map((key) => parse(card[key]));
    assert.ok(reads((g * (a - m)) / Math.sqrt(v + parse(card.eps)) + b, card.result), JSON.stringify(card));
  }
});

test('a large tensor is stepped plane by plane, a small one number by number', () => {
  assert.ok(!isLarge(values) && stepsOf(values) === 48);
  const large = { ...values, x: randomGrid([3, 4, 12, 10], 5) };
  assert.ok(isLarge(large) && stepsOf(large) === 12);
  assert.deepEqual(lookedAt({ values: large, step: 6, hover: null }), [1, 2, 0, 0]);
  assert.deepEqual(lookedAt({ values: large, step: 6, hover: { grid: 'y.1.2', index: 25 } }), [1, 2, 2, 5]);
  assert.deepEqual(lookedAt({ values: large, step: 6, hover: { grid: 'means', index: 0 } }), [1, 2, 0, 0]);
  assert.deepEqual(lookedAt({ values, step: 7, hover: { grid: 'x.1.3', index: 5 } }), [1, 3, 1, 2]);
  for (const at of places) assert.deepEqual(placeOf(indexOf(at, shapeOf(x)), shapeOf(x)), at);
});

test('a printed local response follows from its printed squares', () => {
  const plain = randomGrid([200], 9, -999, 999).map((value) => value / 137);
  for (let i = 0; i + 5 < plain.length; i++) {
    const around = plain.slice(i, i + 1 + (i % 5));
    const own = i % around.length;
    const squares = around.reduce((total, value) => total + value * value, 0);
    const [k, alpha, beta] = [
      [1, 1 / 3, 0.75],
      [2, 1e-4, 0.75],
      [0.5, 2, 1.25],
    ][i % 3];
    const evaluate = (value, total) => value / (k + alpha * total) ** beta;
    const told = responseWritten({ around, own, squares, result: evaluate(around[own], squares) }, evaluate);
    const texts = told.around.map(parse);
    assert.ok(
      reads(
        texts.reduce((total, value) => total + value * value, 0),
        told.squares,
      ),
      `${told.around} -> ${told.squares}`,
    );
    assert.ok(reads(evaluate(texts[own], parse(told.squares)), told.result), `${told.squares} -> ${told.result}`);
    assert.ok(told.squares.length <= 9, told.squares);
  }
  const whole = responseWritten({ around: [1, 0, 10], own: 0, squares: 101, result: 0.5924 }, () => 0.5924);
  assert.deepEqual([...whole.around, whole.squares], ['1', '0', '10', '101']);
});

test('scale, shift and running statistics are as many as the channels', () => {
  const more = fitted({ x: randomGrid([1, 3, 2, 2], 1), g: [2], b: [5, 6, 7, 8], m: [], v: [4, 4, 4] });
  assert.deepEqual(
    [more.g, more.b, more.m, more.v],
    [
      [2, 1, 1],
      [5, 6, 7],
      [0, 0, 0],
      [4, 4, 4],
    ],
  );
});
