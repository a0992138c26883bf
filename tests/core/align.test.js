import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axesOf } from '../../static/js/core/sequence/axes.js';
import { aligned } from '../../static/js/core/sequence/align.js';
import { actInside, backTo, out, visit, walk } from '../../static/js/core/sequence/places.js';
import { fromQuery, initialState, toQuery } from '../../static/js/core/sequence/state.js';
import { nextBack, placeOf, spelt } from '../../static/js/core/walk.js';

test('a word that was put in stands beside a gap, and all others one above the other', () => {
  assert.deepEqual(aligned(['not', 'bad'], ['not', 'so', 'bad']), [
    [0, 0],
    [null, 1],
    [1, 2],
  ]);
  assert.deepEqual(aligned([...'abc'], [...'ac']), [
    [0, 0],
    [1, null],
    [2, 1],
  ]);
  assert.deepEqual(aligned([...'cat'], [...'cut']), [
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  assert.deepEqual(aligned([], ['a']), [[null, 0]]);
  assert.deepEqual(aligned([], []), []);
});

test('an alignment keeps both sequences whole and in order', () => {
  for (const [one, other] of [
    ['unrolled', 'enrolled'],
    ['春眠不觉晓', '春日不觉长晓'],
    ['aaaa', 'aa'],
    ['xyz', 'abc'],
  ]) {
    const pairs = aligned([...one], [...other]);
    assert.equal(pairs.map(([i]) => (i === null ? '' : [...one][i])).join(''), one);
    assert.equal(pairs.map(([, j]) => (j === null ? '' : [...other][j])).join(''), other);
    assert.ok(pairs.every(([i, j]) => i !== null || j !== null));
  }
});

const node = (name, op, inputs, shape, hyperparameters = {}) => ({
  name,
  op,
  module: name,
  inputs,
  shape,
  hyperparameters,
  parameters: {},
  stats: {},
});
const nodes = [
  node('input', 'input', [], [4]),
  node('written', 'input', [], [3]),
  node('source', 'embedding', ['input'], [4, 6]),
  node('encoder', 'lstm', ['source'], [4, 5]),
  node('target', 'embedding', ['written'], [3, 6]),
  node('decoder', 'lstm', ['target', 'encoder'], [3, 5]),
  node('transpose', 'transpose', ['encoder'], [5, 4]),
  node('matmul', 'matmul', ['decoder', 'transpose'], [3, 4]),
  node('softmax', 'softmax', ['matmul'], [3, 4]),
  node('head', 'linear', ['decoder'], [3, 7]),
  node('softmax_1', 'softmax', ['head'], [3, 7]),
];
const section = (name, steps) => ({ node: name, cell: 'lstm', layers: 1, directions: 1, steps, hidden: 5 });
const network = {
  nodes,
  records: new Map(nodes.map((one) => [one.name, one])),
  sections: [section('encoder', 4), section('decoder', 3)],
  axes: axesOf(nodes, 7),
};

test('every axis of a translator is known: steps read, steps written, units, tokens', () => {
  assert.deepEqual(Object.fromEntries(network.axes), {
    input: ['read'],
    written: ['written'],
    source: ['read', 'unit'],
    encoder: ['read', 'unit'],
    target: ['written', 'unit'],
    decoder: ['written', 'unit'],
    transpose: ['unit', 'read'],
    matmul: ['written', 'read'],
    softmax: ['written', 'read'],
    head: ['written', 'class'],
    softmax_1: ['written', 'class'],
  });
});

test('the way back is in the address, and Escape takes it step by step', () => {
  let state = visit(initialState(), { node: 'softmax_1', index: [2, 3] }, network);
  assert.deepEqual([state.view, state.of, state.at, state.node, state.t], ['number', 'softmax_1', [2, 3], 'decoder', 2]);
  state = walk(state, { node: 'head', index: [2, 3] }, network);
  state = walk(state, { node: 'decoder', index: [2, 4] }, network);
  assert.deepEqual(
    [state.view, state.node, state.t, state.unit, state.trail],
    ['cell', 'decoder', 2, 4, ['softmax_1@2.3', 'head@2.3']],
  );
  state = walk({ ...state, view: 'gate' }, { node: 'target', index: [2, 1] }, network);
  assert.equal(state.trail.at(-1), 'decoder@0.0.2.4');
  assert.deepEqual(fromQuery(toQuery(state)), state);
  assert.deepEqual(backTo(state, 0, network).trail, []);
  const views = [];
  for (let i = 0; i < 5; i++) {
    state = out(state, network);
    views.push(state.view);
  }
  assert.deepEqual(views, ['cell', 'number', 'number', 'layer', 'network']);
});

test('arrows go along time and units and stay inside; steps go on to the next number', () => {
  const start = { ...initialState(), view: 'number', of: 'head', at: [2, 6] };
  assert.deepEqual(actInside('right', start, network, 4).at, [2, 6]);
  assert.deepEqual(actInside('left', start, network, 4).at, [1, 6]);
  assert.deepEqual(actInside('up', start, network, 4).at, [2, 5]);
  let state = { ...start, at: [1, 6] };
  for (let i = 0; i < 5; i++) state = actInside('next', state, network, 4);
  assert.deepEqual([state.at, state.step], [[2, 0], 0]);
  assert.deepEqual([actInside('back', state, network, 4).at, actInside('back', state, network, 4).step], [[1, 6], 3]);
});

test('places are spelt and read back, and nothing else is read', () => {
  assert.deepEqual(placeOf(spelt({ node: 'eye.features.0', index: [3, 0, 12] })), {
    node: 'eye.features.0',
    index: [3, 0, 12],
  });
  for (const wrong of ['', 'head', 'head@', 'head@1.', '<b>@1', 'head@x']) assert.equal(placeOf(wrong), null);
  assert.deepEqual(fromQuery('?trail=head@1.2~nonsense').trail, []);
});

test('the way back goes to the own logit, to the token, and past what was only given', () => {
  const term = (place, product) => ({ label: '', weight: 1, value: product, product, source: { node: place, index: [0] } });
  const explanation = (terms, index = [0, 1]) => ({
    op: '',
    node: '',
    index,
    terms,
    groups: [],
    bias: null,
    result: 0,
    extra: {},
  });
  assert.equal(nextBack(nodes[10], explanation([term('a', 9), term('b', 1)])).node, 'b');
  assert.deepEqual(nextBack(nodes[2], explanation([], [3, 2])), { node: 'input', index: [3] });
  assert.equal(
    nextBack(node('add', 'add', ['input', 'head'], [3, 1]), explanation([term('input', 9), term('head', 1)])).node,
    'head',
  );
  assert.equal(nextBack(nodes[9], explanation([term('a', 1), term('b', -2)])).node, 'b');
  assert.equal(nextBack(nodes[0], explanation([])), null);
});
