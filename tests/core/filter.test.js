import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bandsOf, develop, expose, levelOf, sourceOf, workersFor } from '../../static/js/core/lab/develop.js';
import { before, convolve, greyOf, products, tapsOf, windowAt } from '../../static/js/core/lab/filter.js';
import { randomOf } from '../../static/js/core/lab/grids.js';
import { simd } from '../../static/js/core/lab/simd.js';
import { plain as scripts } from '../../static/js/core/lab/taps.js';
import { FILTERS, kernelsOf, normalised, PAIRS, rangeOf, sumOf } from '../../static/js/core/lab/kernels.js';

const { picture, cases } = JSON.parse(readFileSync(new URL('../golden/lab/filters.json', import.meta.url), 'utf-8'));
const rows = picture.length;
const columns = picture[0].length;
const plane = Float32Array.from(picture.flat());
const source = { rows, columns, colours: 1, at: (channel, row, column) => plane[row * columns + column] };
const settings = (given) => ({ size: 3, sigma: 1, angle: 0, wavelength: 4, normalise: false, k: given.kernel, ...given });

const TOOLS = { scripts, simd: simd() };

/** Every number within the rounding of float32: 1e-6 of the largest, or of the largest sum of products without their signs. */
function same(found, wanted, text, most = 1) {
  const flat = wanted.flat();
  const size = Math.max(most, ...flat.map(Math.abs));
  assert.equal(found.length, flat.length, text);
  flat.forEach((value, i) =>
    assert.ok(Math.abs(found[i] - value) <= 1e-6 * size + 1e-6, `${text} at ${i}: ${found[i]} instead of ${value}`),
  );
}

test("kernels and their results are scipy's", () => {
  const named = new Set(cases.map((each) => each.filter));
  for (const name of FILTERS) assert.ok(named.has(name) || name === 'own' || PAIRS[name], `${name} has no golden numbers`);
  for (const each of cases) {
    const name = each.filter.startsWith('random') ? 'own' : each.filter;
    const [kernel] = kernelsOf(settings({ ...each, filter: name }));
    kernel
      .flat()
      .forEach((value, i) => assert.ok(Math.abs(value - each.kernel.flat()[i]) < 1e-12, `${each.filter} kernel at ${i}`));
    for (const [name, tools] of Object.entries(TOOLS))
      same(convolve(plane, rows, columns, [kernel], tools), each.output, `${each.filter} by ${name}`);
  }
});

test('a single pixel says the same as the whole picture, its mirrored border included', () => {
  for (const { kernel, output, filter } of cases)
    for (const [row, column] of [
      [0, 0],
      [0, columns - 1],
      [6, 8],
      [rows - 1, 3],
    ]) {
      const { sum, cells } = windowAt(source, 0, kernel, row, column);
      assert.ok(Math.abs(sum - output[row][column]) < 1e-5, `${filter} at ${row}, ${column}`);
      assert.equal(cells.length, kernel.length * kernel[0].length);
      assert.ok(cells.every((cell) => cell.value === picture[cell.row][cell.column]));
    }
});

test('magnitudes are the length of both directions', () => {
  const of = (name) => cases.find(({ filter }) => filter === name).output.flat();
  for (const [name, [first, second]] of Object.entries(PAIRS)) {
    for (const tools of Object.values(TOOLS))
      same(
        convolve(plane, rows, columns, kernelsOf(settings({ filter: name, kernel: [[1]] })), tools),
        of(first).map((x, i) => Math.hypot(x, of(second)[i])),
        name,
      );
  }
});

/** Normal numbers, near enough. */
const numbers = (random, count) => Array.from({ length: count }, () => random() + random() + random() - 1.5);

/** A kernel of that rank: a sum of so many random products. */
function ranked(random, tall, wide, rank) {
  const parts = Array.from({ length: rank }, () => [numbers(random, tall), numbers(random, wide)]);
  return Array.from({ length: tall }, (_, y) =>
    Array.from({ length: wide }, (_cell, x) => parts.reduce((sum, [column, row]) => sum + column[y] * row[x], 0)),
  );
}

