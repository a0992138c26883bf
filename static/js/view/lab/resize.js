/** Nearest and bilinear: where each output lies among the inputs, and the weights that it gives them; channel by channel. */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
import { boundOfGrid, flat, shapeOf, short } from '../../core/lab/grids.js';
import { kept } from '../../core/lab/kept.js';
import { lookedAt, planesOf } from '../../core/lab/reading.js';
import { h } from '../dom.js';
import { channels, named, pointed, stillPlane } from './spread.js';
import { termsLine } from './terms.js';

const HEADED = 16; // cells along a side: larger outputs have no head of positions, which a lens would leave behind

/** @typedef {[number, number, number]} At   channel, row and column of an output */

/**
 * The input cells with a weight for an output.
 * @param {LabScene} scene
 * @param {At} at
 * @returns {{row: number, column: number, weight: number, value: number}[]}
 */
function readBy({ values, answer }, [channel, y, x]) {
  const [rows, columns] = [answer.axes.rows.weights[y], answer.axes.columns.weights[x]];
  return rows.cells.flatMap((/** @type {number} */ row, /** @type {number} */ i) =>
    columns.cells.map((/** @type {number} */ column, /** @type {number} */ j) => ({
      row,
      column,
      weight: rows.weights[i] * columns.weights[j],
      value: values.x[channel][row][column],
    })),
  );
}

/** The outputs of a channel that read an input cell. @param {LabScene} scene @param {number} cell */
function readersOf({ values, answer }, cell) {
  const wide = shapeOf(values.x)[2];
  const along = (/** @type {string} */ axis, /** @type {number} */ at) =>
    answer.axes[axis].weights.flatMap((/** @type {{cells: number[]}} */ { cells }, /** @type {number} */ i) =>
      cells.includes(at) ? [i] : [],
    );
  const right = along('columns', cell % wide);
  return along('rows', Math.floor(cell / wide)).flatMap((/** @type {number} */ row) =>
    right.map((/** @type {number} */ column) => row * answer.axes.columns.output + column),
  );
}

/** Whether the output has a head of positions. @param {LabScene} scene */
const hasHead = ({ answer: { axes } }) => Math.max(axes.rows.output, axes.columns.output) <= HEADED;

/** Indices of a plane with a head and of the output in it; -1: the head itself. @param {LabScene} scene */
function heads(scene) {
  const wide = scene.answer.axes.columns.output;
  if (!hasHead(scene))
    return { inner: (/** @type {number} */ i) => i, outer: (/** @type {number} */ i) => i, rows: 0, columns: 0 };
  return {
    inner: (/** @type {number} */ i) =>
      i > wide && i % (wide + 1) ? Math.floor(i / (wide + 1) - 1) * wide + (i % (wide + 1)) - 1 : -1,
    outer: (/** @type {number} */ i) => (Math.floor(i / wide) + 1) * (wide + 1) + (i % wide) + 1,
    rows: 1,
    columns: 1,
  };
}

/** Pointing at the output, without its head. @param {LabScene} scene @returns {LabScene} */
function bare(scene) {
  const point = pointed(scene, 'y');
  if (!point || !scene.hover) return scene;
  const index = heads(scene).inner(point.index);
  return { ...scene, hover: index < 0 ? null : { ...scene.hover, index } };
}

/** What stays of a channel of the output, with a head of positions above and beside it, counted from 1. @param {LabScene} scene @param {number} channel */
const outputStill = (scene, channel) =>
  kept(scene.answer, `y.${channel}`, () => {
    const { answer } = scene;
    const { inner, rows, columns } = heads(scene);
    const output = flat(planesOf(answer.output)[channel]);
    const [tall, wide] = [answer.axes.rows.output + rows, answer.axes.columns.output + columns];
    const [down, right] = ['rows', 'columns'].map((axis) =>
      answer.axes[axis].positions.map((/** @type {number} */ place) => short(place + 1)),
    );
    const head = (/** @type {number} */ i) => (i === 0 ? '' : i < wide ? right[i - 1] : down[Math.floor(i / wide) - 1]);
    const all = Array.from({ length: tall * wide }, (_, i) => i);
    return {
      rows: tall,
      columns: wide,
      bound: boundOfGrid(answer.output),
      cells: all.map((i) => (inner(i) < 0 ? NaN : output[inner(i)])),
      texts: all.map((i) => (inner(i) < 0 ? head(i) : short(output[inner(i)]))),
      mark: (/** @type {number} */ i) => (inner(i) < 0 ? 'head' : ''),
    };
  });

