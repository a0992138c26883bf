import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTIONS, KEYS, actionOf, enter, leave } from '../../static/js/core/navigate.js';
import { blocksOf, byName, depths } from '../../static/js/core/graph.js';
import { boxOf, layout, unitAt } from '../../static/js/core/layout.js';
import { stacked } from '../../static/js/core/stacked.js';
import { cellsAround, framesOf, liveliest } from '../../static/js/core/miniature.js';
import { specimen } from '../../static/js/core/specimen.js';
import { stateOf } from '../../static/js/core/tour.js';
import { stepsOf } from '../../static/js/core/steps.js';
import { createStore } from '../../static/js/core/store.js';
import { FIELDS, fromQuery, initialState, legal, levelOf, toQuery } from '../../static/js/core/viewstate.js';

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
  node('input', 'input', [], [3, 8, 8]),
  node('conv', 'conv2d', ['input'], [4, 6, 6], { kernel_size: [3, 3], bias: true }),
  node('relu', 'relu', ['conv'], [4, 6, 6]),
  node('flatten', 'flatten', ['relu'], [144]),
  node('fc', 'linear', ['flatten'], [10]),
  node('softmax', 'softmax', ['fc'], [10]),
];
const network = { nodes, records: byName(nodes) };

test('the address writes and reads back every field of the state', () => {
  const state = {
    input: 'trace:abc',
    node: 'conv',
    unit: 3,
    at: [2, 5],
    channel: 2,
    step: 1,
    play: true,
    lang: 'zh',
    profile: 'projector',
    embed: true,
    scale: 'global',
  };
  assert.deepEqual(fromQuery(toQuery(state)), state);
  assert.deepEqual(Object.keys(FIELDS).sort(), Object.keys(state).sort());
  assert.equal(toQuery(initialState()), '');
  assert.equal(
    toQuery(state),
    'input=trace:abc&node=conv&unit=3&at=2,5&channel=2&step=1&play=1&lang=zh&profile=projector&embed=1&scale=global',
  );
});

test('what is malformed in an address is left at its initial value', () => {
  const state = fromQuery('?unit=-4&at=1,b&step=zz&lang=fr&profile=neon&node=');
  assert.deepEqual(state, initialState());
});

test('a state outside the network is brought inside', () => {
  assert.equal(legal({ ...initialState(), node: 'nowhere', at: [1, 1] }, network.records).node, null);
  assert.deepEqual(legal({ ...initialState(), node: 'conv', unit: 99, at: [99, 0] }, network.records).at, [5, 0]);
  assert.equal(legal({ ...initialState(), node: 'conv', unit: 99 }, network.records).unit, 3);
});

test('Enter goes network, layer, number and Esc comes back the same way', () => {
  let state = { ...initialState(), step: 1, unit: 2 };
  state = enter(state, network);
  assert.equal(levelOf(state), 'layer');
  state = enter(state, network);
  assert.deepEqual([levelOf(state), state.node, state.unit, state.at], ['number', 'conv', 2, [3, 3]]);
  state = leave(leave(state, network), network);
  assert.deepEqual([levelOf(state), state.step, state.unit], ['network', 1, 2]);
});

test('stepping forward through a number and back again ends where it began', () => {
  const start = { ...initialState(), node: 'conv', unit: 1, at: [0, 0], step: 0 };
  const count = stepsOf(start, nodes, network.records).length;
  assert.equal(count, 14); // nine cells of the first kernel, three channels, the bias, the result
  let state = start;
  for (let i = 0; i < count + 2; i++) state = ACTIONS.next(state, network);
  assert.deepEqual([state.at, state.step], [[0, 1], 2]);
  for (let i = 0; i < count + 2; i++) state = ACTIONS.back(state, network);
  assert.deepEqual(state, start);
});

test('a number is entered at the strongest cell of its unit', () => {
  const data = new Float32Array(4 * 36);
  data.set([0.5, -2, 1], 2 * 36 + 7);
  const state = enter({ ...initialState(), node: 'conv', unit: 2 }, { ...network, values: () => ({ shape: [4, 6, 6], data }) });
  assert.deepEqual([state.unit, state.at], [2, [1, 2]]);
});

test('every step has its own id, and every key an action', () => {
  for (const record of nodes.slice(1)) {
    const ids = stepsOf(
      { ...initialState(), node: record.name, at: record.shape.length === 1 ? [0] : [0, 0] },
      nodes,
      network.records,
    ).map((step) => step.id);
    assert.equal(new Set(ids).size, ids.length);
  }
  assert.equal(actionOf(' ', false), 'next');
  assert.equal(actionOf(' ', true), 'back');
  assert.ok(Object.values(KEYS).every((action) => ACTIONS[action] || ['fullscreen', 'language', 'keys'].includes(action)));
});

test('the store tells its listeners what changed', () => {
  const store = createStore({ a: 1, b: 2 });
  const seen = [];
  const stop = store.subscribe((next, previous) => seen.push([previous.a, next.a]));
  store.set({ a: 5 });
  stop();
  store.set({ a: 6 });
  assert.deepEqual(seen, [[1, 5]]);
  assert.deepEqual(store.get(), { a: 6, b: 2 });
});