test('random kernels of every rank answer as one pixel after the other does', () => {
  const random = randomOf(11);
  const below = (most) => 1 + Math.floor(random() * most);
  let [apart, whole] = [0, 0];
  for (let round = 0; round < 160; round++) {
    const [height, width, tall, wide] = [below(24), below(24), below(21), below(21)];
    const rank = round % 2 ? below(3) : Math.min(tall, wide);
    const kernel = ranked(random, tall, wide, rank);
    const bytes = Array.from({ length: height * width }, () => Math.floor(256 * random()));
    if (tapsOf([kernel]) < tall * wide) apart++;
    else whole++;
    const about = { rows: height, columns: width, colours: 1, at: (_, row, column) => bytes[row * width + column] };
    const windows = bytes.map((_, i) => windowAt(about, 0, kernel, Math.floor(i / width), i % width));
    const sums = windows.map(({ sum }) => sum);
    const sizes = windows.map(({ cells }) => cells.reduce((sum, { value, weight }) => sum + Math.abs(value * weight), 0));
    const text = `${tall} x ${wide} of rank ${rank} over ${height} x ${width}`;
    same(convolve(bytes, height, width, [kernel], scripts), sums, text);
    same(convolve(bytes, height, width, [kernel], TOOLS.simd), sums, `${text} by simd`, Math.max(...sizes));
  }
  assert.ok(apart > 30 && whole > 30, `${apart} in products, ${whole} whole`);
});

test('a kernel of low rank is worked off in as many products, and only where that is less work', () => {
  const random = randomOf(3);
  const lying = (kernel) => kernel.map((row) => Float64Array.from(row));
  for (const rank of [1, 2, 3, 4]) assert.equal(products(lying(ranked(random, 15, 13, rank)))?.length, rank);
  assert.equal(products(lying(ranked(random, 15, 13, 13))), null);
  assert.equal(
    tapsOf(kernelsOf(settings({ filter: 'gabor', size: 21, sigma: 4, angle: 30, wavelength: 6, kernel: [[1]] }))),
    3 * 42,
  );
  assert.equal(tapsOf(kernelsOf(settings({ filter: 'sobel', kernel: [[1]] }))), 18);
});

test('separable kernels are found, and their products add up to them', () => {
  for (const { kernel, filter, size } of cases) {
    const found = products(kernel.map((row) => Float64Array.from(row)));
    if (!found) {
      assert.ok(!['gaussian', 'box'].includes(filter) || size < 9, filter);
      continue;
    }
    kernel.forEach((row, y) =>
      row.forEach((value, x) =>
        assert.ok(Math.abs(found.reduce((sum, each) => sum + each.column[y] * each.row[x], 0) - value) < 1e-9, filter),
      ),
    );
    if (filter === 'gabor') assert.ok(found.length <= 3);
  }
});

test('what is outside a picture smaller than the kernel is mirrored again and again', () => {
  const out = convolve([1, 2], 1, 2, [[[0, 0, 0, 0, 0, 0, 0, 0, 1]]]);
  assert.deepEqual([...out], [1, 2]); // four to the left: 2 1 | 1 2 | ...
});

/** A frame of random bytes. */
function frameOf(height, width, seed = 1) {
  const random = randomOf(seed);
  const rgba = Uint8ClampedArray.from({ length: 4 * height * width }, (_, i) => (i % 4 === 3 ? 255 : 256 * random()));
  return { key: 'frame', rows: height, columns: width, rgba, turn: 3 };
}

/** Both pictures of a frame, worked off in so many bands. */
function pictures({ rows: height, columns: width, rgba, turn }, how, count, tools = scripts) {
  const [shown, after] = [new Uint8ClampedArray(rgba.length), new Uint8ClampedArray(rgba.length)];
  for (const { from, to, first, last } of bandsOf({ rows: height }, how.kernels, count)) {
    const band = {
      rows: height,
      columns: width,
      turn,
      from,
      first,
      last,
      rgba: rgba.slice(4 * from * width, 4 * to * width),
      after: new Uint8ClampedArray(4 * (last - first) * width),
    };
    develop(band, how, tools);
    shown.set(band.rgba.subarray(4 * (first - from) * width, 4 * (last - from) * width), 4 * first * width);
    after.set(band.after, 4 * first * width);
  }
  return { shown, after };
}

