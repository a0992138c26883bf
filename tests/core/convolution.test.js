/** The lab of 2-D convolution: how far an input reaches, through every border, and what the stride leaves over. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axesOf, explained, leftOut, reachOf } from '../../static/js/core/lab/convolution.js';
import { nest, randomOf } from '../../static/js/core/lab/grids.js';
import { sizes } from '../../static/js/core/lab/windows.js';

const MODES = ['zeros', 'reflect', 'replicate', 'circular', 'symmetric'];
const random = randomOf(11);
const whole = (low, high) => low + Math.floor(random() * (high - low + 1));
const grid = (...shape) =>
  nest(
    Array.from({ length: shape.reduce((a, b) => a * b) }, () => whole(1, 9)),
    shape,
  );

test('an input reaches the outputs whose sums read it, through its copies in the border as well', () => {
  for (let i = 0; i < 200; i++) {
    const [tall, wide] = [whole(3, 6), whole(3, 6)];
    const values = {
      x: grid(1, tall, wide),
      k: grid(1, 1, whole(1, 3), whole(1, 3)),
      b: [0],
      padding: whole(0, 2),
      stride: whole(1, 3),
      dilation: 1,
      groups: 1,
      padding_mode: MODES[i % MODES.length],
      flip: i % 2 === 0,
    };
    const [rows, columns] = axesOf(values).map((axis) => sizes(axis).output);
    const [y, x] = [whole(0, tall - 1), whole(0, wide - 1)];
    const wanted = Array.from({ length: rows * columns }, (_, at) => at).filter((at) =>
      explained(values, [0, Math.floor(at / columns), at % columns], 0).terms.some(
        ({ source }) => source && source.index[1] === y && source.index[2] === x,
      ),
    );
    const index = (y + values.padding) * (wide + 2 * values.padding) + x + values.padding;
    const { stands, reaches } = reachOf(values, index);
    assert.deepEqual(
      [...reaches].sort((a, b) => a - b),
      wanted,
    );
    assert.ok(stands.includes(index));
    for (const copy of stands) assert.deepEqual(reachOf(values, copy), { stands, reaches }); // a copy stands for its number
  }
});

test('what the stride leaves over at the end is told from what it skips', () => {
  const marks = (axis) =>
    Array.from({ length: axis.size + axis.before + axis.after }, (_, i) => leftOut(axis)(i - axis.before));
  assert.deepEqual(marks({ size: 6, kernel: 3, stride: 2, before: 1, after: 1, dilation: 1 }), [
    ...Array(7).fill(''),
    'off cut',
  ]);
  assert.deepEqual(marks({ size: 7, kernel: 1, stride: 3, before: 0, after: 0, dilation: 1 }), [
    '',
    'off',
    'off',
    '',
    'off',
    'off',
    '',
  ]);
});
