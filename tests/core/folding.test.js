import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folding as folds, linesOf } from '../../static/js/core/lab/folding.js';

const folding = (items, room, gap) => {
  const { folded, tight } = folds(items, room, gap);
  return { folded, tight };
};
const stays = (width, least) => ({ width, least });
const main = (width) => ({ width, fold: 'main' });
const secondary = (width) => ({ width, fold: 'secondary' });
const more = (width) => ({ width, more: true });

test('lines are filled one after the other, gaps between', () => {
  assert.equal(linesOf([], 100, 10), 0);
  assert.equal(linesOf([45, 45], 100, 10), 1);
  assert.equal(linesOf([45, 46], 100, 10), 2);
  assert.equal(linesOf([300, 10], 100, 10), 2); // what is wider than the room has a line of its own
});

test('nothing is folded, and the button takes no room, where all fits', () => {
  const found = folding([stays(100), main(50), secondary(50), more(90)], 220, 10);
  assert.deepEqual(found, { folded: [], tight: false });
});

test('secondary ones go first, the last before the others, and no more than must', () => {
  const items = [stays(100), secondary(50), main(50), secondary(60), secondary(70), more(40), stays(30)];
  assert.deepEqual(folding(items, 400, 10).folded, [items[4]]);
  assert.deepEqual(folding(items, 340, 10).folded, [items[4], items[3]]);
  assert.deepEqual(folding(items, 270, 10).folded, [items[4], items[3], items[1]]);
});

test('before a main one goes, others do with less', () => {
  const items = [stays(200, 100), main(60), main(70), secondary(50), more(40)];
  assert.deepEqual(folding(items, 300, 10), { folded: [items[3]], tight: true });
  assert.deepEqual(folding(items, 290, 10), { folded: [items[3], items[2]], tight: true });
  assert.deepEqual(folding(items, 150, 10), { folded: [items[3], items[2], items[1]], tight: true });
});

test('without secondary ones the button is not counted before it is needed', () => {
  const items = [stays(200, 100), main(60), more(40)];
  assert.deepEqual(folding(items, 180, 10), { folded: [], tight: true });
});

test('a phone keeps as many lines as what stays takes, and fills them', () => {
  const items = [stays(350), stays(380), main(120), main(120), secondary(90), more(80), stays(100)];
  assert.deepEqual(folding(items, 380, 10).folded, [items[4], items[3]]);
});

test('where those that stay take several lines anyway, the first main one stays with them', () => {
  const items = [stays(350), stays(380), main(250), main(300), main(300), more(150)];
  assert.deepEqual(folding(items, 380, 10).folded, [items[4], items[3]]);
  assert.equal(folds(items, 380, 10).lines, 4);
  assert.deepEqual(folding([stays(200), main(120), more(150)], 380, 10).folded, []);
  assert.deepEqual(folding([stays(200), main(190), more(150)], 380, 10).folded.length, 1); // one line is one line
});

test('what is being worked on stays where it is', () => {
  const items = [stays(100), main(60), { ...secondary(60), held: true }, more(40)];
  assert.deepEqual(folding(items, 220, 10).folded, [items[1]]);
});