/** @param {LabScene} scene @param {number} channel @param {At} at @returns {Plane} */
function outputPlane(scene, channel, at) {
  const { answer, say, step } = scene;
  const { inner, outer } = heads(scene);
  const [tall, wide] = [answer.axes.rows.output, answer.axes.columns.output];
  const still = outputStill(scene, channel);
  const before = channel * tall * wide;
  const own = pointed(scene, 'x');
  const here = channel === at[0] ? [outer(at[1] * wide + at[2])] : [];
  const reach = own?.channel === channel ? readersOf(scene, own.index).map(outer) : [];
  const done = step === null ? Infinity : Math.max(0, step + 1 - before);
  const placed = say(hasHead(scene) ? 'output_placed' : 'output');
  return {
    kind: 'plane',
    id: `y.${channel}`,
    label: channel ? `${say('output')} ${channel}` : named(placed, 0, hasHead(scene) ? 1 : planesOf(answer.output).length),
    ...still,
    still,
    pick(i) {
      if (inner(i) >= 0) scene.go(before + inner(i));
    },
    over: own ? [['reach', reach]] : [['here', here]],
    ...(done < tall * wide ? { later: outer(done) } : {}),
  };
}

/** @param {LabScene} scene @returns {Piece[]} */
export function resizeFigure(scene) {
  const { values, say } = scene;
  const at = lookedAt(bare(scene), planesOf(scene.answer.output));
  const wide = shapeOf(values.x)[2];
  const read = [...new Set(readBy(scene, at).map(({ row, column }) => row * wide + column))];
  const own = pointed(scene, 'x');
  const count = values.x.length;
  const inputs = values.x.map((/** @type {number[][]} */ grid, /** @type {number} */ channel) => {
    const over = own ? ['here', own.channel === channel ? [own.index] : []] : ['window', channel === at[0] ? read : []];
    return stillPlane(scene, `x.${channel}`, named(say('input'), channel, count), grid, values.x, {
      edits: { key: 'x', at: [channel] },
      over: [/** @type {[string, number[]]} */ (over)],
    });
  });
  const outputs = Array.from({ length: count }, (_, channel) => outputPlane(scene, channel, at));
  /** @type {Piece} */
  const right = { kind: 'words', lines: ['⟶'] };
  /** @type {Piece} */
  const below = { kind: 'words', lines: ['↓'] };
  return [
    { kind: 'row', gap: 1.6, items: [channels('column', 'x', inputs, at[0]), right, channels('column', 'y', outputs, at[0])] },
    { kind: 'column', items: [channels('row', 'x', inputs, at[0]), below, channels('row', 'y', outputs, at[0])] },
  ];
}

/** @param {LabScene} scene @returns {HTMLElement[]} */
export function resizeCard(scene) {
  const { say, answer } = scene;
  const output = planesOf(answer.output);
  const at = lookedAt(bare(scene), output);
  const [channel, row, column] = at;
  const terms = readBy(scene, at).map(({ weight, value, row: y, column: x }) => ({
    label: '',
    weight,
    value,
    product: weight * value,
    source: { node: 'input', index: [channel, y, x] },
  }));
  const places = [answer.axes.rows.positions[row] + 1, answer.axes.columns.positions[column] + 1].map(short);
  const where = say(output.length > 1 ? 'at' : 'at_one', { channel, row: row + 1, column: column + 1 });
  const result = output[channel][row][column];
  return [
    h('p', { class: 'quiet' }, `${where}${say('lies', { row: places[0], column: places[1] })}`),
    termsLine(
      { op: 'interpolate', node: 'output', index: [], terms, groups: [], bias: null, result, extra: {} },
      { columns: 1 },
    ),
  ];
}
