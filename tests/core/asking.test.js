import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { useCatalogue } from '../../static/js/i18n.js';
import { createAsking } from '../../static/js/lab-asking.js';

/** Answers in the order of the requests, when they are told to. */
function server() {
  const waiting = [];
  globalThis.fetch = (_, { body }) => new Promise((answer, fail) => waiting.push({ asked: JSON.parse(body), answer, fail }));
  const settle = () => new Promise((done) => setImmediate(done));
  return {
    asked: () => waiting.map(({ asked }) => asked.input),
    answer: async (output) => {
      waiting.shift().answer({ ok: true, json: async () => ({ output }) });
      await settle();
    },
    fail: async () => {
      waiting.shift().fail(new Error('gone'));
      await settle();
    },
  };
}

const lab = { ask: ({ x }) => ({ op: 'relu', body: { input: x } }) };
const state = (x) => ({ values: { x }, view: '' });
useCatalogue({ problems: { offline: 'The server cannot be reached.' } });

test('one request at a time; while one drags, only the latest numbers go next', async () => {
  const away = server();
  const told = [];
  const asking = createAsking(lab, 'en', (each) => told.push(each));
  for (const x of [1, 2, 3, 3]) asking.ask(state(x));
  assert.deepEqual(away.asked(), [1]);
  await away.answer(10);
  assert.deepEqual(away.asked(), [3]);
  await away.answer(30);
  assert.deepEqual(
    told.map(({ answered }) => [answered.values.x, answered.answer.output]),
    [
      [1, 10],
      [3, 30],
    ],
  );
  asking.ask(state(3));
  assert.deepEqual(away.asked(), []); // it is known
});

test('a server that is not there is asked again by itself, unless the numbers are others by then', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const away = server();
  const told = [];
  const asking = createAsking(lab, 'en', (each) => told.push(each));
  asking.ask(state(1));
  await away.fail();
  assert.deepEqual([told[0].answered.refused, told[0].problem], [true, 'The server cannot be reached.']);
  mock.timers.tick(3000);
  assert.deepEqual(away.asked(), [1]);
  await away.fail();
  asking.ask(state(2));
  mock.timers.tick(3000);
  assert.deepEqual(away.asked(), [2]);
  await away.answer(20);
  assert.equal(told.at(-1).problem, '');
  mock.timers.reset();
});
