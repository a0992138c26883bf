import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { addNoise, convolve, filtered, greyOf, planesOf, products, toPixels, windowAt } from '../../static/js/core/lab/filter.js';
import { FILTERS, kernelsOf, normalised, PAIRS, rangeOf, sumOf } from '../../static/js/core/lab/kernels.js';

const { picture, cases } = JSON.parse(readFileSync(new URL('../golden/lab/filters.json', import.meta.url), 'utf-8'));
const rows = picture.length, columns = picture[0].length, plane = Float32Array.from(picture.flat());
const settings = (given) => ({ size: 3, sigma: 1, angle: 0, wavelength: 4, normalise: false, k: given.kernel, ...given });

/** Every number within the rounding of float32. */
function same(found, wanted, text) {
  const flat = wanted.flat(), size = Math.max(1, ...flat.map(Math.abs));
  assert.equal(found.length, flat.length, text);
  flat.forEach((value, i) => assert.ok(Math.abs(found[i] - value) <= 1e-6 * size + 1e-6, `${text} at ${i}: ${found[i]} instead of ${value}`));
}

test('kernels and their results are scipy\'s', () => {
  const named = new Set(cases.map((each) => each.filter));
  for (const name of FILTERS) assert.ok(named.has(name) || name === 'own' || PAIRS[name], `${name} has no golden numbers`);
  for (const each of cases) {
    const name = each.filter.startsWith('random') ? 'own' : each.filter, [kernel] = kernelsOf(settings({ ...each, filter: name }));
    kernel.flat().forEach((value, i) => assert.ok(Math.abs(value - each.kernel.flat()[i]) < 1e-12, `${each.filter} kernel at ${i}`));
    same(convolve(plane, rows, columns, kernel), each.output, each.filter);
  }
});

test('a single pixel says the same as the whole picture, its mirrored border included', () => {
  for (const { kernel, output, filter } of cases) for (const [row, column] of [[0, 0], [0, columns - 1], [6, 8], [rows - 1, 3]]) {
    const { sum, cells } = windowAt(plane, rows, columns, kernel, row, column);
    assert.ok(Math.abs(sum - output[row][column]) < 1e-5, `${filter} at ${row}, ${column}`);
    assert.equal(cells.length, kernel.length * kernel[0].length);
    assert.ok(cells.every((cell) => cell.value === picture[cell.row][cell.column]));
  }
});

test('magnitudes are the length of both directions, in every plane', () => {
  const of = (name) => cases.find(({ filter }) => filter === name).output.flat();
  for (const [name, [first, second]] of Object.entries(PAIRS)) {
    const { planes } = filtered({ rows, columns, planes: [plane, plane.map((value) => 255 - value)] }, kernelsOf(settings({ filter: name, kernel: [[1]] })));
    const wanted = of(first).map((x, i) => Math.hypot(x, of(second)[i]));
    planes.forEach((found) => same(found, wanted, name));
  }
});

test('separable kernels are found, and their products add up to them', () => {
  for (const { kernel, filter, size } of cases) {
    const found = products(kernel.map((row) => Float64Array.from(row)));
    if (!found) { assert.ok(!['gaussian', 'box'].includes(filter) || size < 9, filter); continue; }
    kernel.forEach((row, y) => row.forEach((value, x) => assert.ok(Math.abs(found.reduce((sum, each) => sum + each.column[y] * each.row[x], 0) - value) < 1e-9, filter)));
    if (filter === 'gabor') assert.ok(found.length <= 3);
  }
});

test('what is outside a picture smaller than the kernel is mirrored again and again', () => {
  const out = convolve(Float32Array.of(1, 2), 1, 2, [[0, 0, 0, 0, 0, 0, 0, 0, 1]]);
  assert.deepEqual([...out], [1, 2]);   // four to the left: 2 1 | 1 2 | ...
});

test('grey, noise and levels of brightness are whole bytes', () => {
  assert.deepEqual([greyOf(255, 255, 255), greyOf(255, 0, 0), greyOf(0, 255, 0), greyOf(0, 0, 255), greyOf(10, 20, 30)], [255, 76, 150, 29, 18]);
  const rgba = Uint8ClampedArray.of(255, 0, 0, 255, 10, 20, 30, 255), grey = planesOf(rgba, 1, 2, false);
  assert.deepEqual([...grey.planes[0]], [76, 18]);
  assert.deepEqual(planesOf(rgba, 1, 2, true).planes.map((each) => [...each]), [[255, 10], [0, 20], [0, 30]]);
  const noisy = () => { const made = { rows: 100, columns: 100, planes: [new Float32Array(10000).fill(128)] }; addNoise(made, 20, 7); return made.planes[0]; };
  const values = noisy(), mean = values.reduce((sum, v) => sum + v, 0) / 10000, deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 10000);
  assert.deepEqual(noisy(), values);
  assert.ok(values.every((v) => Number.isInteger(v) && v >= 0 && v <= 255) && Math.abs(mean - 128) < 1 && Math.abs(deviation - 20) < 1, `${mean} ${deviation}`);
  const out = new Uint8ClampedArray(12), signed = { rows: 1, columns: 3, planes: [Float32Array.of(-100, 0, 300)] };
  toPixels(signed, 'middle', 0.5, out);
  assert.deepEqual([...out].filter((_, i) => i % 4 === 0), [78, 128, 255]);
  toPixels(signed, 'absolute', 1, out);
  assert.deepEqual([...out], [100, 100, 100, 255, 0, 0, 0, 255, 255, 255, 255, 255]);
  toPixels({ rows: 1, columns: 1, planes: [Float32Array.of(1), Float32Array.of(2), Float32Array.of(3)] }, 'plain', 1, out);
  assert.deepEqual([...out.slice(0, 4)], [1, 2, 3, 255]);
});

test('normalising divides by the sum, and leaves alone what adds up to nothing', () => {
  assert.ok(Math.abs(sumOf(normalised([[1, 2], [3, 4]])) - 1) < 1e-12);
  assert.deepEqual(normalised([[1, -1]]), [[1, -1]]);
  assert.deepEqual(rangeOf(kernelsOf(settings({ filter: 'sobel_x', kernel: [[1]] }))), [-1020, 1020]);
  assert.deepEqual(rangeOf(kernelsOf(settings({ filter: 'own', kernel: [[1]] }))), [0, 255]);
});
