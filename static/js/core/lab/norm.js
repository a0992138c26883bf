/** Who shares mean and variance with whom, for a tensor of samples, channels, rows and columns. */
/** @import { LabScene, Values } from './types.js' */
import { parse, reads, significant, sum } from '../numbers.js';
import { boundOfGrid, flat, shapeOf } from './grids.js';
import { bare } from './losses.js';

/** @typedef {[number, number, number, number]} Place   sample, channel, row, column */

/** The place of a cell counted through. @param {number} index @param {number[]} shape @returns {Place} */
export const placeOf = (index, [, channels, rows, columns]) => [
  Math.floor(index / (channels * rows * columns)),
  Math.floor(index / (rows * columns)) % channels,
  Math.floor(index / columns) % rows,
  index % columns,
];

/**
 * The largest number of groups up to the wanted one that divides the channels.
 * @param {number} channels
 * @param {number} wanted
 */
export const groupsOf = (channels, wanted) =>
  Array.from({ length: Math.min(channels, wanted) }, (_, i) => i + 1)
    .filter((groups) => channels % groups === 0)
    .pop() ?? 1;

/**
 * The channels around one whose squares are added: torch's choice for even sizes too.
 * @param {number} channel
 * @param {number} channels
 * @param {number} size
 * @returns {[number, number]} half open
 */
export const neighbours = (channel, channels, size) => [
  Math.max(0, channel - Math.floor(size / 2)),
  Math.min(channels, channel + Math.floor((size - 1) / 2) + 1),
];

/**
 * Without the dust of sums that should be zero: what is nothing beside the largest number is zero.
 * @param {any} grid
 * @param {number} bound
 * @returns {any}
 */
export const tidy = (grid, bound) =>
  Array.isArray(grid) ? grid.map((part) => tidy(part, bound)) : Math.abs(grid) < 1e-13 * bound ? 0 : grid;

/**
 * The statistics as a table: rows and columns, and which of them a place belongs to. null where every place has its own.
 * @param {string} view
 * @param {Values} values
 */
export function tableOf(view, { x, num_groups: groups }) {
  const [samples, channels] = shapeOf(x);
  /** @type {Record<string, {rows: number, columns: number, at: (place: Place) => number}>} */
  const tables = {
    batch: { rows: 1, columns: channels, at: ([, c]) => c },
    layer: { rows: samples, columns: 1, at: ([n]) => n },
    instance: { rows: samples, columns: channels, at: ([n, c]) => n * channels + c },
    group: { rows: samples, columns: groups, at: ([n, c]) => n * groups + Math.floor(c / (channels / groups)) },
  };
  return tables[view] ?? null;
}

/**
 * Whether a place counts in the statistics of another.
 * @param {string} view
 * @param {Values} values
 * @param {Place} at
 * @returns {(place: Place) => boolean}
 */
export function sharing(view, values, at) {
  const table = tableOf(view, values);
  if (view === 'batch' && !values.training) return (place) => String(place) === String(at); // the running ones are no one's here
  if (table) return (place) => table.at(place) === table.at(at);
  const [first, end] = neighbours(at[1], shapeOf(values.x)[1], values.size);
  return ([n, c, y, x]) => n === at[0] && y === at[2] && x === at[3] && c >= first && c < end;
}

/**
 * The table's numbers out of the answer's, which are broadcastable to the input.
 * @param {string} view
 * @param {Values} values
 * @param {any} told
 */
export function statisticsOf(view, values, told) {
  const table = tableOf(view, values);
  const each = view === 'group' ? shapeOf(values.x)[1] / values.num_groups : 1;
  const thin = (/** @type {any} */ grid) => flat(grid).filter((_, i) => i % each === 0);
  const bound = boundOfGrid(values.x);
  return table && { ...table, mean: tidy(thin(told.mean), bound), variance: tidy(thin(told.variance), bound) };
}

/**
 * The cells that count in a place's statistics, in order.
 * @param {string} view
 * @param {Values} values
 * @param {Place} at
 * @returns {number[]}
 */
export function sharedCells(view, values, at) {
  const shape = shapeOf(values.x);
  const shares = sharing(view, values, at);
  return flat(values.x).filter((_, i) => shares(placeOf(i, shape)));
}