const plain = { kernels: [[[1]]], colour: true, noise: 0, seed: 1, look: 'plain', gain: 1 };

test('grey and levels of brightness are whole bytes', () => {
  assert.deepEqual(
    [greyOf(255, 255, 255), greyOf(255, 0, 0), greyOf(0, 255, 0), greyOf(0, 0, 255), greyOf(10, 20, 30)],
    [255, 76, 150, 29, 18],
  );
  assert.deepEqual([-100, 0, 300].map(levelOf('middle', 0.5)), [78, 128, 255]);
  assert.deepEqual([-100, 0, 300].map(levelOf('absolute', 1)), [100, 0, 255]);
  const frame = { key: '', rows: 1, columns: 2, rgba: Uint8ClampedArray.of(255, 0, 0, 255, 10, 20, 30, 255) };
  assert.deepEqual([...pictures(frame, { ...plain, colour: false }, 1).after], [76, 76, 76, 255, 18, 18, 18, 255]);
  assert.deepEqual([...pictures(frame, plain, 1).after], [...frame.rgba]);
});

test('a picture in bands is the picture in one piece, and every pixel is what its sum says', () => {
  const kernels = [...ranked(randomOf(5), 9, 9, 9).map((row) => row.map((v) => v / 20))];
  const frame = frameOf(41, 23);
  const ways = [
    { kernels: [kernels], look: 'middle' },
    { kernels: kernelsOf(settings({ filter: 'sobel', kernel: [[1]] })), look: 'plain' },
    { kernels: [[[0.3, -0.2]]], look: 'absolute' },
  ];
  for (const way of ways)
    for (const colour of [true, false])
      for (const noise of [0, 25]) {
        const how = { ...plain, ...way, colour, noise, gain: 0.8 };
        const whole = pictures(frame, how, 1);
        const about = sourceOf(frame, how);
        const level = levelOf(how.look, how.gain);
        for (const count of [2, 3]) assert.deepEqual(pictures(frame, how, count), whole, `${count} bands`);
        for (let row = 0; row < 41; row += 4)
          for (let column = 0; column < 23; column += 3)
            for (let c = 0; c < 3; c++) {
              const channel = colour ? c : 0;
              const sums = how.kernels.map((kernel) => windowAt(about, channel, kernel, row, column).sum);
              const i = 4 * (23 * row + column) + c;
              assert.equal(whole.shown[i], about.at(channel, row, column));
              assert.equal(
                whole.after[i],
                level(how.kernels.length > 1 ? Math.sqrt(sums[0] ** 2 + sums[1] ** 2) : sums[0]),
                `row ${row}, column ${column}, channel ${c}`,
              );
            }
      }
});

test('WebAssembly develops the same pictures: the first to the byte, the second but for halves that float32 rounds the other way', () => {
  const gabor = kernelsOf(settings({ filter: 'gabor', size: 15, sigma: 3, angle: 30, wavelength: 6, kernel: [[1]] }));
  const frame = frameOf(60, 83, 4);
  for (const [kernels, look] of [
    [gabor, 'middle'],
    [gabor, 'absolute'],
    [kernelsOf(settings({ filter: 'prewitt', kernel: [[1]] })), 'plain'],
    [
      [
        [
          [0.1, 0.2],
          [0.3, 0.4],
        ],
      ],
      'plain',
    ],
    [[[[0]]], 'middle'],
  ]) {
    for (const colour of [true, false])
      for (const noise of [0, 40]) {
        const how = { ...plain, kernels, look, colour, noise, gain: 1.3 };
        const [mine, theirs] = Object.values(TOOLS).map((tools) => pictures(frame, how, 2, tools));
        assert.deepEqual(theirs.shown, mine.shown);
        const apart = mine.after.map((byte, i) => Math.abs(byte - theirs.after[i]));
        assert.ok(
          Math.max(...apart) <= 1 && apart.filter(Boolean).length <= apart.length / 100,
          `${look}: ${apart.filter(Boolean).length} of ${apart.length}, up to ${Math.max(...apart)}`,
        );
      }
  }
});