const room = {
  width: 1200,
  height: 700,
  rows: false,
  tile: 24,
  gap: 4,
  near: 6,
  pad: 6,
  aisle: 16,
  bars: 120,
  bar: 30,
  strip: 30,
  letter: 20,
  head: 24,
  label: () => 50,
  title: () => 90,
};

test('the overview fills its room, keeps units apart and finds them again', () => {
  for (const width of [600, 1366, 1920, 3840]) {
    const placed = layout(nodes, { ...room, width });
    assert.ok(placed.width >= width - 1 && placed.columns.at(-1).box.x + placed.columns.at(-1).box.width >= width - 1);
    for (const column of placed.columns) {
      column.units.forEach((box, unit) => {
        assert.ok(
          box.y >= 0 && box.y + box.height <= room.height + 1e-9 && box.x >= 0 && box.x + box.width <= placed.width + 1e-9,
        );
        if (column.kind !== 'strip')
          assert.deepEqual(unitAt(placed, box.x + box.width / 2, box.y + box.height / 2), { name: column.name, unit });
      });
    }
  }
});

test('branches share a column and wide networks grow beyond the room', () => {
  const branching = [
    nodes[0],
    nodes[1],
    node('left', 'relu', ['conv'], [4, 6, 6]),
    node('right', 'relu', ['conv'], [4, 6, 6]),
    node('cat', 'cat', ['left', 'right'], [8, 6, 6]),
  ];
  assert.deepEqual([...depths(branching).values()], [0, 1, 2, 2, 3]);
  const placed = layout(branching, room);
  const [left, right] = placed.columns.filter(({ name }) => name === 'left' || name === 'right');
  assert.equal(left.box.x, right.box.x);
  assert.ok(left.box.y + left.box.height <= right.box.y);
  const wide = layout([nodes[0], node('wide', 'conv2d', ['input'], [512, 4, 4])], { ...room, width: 300 });
  assert.ok(wide.width > 300 && wide.tile >= room.tile);
});

test('a convolution and what follows it unit by unit make a block; branches, vectors and the input stand alone', () => {
  assert.deepEqual(
    blocksOf(nodes).map((block) => block.map(({ name }) => name)),
    [['input'], ['conv', 'relu'], ['flatten'], ['fc'], ['softmax']],
  );
  const branching = [
    ...nodes.slice(0, 2),
    node('left', 'relu', ['conv'], [4, 6, 6]),
    node('right', 'relu', ['conv'], [4, 6, 6]),
  ];
  assert.deepEqual(
    blocksOf(branching).map((block) => block.length),
    [1, 1, 1, 1],
  );
  const placed = layout(nodes, room);
  assert.deepEqual(
    placed.blocks.map(({ names, channels }) => [names, channels]),
    [[['conv', 'relu'], 4]],
  );
  assert.ok(placed.blocks[0].box.width >= 90);
});

test('on a narrow screen layers lie under each other, nothing leaves its width, and what has no room is counted', () => {
  const placed = stacked([...nodes.slice(0, 3), node('many', 'conv2d', ['relu'], [128, 4, 4])], {
    ...room,
    width: 362,
    rows: true,
  });
  let bottom = 0;
  for (const { box, units, more, name } of placed.columns) {
    assert.ok(box.y >= bottom + room.head, `${name} has room for its name`);
    bottom = box.y + box.height;
    for (const unit of units)
      assert.ok(unit.x >= 0 && unit.x + unit.width <= 362 + 1e-9 && unit.y + unit.height <= bottom + 1e-9);
    assert.equal(units.length + more, { input: 3, conv: 4, relu: 4, many: 128 }[name]);
  }
  assert.equal(placed.columns.at(-1).more, 104);
  assert.deepEqual(boxOf(placed, 'many', 127), placed.columns.at(-1).units.at(-1));
});

test('every stop of the tour is a state inside its network', () => {
  for (const state of [
    {},
    { walk: 'conv2d' },
    { node: 'conv2d' },
    { node: 'conv2d', at: 'middle', step: 0 },
    { node: 'lstm', at: 'middle' },
  ]) {
    const view = stateOf({ text: '', show: '', state }, { ...initialState(), profile: 'projector' }, nodes);
    assert.deepEqual(legal(view, network.records), view);
    assert.equal(view.profile, 'projector');
  }
  assert.deepEqual(stateOf({ text: '', show: '', state: { node: 'conv2d', at: 'middle' } }, initialState(), nodes).at, [3, 3]);
});

test('the specimen is the same for the same seed, and its miniature walk stays inside its maps', () => {
  const one = specimen(3);
  const other = specimen(3);
  for (const { name } of one.nodes) assert.deepEqual(one.values(name), other.values(name));
  assert.notDeepEqual(specimen(4).values('conv'), one.values('conv'));
  const wide = { shape: [2, 20, 20], data: Float32Array.from({ length: 800 }, (_, i) => i) };
  assert.equal(liveliest(wide), 0);
  const cells = cellsAround(wide, 1);
  assert.ok(cells.every(([unit, y, x]) => unit === 1 && y < 20 && x < 20));
  assert.deepEqual(
    framesOf(one.records.get('conv'), 3, cells)
      .map(({ stage }) => stage)
      .filter((stage, i, all) => stage !== all[i - 1]),
    ['network', 'layer', 'number'],
  );
});
