import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitsOf, codeOf, levelAt, memoryOf, roundEven, sizeOf } from '../../static/js/core/lab/levels.js';
import { digits, inCells, partOf, pixelAt, settled, zoomed } from '../../static/js/core/lab/zoom.js';
import { wheelFactor } from '../../static/js/view/lab/gestures.js';

const panel = { width: 600, height: 400 };
const size = { rows: 200, columns: 300 };

test('the whole picture fits and is centred; near an edge the part stops there', () => {
  assert.deepEqual(partOf(panel, { rows: 100, columns: 100 }, { row: 3, column: 90 }, 0), { left: -25, top: 0, scale: 4 });
  assert.deepEqual(partOf(panel, size, { row: 0, column: 0 }, 8), { left: 0, top: 0, scale: 50 });
  assert.deepEqual(partOf(panel, size, { row: 199, column: 299 }, 8), { left: 288, top: 192, scale: 50 });
  assert.deepEqual(partOf(panel, size, { row: 100, column: 100 }, 8), { left: 94.5, top: 96.5, scale: 50 });
});

test('every pixel is found where it is painted', () => {
  for (const across of [0, 5, 8, 33])
    for (const middle of [
      { row: 0, column: 0 },
      { row: 77, column: 140 },
      { row: 199, column: 299 },
    ]) {
      const part = partOf(panel, size, middle, across);
      const x = (middle.column + 0.5 - part.left) * part.scale;
      const y = (middle.row + 0.5 - part.top) * part.scale;
      assert.deepEqual(pixelAt(part, size, x, y), middle);
    }
  assert.equal(
    pixelAt(partOf(panel, { rows: 100, columns: 100 }, { row: 0, column: 0 }, 0), { rows: 100, columns: 100 }, 3, 3),
    null,
  );
});

test('zooming keeps what is under the pointer, to the half of a pixel', () => {
  let middle = { row: 100, column: 150 };
  let across = 0;
  const point = { x: 400, y: 130 };
  const first = partOf(panel, size, middle, across);
  const under = [first.left + point.x / first.scale, first.top + point.y / first.scale];
  for (let i = 0; i < 12; i++) {
    ({ across, middle } = zoomed(partOf(panel, size, middle, across), panel, size, 1.3, point));
    const part = partOf(panel, size, middle, across);
    const now = [part.left + point.x / part.scale, part.top + point.y / part.scale];
    assert.ok(Math.abs(now[0] - under[0]) < 7 && Math.abs(now[1] - under[1]) < 7, `${now} drifted from ${under}`);
  }
  assert.ok(across <= 10 && across >= 2);
  for (let i = 0; i < 20; i++) ({ across, middle } = zoomed(partOf(panel, size, middle, across), panel, size, 0.7, point));
  assert.equal(across, 0);
});

test('small steps add up, and what lay between two fingers stays between them', () => {
  let place = { across: 40, middle: { row: 100, column: 150 } };
  for (let i = 0; i < 30; i++)
    place = zoomed(partOf(panel, size, place.middle, place.across), panel, size, 1.02, { x: 9, y: 9 });
  assert.ok(Math.abs(place.across - 40 / 1.02 ** 30) < 1e-9);
  assert.deepEqual(Object.keys(settled(place)), ['across', 'pixel']);
  assert.ok(Object.values(settled(place).pixel).every(Number.isInteger));

  const before = partOf(panel, size, { row: 100, column: 150 }, 40);
  const [from, to] = [
    { x: 200, y: 120 },
    { x: 260, y: 90 },
  ];
  const { across, middle } = zoomed(before, panel, size, 2, from, to);
  const after = partOf(panel, size, middle, across);
  assert.equal(across, 20);
  assert.ok(Math.abs(before.left + from.x / before.scale - (after.left + to.x / after.scale)) < 1e-9);
  assert.ok(Math.abs(before.top + from.y / before.scale - (after.top + to.y / after.scale)) < 1e-9);
});

test('a notch of the wheel, a touch pad and its pinch all zoom at the pace of the hand', () => {
  const turn = (deltaY, more = {}) => wheelFactor({ deltaY, deltaMode: 0, ctrlKey: false, ...more });
  assert.ok(turn(-100) > 1.15 && turn(-100) < 1.3);
  assert.ok(Math.abs(turn(-100) * turn(100) - 1) < 1e-12);
  assert.ok(Math.abs(turn(-4) ** 25 - turn(-100)) < 1e-12); // a touch pad sends many small ones
  assert.ok(turn(-3, { ctrlKey: true }) > 1.04);
  assert.equal(turn(-100, { ctrlKey: true }), turn(-3, { deltaMode: 2 })); // nothing jumps
});

test('no cell is cut', () => {
  const frame = { x: 10, y: 20, width: 610, height: 400 };
  const whole = inCells(frame, partOf(frame, size, { row: 100, column: 100 }, 8), size, 9);
  assert.deepEqual(whole.frame, { x: 15, y: 20, width: 600, height: 400 });
  assert.ok(Number.isInteger(whole.part.left) && Number.isInteger(whole.part.top));
  const far = partOf(frame, size, { row: 100, column: 100 }, 60);
  assert.equal(inCells(frame, far, size, 9).part, far);
});

test('digits are as large as the cell allows, or left out', () => {
  assert.equal(digits(12, 1, 3), 0);
  assert.ok(digits(60, 1, 3) > 24 && digits(60, 3, 3) < 20 && digits(60, 3, 3) >= 15);
});

test('levels are rounded as torch does, and memory is counted', () => {
  assert.deepEqual([0.5, 1.5, 2.5, -0.5, 2.4, 2.6].map(roundEven), [0, 2, 2, 0, 2, 3]);
  assert.deepEqual(
    [0, 31, 63, 64, 127, 128, 255].map((v) => codeOf(v, 2)),
    [0, 0, 0, 0, 0, 1, 1],
  );
  assert.deepEqual(
    [42, 43, 127, 128, 213].map((v) => levelAt(codeOf(v, 4), 4)),
    [0, 85, 85, 170, 255],
  );
  for (let v = 0; v < 256; v++) assert.equal(levelAt(codeOf(v, 256), 256), v);
  assert.deepEqual([2, 3, 4, 16, 17, 256].map(bitsOf), [1, 2, 2, 4, 5, 8]);
  assert.deepEqual(memoryOf(224, 224, 3, 32, 256), {
    numbers: 150528,
    bytes: 150528,
    floats: 602112,
    batch: 19267584,
    packed: 150528,
  });
  assert.deepEqual(
    [512, 150528, 602112, 19267584, 3 * 1024 ** 3].map((bytes) => sizeOf(bytes).text),
    ['512 B', '147 KiB', '588 KiB', '18.4 MiB', '3 GiB'],
  );
  assert.deepEqual(
    [150528, 150529, 24 * 1024 ** 2].map((bytes) => sizeOf(bytes).exact),
    [true, false, true],
  );
});