/** Scaling and shifting per channel, or nothing where it would change nothing. @param {Values} values @param {string} view */
export function affineOf({ x, g, b }, view) {
  const [, , rows, columns] = shapeOf(x);
  const plain = g.every((/** @type {number} */ value) => value === 1) && b.every((/** @type {number} */ value) => value === 0);
  if (plain) return {};
  const spread = (/** @type {number[]} */ numbers) =>
    view === 'layer' ? numbers.map((value) => Array.from({ length: rows }, () => Array(columns).fill(value))) : numbers;
  return { weight: spread(g), bias: spread(b) };
}

/** torch divides its alpha by the number of neighbours; the paper of AlexNet does not. @param {Values} values */
export const alphaOf = ({ alpha, size, paper }) => (paper ? Number((alpha * size).toPrecision(12)) : alpha);

/**
 * What is asked of the engine.
 * @param {Values} values
 * @param {string} view
 * @returns {{op: string, body: Record<string, any>}}
 */
export function request(values, view) {
  const { x, eps, training, momentum, m, v, num_groups, size, beta, k, d, p, seed, masks } = values;
  if (view === 'dropout')
    return { op: 'dropout', body: { input: d, p, seed, training, masks, include: ['masks'], steps: false } };
  if (view === 'response')
    return { op: 'local_response_norm', body: { input: x, size, alpha: alphaOf(values), beta, k, steps: false } };
  const own = { batch: { training, momentum, running_mean: m, running_var: v }, group: { num_groups } }[view] ?? {};
  return { op: `${view}_norm`, body: { input: x, ...affineOf(values, view), eps: Number(eps), ...own, steps: false } };
}

/** Its index, counted through. @param {Place} place @param {number[]} shape */
export const indexOf = ([n, c, y, x], [, channels, rows, columns]) => ((n * channels + c) * rows + y) * columns + x;

/** Whether its planes cannot all stand side by side with numbers that can be read. @param {Values} values */
export function isLarge({ x }) {
  const [samples, channels, rows, columns] = shapeOf(x);
  return samples * rows > 8 || channels * columns > 16;
}

/** Every number is a step; of a large tensor every plane. @param {Values} values */
export function stepsOf({ x }) {
  const [samples, channels, rows, columns] = shapeOf(x);
  return isLarge({ x }) ? samples * channels : samples * channels * rows * columns;
}

/**
 * Which number is looked at: the one pointed at in the input or the output, the step's, else the first.
 * @param {Pick<LabScene, 'hover' | 'step' | 'values'>} scene
 * @returns {Place}
 */
export function lookedAt({ hover, step, values }) {
  const shape = shapeOf(values.x);
  const [, channels, rows, columns] = shape;
  const each = rows * columns;
  const last = stepsOf(values) - 1;
  const found = hover && /^[xy]\.(\d+)\.(\d+)$/.exec(hover.grid);
  if (isLarge(values))
    return placeOf(Math.min(step ?? 0, last) * each + (found && hover ? Math.min(hover.index, each - 1) : 0), shape);
  const index =
    found && hover ? (Number(found[1]) * channels + Number(found[2])) * each + hover.index : Math.min(step ?? 0, last);
  return placeOf(index, shape);
}

/**
 * Local response normalisation of one number, in digits with which both lines read: the squares' sum, and x over its power.
 * @param {{around: number[], own: number, squares: number, result: number}} parts   own: which of those around is x
 * @param {(x: number, squares: number) => number} evaluate
 */
export function responseWritten({ around, own, squares, result }, evaluate) {
  const last = significant(result, 4);
  for (let digits = 4; digits <= 12; digits++) {
    for (let more = digits; more <= 14; more++) {
      const texts = around.map((value) => bare(significant(value, more), value));
      const total = bare(significant(squares, digits), squares);
      const adds = reads(sum(texts.map((text) => parse(text) ** 2)), total);
      if (adds && reads(evaluate(parse(texts[own]), parse(total)), last))
        return { around: texts, squares: total, result: last };
    }
  }
  return { around: around.map(String), squares: String(squares), result: String(result) };
}

const FILLED = /** @type {Record<string, number>} */ ({ g: 1, b: 0, m: 0, v: 1 }); // scale, shift and running statistics

/** With a number for every channel, and no more. @param {Values} values @returns {Values} */
export function fitted(values) {
  const [, channels] = shapeOf(values.x);
  const lists = Object.entries(FILLED)
    .filter(([key]) => values[key].length !== channels)
    .map(([key, fill]) => [key, Array.from({ length: channels }, (_, c) => values[key][c] ?? fill)]);
  return { ...values, ...Object.fromEntries(lists) };
}
