/** A crop of the picture as grids of numbers: the pixels with what lies around them, the kernel, and the engine's results. */
/** @import { LabScene, Piece, Plane, Values } from '../../core/lab/types.js' */
/** @import { Look } from '../../core/lab/develop.js' */
/** @import { Source } from '../../core/lab/filter.js' */
import { levelOf } from '../../core/lab/develop.js';
import { before } from '../../core/lab/filter.js';
import { boundOfGrid, flat, shapeOf } from '../../core/lab/grids.js';
import { kernelsOf } from '../../core/lab/kernels.js';
import { copied } from '../../core/lab/windows.js';

/** @typedef {{top: number, left: number, rows: number, columns: number}} Crop */

const MOST = 64;
const NAMES = ['R', 'G', 'B'];

/**
 * Where the crop lies, around the chosen pixel and inside the picture; with its kernel's reach it is no larger than the engine
 * takes.
 * @param {Values} values
 * @param {number} rows
 * @param {number} columns
 * @returns {Crop}
 */
export function cropOf(values, rows, columns) {
  const [, tall, wide] = shapeOf(kernelsOf(/** @type {any} */ (values)));
  const along = (/** @type {number} */ size, /** @type {number} */ kernel, /** @type {number} */ at) => {
    const side = Math.max(1, Math.min(values.side, size, MOST - kernel + 1));
    return [side, Math.min(Math.max(0, at - (side >> 1)), size - side)];
  };
  const [height, top] = along(rows, tall, values.row - 1);
  const [width, left] = along(columns, wide, values.column - 1);
  return { top, left, rows: height, columns: width };
}

/**
 * The request whose answer is the filtered crop: its neighbours are sent along, and what lies outside the picture is mirrored
 * by the engine.
 * @param {Values} values
 * @param {Source} source
 */
export function filterRequest(values, { rows, columns, colours, at }) {
  const kernels = kernelsOf(/** @type {any} */ (values));
  const crop = cropOf(values, rows, columns);
  const [, tall, wide] = shapeOf(kernels);
  const span = (
    /** @type {number} */ first,
    /** @type {number} */ count,
    /** @type {number} */ size,
    /** @type {number} */ kernel,
  ) => {
    const [from, to] = [first - before(kernel), first + count + kernel - 1 - before(kernel)];
    return { from: Math.max(0, from), to: Math.min(size, to), padding: [Math.max(0, -from), Math.max(0, to - size)] };
  };
  const y = span(crop.top, crop.rows, rows, tall);
  const x = span(crop.left, crop.columns, columns, wide);
  const inputs = Array.from({ length: colours }, (_, c) =>
    Array.from({ length: y.to - y.from }, (_row, i) =>
      Array.from({ length: x.to - x.from }, (_column, j) => at(c, y.from + i, x.from + j)),
    ),
  );
  const plain = colours === 1 && kernels.length === 1;
  return {
    op: 'conv2d',
    body: {
      input: colours === 1 ? inputs[0] : inputs,
      kernel: plain ? kernels[0] : inputs.flatMap(() => kernels.map((kernel) => [kernel])),
      groups: colours,
      padding: [y.padding, x.padding],
      padding_mode: 'symmetric',
      flip: true,
      steps: false,
    },
  };
}

/** The engine's planes: per colour one for each kernel. @param {any} output @returns {number[][][]} */
export const outputPlanes = (output) => (shapeOf(output).length === 2 ? [output] : output);

/** The length of what both kernels answer, per colour. @param {number[][][]} planes @returns {number[][][]} */
export const lengths = (planes) =>
  Array.from({ length: planes.length / 2 }, (_, c) =>
    planes[2 * c].map((row, y) => row.map((value, x) => Math.hypot(value, planes[2 * c + 1][y][x]))),
  );

/**
 * The crop with the border that the kernel reads.
 * @param {LabScene} scene
 * @param {Source} source
 * @param {number} channel
 * @param {number} at   position of the result
 * @returns {Plane}
 */
function inputPlane({ values, say }, source, channel, at) {
  const { rows, columns } = source;
  const colour = source.colours === 3;
  const crop = cropOf(values, rows, columns);
  const [, tall, wide] = shapeOf(kernelsOf(/** @type {any} */ (values)));
  const [height, width] = [crop.rows + tall - 1, crop.columns + wide - 1];
  const [row, column] = [Math.floor(at / crop.columns), at % crop.columns];
  const place = (/** @type {number} */ i) => [
    crop.top - before(tall) + Math.floor(i / width),
    crop.left - before(wide) + (i % width),
  ];
  const cells = Array.from({ length: height * width }, (_, i) => {
    const [y, x] = place(i);
    return source.at(channel, copied(y, rows, 'symmetric'), copied(x, columns, 'symmetric'));
  });
  return {
    kind: 'plane',
    id: `x.${channel}`,
    label: colour ? NAMES[channel] : say('input'),
    rows: height,
    columns: width,
    cells,
    bound: 255,
    ground: (i) => tinted(cells[i], colour ? channel : null),
    mark(i) {
      const [y, x] = place(i);
      const [down, across] = [Math.floor(i / width) - row, (i % width) - column];
      const window = down >= 0 && down < tall && across >= 0 && across < wide;
      return `${y < 0 || x < 0 || y >= rows || x >= columns ? 'padding' : ''}${window ? ' window' : ''}`;
    },
  };
}