test('grey is the same for every sum of weights', () => {
  const rgba = Uint8ClampedArray.from({ length: 4 * 256 * 1001 }, (_, i) =>
    i % 4 === 3 ? 255 : [i >> 2, (i >> 2) * 7, (i >> 9) * 3][i % 4] & 255,
  );
  const mine = rgba.slice();
  const theirs = rgba.slice();
  scripts.grey(mine);
  TOOLS.simd.grey(theirs);
  assert.deepEqual(theirs, mine);
  assert.deepEqual([...mine.slice(4000, 4004)], [...Array(3).fill(greyOf(...rgba.slice(4000, 4003))), 255]);
});

test('bands hold the rows that the kernel reads, odd and even, and no more', () => {
  for (const tall of [1, 2, 5, 8]) {
    const bands = bandsOf({ rows: 100 }, [Array.from({ length: tall }, () => [1])], 3);
    assert.deepEqual(
      bands.map(({ first }) => first),
      [0, 33, 67],
    );
    bands.forEach(({ from, to, first, last }, i) => {
      assert.equal(last, bands[i + 1]?.first ?? 100);
      assert.deepEqual([from, to], [Math.max(0, first - before(tall)), Math.min(100, last - before(tall) + tall - 1)]);
    });
  }
  assert.deepEqual(bandsOf({ rows: 5 }, [[[1], [1], [1], [1]]], 4), [{ from: 0, to: 5, first: 0, last: 5 }]);
});

test('noise is normal, the same for a seed, and another for each frame of a film', () => {
  const noisy = (turn, seed) => {
    const band = {
      rows: 100,
      columns: 100,
      turn,
      from: 0,
      first: 0,
      last: 100,
      rgba: new Uint8ClampedArray(40000).fill(128),
      after: new Uint8ClampedArray(40000),
    };
    expose(band, { ...plain, noise: 20, seed });
    return band.rgba;
  };
  const values = [...noisy(0, 7)].filter((_, i) => i % 4 < 3);
  const mean = values.reduce((sum, v) => sum + v, 0) / 30000;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 30000);
  assert.ok(Math.abs(mean - 128) < 0.6 && Math.abs(deviation - 20) < 0.6, `${mean} ${deviation}`);
  assert.deepEqual(noisy(0, 7), noisy(0, 7));
  for (const other of [noisy(1, 7), noisy(0, 8)]) assert.notDeepEqual(other, noisy(0, 7));
});

test('normalising divides by the sum, and leaves alone what adds up to nothing', () => {
  assert.ok(
    Math.abs(
      sumOf(
        normalised([
          [1, 2],
          [3, 4],
        ]),
      ) - 1,
    ) < 1e-12,
  );
  assert.deepEqual(normalised([[1, -1]]), [[1, -1]]);
  assert.deepEqual(rangeOf(kernelsOf(settings({ filter: 'sobel_x', kernel: [[1]] }))), [-1020, 1020]);
  assert.deepEqual(rangeOf(kernelsOf(settings({ filter: 'own', kernel: [[1]] }))), [0, 255]);
});

test('one processor is left to the page, and without vectors a second one helps sooner', () => {
  const sobel = 1e6 * 9;
  const gabor = 1e6 * 441 * 0.5;
  assert.equal(workersFor(sobel, 2, true), 1);
  assert.equal(workersFor(gabor, 2, true), 1);
  assert.equal(workersFor(gabor, 2, false), 2);
  assert.equal(workersFor(3 * gabor, 2, true), 2);
  assert.equal(workersFor(gabor, 1, false), 1);
  assert.deepEqual(
    [3, 8, 64].map((processors) => workersFor(sobel, processors, true)),
    [2, 4, 4],
  );
});
