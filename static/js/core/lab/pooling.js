/** Pooling along two axes: which cells a window covers, what a mean is divided by, where winners stand, which windows hold a cell. */
/** @import { LabScene, Values } from './types.js' */
import { shapeOf } from './grids.js';
import { kept } from './kept.js';
import { moved, planesOf } from './reading.js';
import { under } from './windows.js';

/** Whether windows have one size, and do not follow from a wanted output size. @param {Values} values */
export const fixed = (values) => values.windows === 'fixed';

/**
 * The pictures that are pooled: in the view "shift" the first channel, and itself moved.
 * @param {Values} values
 * @param {string} view
 * @returns {number[][][]}
 */
export const pictures = ({ x, dx, dy }, view) => (view === 'shift' ? [x[0], moved(x[0], dy, dx)] : x);

/** Padding is drawn around pictures where windows of fixed size reach into it. @param {Values} values */
export const border = (values) => (fixed(values) ? values.padding : 0);

/**
 * Which rows and columns the window of an output covers; they may lie outside.
 * @param {LabScene} scene
 * @param {number} row
 * @param {number} column
 * @returns {[number[], number[]]}
 */
export function windowOf({ values, answer }, row, column) {
  if (answer.windows)
    return /** @type {any} */ (
      [
        ['rows', row],
        ['columns', column],
      ].map(([axis, at]) => range(answer.windows[axis][at][0], answer.windows[axis][at][1]))
    );
  const { k: kernel, stride, padding, dilation, pool } = values;
  const [tall, wide] = shapeOf(values.x[0]);
  const axis = (/** @type {number} */ size) => ({
    size,
    kernel,
    stride,
    before: padding,
    after: padding,
    dilation: pool === 'max' ? dilation : 1,
  });
  return [under(axis(tall), row), under(axis(wide), column)];
}

/** @param {number} start @param {number} stop */
const range = (start, stop) => Array.from({ length: stop - start }, (_, i) => start + i);

/**
 * The cells of a window that are no padding, in reading order.
 * @param {LabScene} scene
 * @param {[number, number, number]} at
 * @returns {{value: number, row: number, column: number}[]}
 */
export function cellsOf(scene, [channel, row, column]) {
  const picture = pictures(scene.values, scene.view)[channel];
  const [rows, columns] = windowOf(scene, row, column);
  return rows.flatMap((y) =>
    columns.filter((x) => picture[y]?.[x] !== undefined).map((x) => ({ value: picture[y][x], row: y, column: x })),
  );
}

/**
 * What a mean is divided by: the window's cells, where padding counts also those in it; past the padding nothing counts.
 * @param {LabScene} scene
 * @param {[number, number, number]} at
 */
export function divisorOf(scene, at) {
  const { values, answer } = scene;
  if (answer.windows || !values.count_include_pad) return cellsOf(scene, at).length;
  const sides = shapeOf(values.x[0]);
  const within = (/** @type {number[]} */ cells, /** @type {number} */ i) =>
    cells.filter((cell) => cell < sides[i] + values.padding).length;
  return windowOf(scene, at[1], at[2])
    .map(within)
    .reduce((a, b) => a * b, 1);
}

/**
 * The winner of one output, as "row,column".
 * @param {LabScene} scene
 * @param {number} channel
 * @param {[number, number, number]} at
 */
export const winnerOf = ({ answer }, channel, [, row, column]) =>
  answer.winners ? String((shapeOf(answer.output).length === 2 ? [answer.winners] : answer.winners)[channel][row][column]) : '';

/**
 * Where the winners of the outputs up to the step are, as indices into a padded channel.
 * @param {LabScene} scene
 * @param {number} channel
 * @returns {number[]}
 */
export function winnersOf(scene, channel) {
  const { answer, step, view } = scene;
  const places = answer.winners && (shapeOf(answer.output).length === 2 ? [answer.winners] : answer.winners)[channel];
  if (!places) return [];
  const all = kept(answer, `won.${channel}`, () =>
    places.flat().map((/** @type {[number, number]} */ [row, column]) => indexOf(scene, row, column)),
  );
  const before = view === 'shift' ? 0 : channel * all.length;
  return step === null ? all : all.slice(0, Math.max(0, step + 1 - before));
}

/** @param {LabScene} scene @returns {[number, number]} rows and columns of a channel with its padding */
export const paddedSize = ({ values }) => {
  const [tall, wide] = shapeOf(values.x[0]);
  return [tall + 2 * border(values), wide + 2 * border(values)];
};

/** A cell of a channel among those with padding. @param {LabScene} scene @param {number} row @param {number} column */
export const indexOf = (scene, row, column) =>
  (row + border(scene.values)) * paddedSize(scene)[1] + column + border(scene.values);

/**
 * The outputs whose windows hold the input cell that is pointed at; null where none is.
 * @param {LabScene} scene
 * @param {number} channel
 * @returns {number[] | null}
 */
export function reachOf(scene, channel) {
  const { hover, answer } = scene;
  const found = hover && /^x\.(\d+)$/.exec(hover.grid);
  const [, rows, columns] = shapeOf(planesOf(answer.output));
  if (!found || !hover) return null;
  if (Number(found[1]) !== channel) return [];
  const edge = border(scene.values);
  const wide = paddedSize(scene)[1];
  const y = Math.floor(hover.index / wide) - edge;
  const x = (hover.index % wide) - edge;
  const along = (/** @type {number} */ count, /** @type {(at: number) => number[]} */ window, /** @type {number} */ place) =>
    Array.from({ length: count }, (_, at) => at).filter((at) => window(at).includes(place));
  const down = along(rows, (at) => windowOf(scene, at, 0)[0], y);
  const right = along(columns, (at) => windowOf(scene, 0, at)[1], x);
  return down.flatMap((row) => right.map((column) => row * columns + column));
}