/**
 * A single colour's brightness in that colour.
 * @param {number} value
 * @param {number | null} channel
 * @returns {[number, number, number]}
 */
export const tinted = (value, channel) =>
  channel === null
    ? [value, value, value]
    : /** @type {[number, number, number]} */ ([0, 1, 2].map((each) => (each === channel ? value : 0)));

/**
 * @param {LabScene} scene
 * @param {string} id
 * @param {string} label
 * @param {number[][]} grid
 * @param {number} at
 * @param {(value: number) => number} level
 * @param {number | null} channel
 * @returns {Plane}
 */
function resultPlane(scene, id, label, grid, at, level, channel) {
  const [rows, columns] = shapeOf(grid);
  const cells = flat(grid);
  return {
    kind: 'plane',
    id,
    label,
    rows,
    columns,
    cells,
    bound: boundOfGrid(grid),
    ground: (i) => tinted(level(cells[i]), channel),
    pick: (i) => scene.go(i),
    mark: (i) => (i === at ? 'here' : scene.step !== null && i > scene.step ? 'later' : ''),
  };
}

/**
 * @param {LabScene} scene
 * @param {Source} source
 * @param {{look: Look, gain: number}} how
 * @param {number} at
 * @returns {Piece[]} in a row, in two, and in a column
 */
export function pixelFigure(scene, source, { look, gain }, at) {
  const { values, say, answer } = scene;
  const kernels = kernelsOf(/** @type {any} */ (values));
  const pair = kernels.length === 2;
  const colour = source.colours === 3;
  const own = values.filter === 'own';
  const grids = own ? [values.k] : kernels;
  const found = outputPlanes(answer.output);
  const level = levelOf(look, gain);
  const name = (/** @type {number} */ i) =>
    pair
      ? `${say('kernel')} ${'xy'[i]}`
      : own && values.normalise
        ? say('kernel_over', {
            sum: String(
              Number(
                flat(values.k)
                  .reduce((a, b) => a + b, 0)
                  .toPrecision(6),
              ),
            ),
          })
        : say('kernel');
  const kernelPlanes = grids.map(
    (/** @type {number[][]} */ grid, /** @type {number} */ i) =>
      /** @type {Plane} */ ({
        kind: 'plane',
        id: `k.${i}`,
        label: name(i),
        rows: grid.length,
        columns: grid[0].length,
        cells: flat(grid),
        bound: boundOfGrid(grid),
        ...(own ? { edits: { key: 'k', at: [] } } : {}),
      }),
  );
  const channel = (/** @type {number} */ c) => (colour ? c : null);
  const title = (/** @type {number} */ c) => (colour ? NAMES[c] : say('output'));
  const last = (pair ? lengths(found) : found).map((grid, c) =>
    resultPlane(scene, `y.${c}`, pair && !colour ? say('length') : title(c), grid, at, level, channel(c)),
  );
  const /** @type {Piece} */ sign = { kind: 'sign', text: pair && colour ? '→' : '=' };
  /** @type {Piece} */ const star = { kind: 'sign', text: '∗' };
  /** @type {Piece} */ const arrow = { kind: 'sign', text: '→' };
  const both =
    pair && !colour
      ? found.map((grid, i) => resultPlane(scene, `y.${'xy'[i]}`, `G${'xy'[i]}`, grid, at, levelOf('middle', 0.5 * gain), null))
      : [];
  const inputs = Array.from({ length: source.colours }, (_, c) => inputPlane(scene, source, c, at));
  const group = (/** @type {'row' | 'column'} */ kind, /** @type {Piece[]} */ items) =>
    /** @type {Piece} */ (items.length === 1 ? items[0] : { kind, items });
  return [
    group('row', [
      group('column', inputs),
      star,
      group('column', kernelPlanes),
      sign,
      ...(both.length ? [group('column', both), arrow] : []),
      group('column', last),
    ]),
    group('column', [
      group('row', [group('row', inputs), star, group('row', kernelPlanes)]),
      group('row', [sign, ...(both.length ? [group('row', both), arrow] : []), group('row', last)]),
    ]),
    group('column', [
      group('row', inputs),
      group('row', [star, group('row', kernelPlanes), sign]),
      ...(both.length ? [group('row', both)] : []),
      group('row', last),
    ]),
  ];
}
