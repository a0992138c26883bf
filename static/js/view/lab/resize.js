/** Nearest and bilinear: where each output lies among the inputs, and the weights that it gives them; and unpooling. */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
import { boundOfGrid, flat, shapeOf, short } from '../../core/lab/grids.js';
import { h } from '../dom.js';
import { outputAt, planeOf } from './spread.js';
import { termsLine } from './terms.js';

/** Row and column of an index. @param {number} index @param {number} columns @returns {[number, number]} */
const split = (index, columns) => [Math.floor(index / columns), index % columns];

/**
 * The input cells with a weight for the output that is looked at.
 * @param {LabScene} scene
 * @param {number} index
 * @returns {{row: number, column: number, weight: number, value: number}[]}
 */
function readBy({ values, answer }, index) {
  const [y, x] = split(index, answer.axes.columns.output);
  const [rows, columns] = [answer.axes.rows.weights[y], answer.axes.columns.weights[x]];
  return rows.cells.flatMap((/** @type {number} */ row, /** @type {number} */ i) =>
    columns.cells.map((/** @type {number} */ column, /** @type {number} */ j) => ({
      row,
      column,
      weight: rows.weights[i] * columns.weights[j],
      value: values.x[row][column],
    })),
  );
}

/**
 * The output with a head of positions above and beside it: where each column and row lies in the input, counted from 1.
 * @param {LabScene} scene
 * @param {Partial<Plane>} more   marks and picks by output
 * @returns {Plane}
 */
function headed({ answer, say }, { mark, pick }) {
  const [rows, columns] = ['rows', 'columns'].map((axis) =>
    answer.axes[axis].positions.map((/** @type {number} */ place) => short(place + 1)),
  );
  const wide = columns.length;
  const output = flat(answer.output);
  const inner = (/** @type {number} */ i) =>
    i > wide && i % (wide + 1) ? Math.floor(i / (wide + 1) - 1) * wide + (i % (wide + 1)) - 1 : -1;
  const head = (/** @type {number} */ i) => (i === 0 ? '' : i <= wide ? columns[i - 1] : rows[Math.floor(i / (wide + 1)) - 1]);
  const all = Array.from({ length: (rows.length + 1) * (wide + 1) }, (_, i) => i);
  return {
    kind: 'plane',
    id: 'y',
    label: say('output_placed'),
    rows: rows.length + 1,
    columns: wide + 1,
    bound: boundOfGrid(answer.output),
    cells: all.map((i) => (inner(i) < 0 ? NaN : output[inner(i)])),
    texts: all.map((i) => (inner(i) < 0 ? head(i) : short(output[inner(i)]))),
    pick: (i) => {
      if (inner(i) >= 0) pick?.(inner(i));
    },
    mark: (i) => (inner(i) < 0 ? 'head' : (mark?.(inner(i)) ?? '')),
  };
}

/** Pointing at the output, without its head. @param {LabScene} scene @returns {LabScene} */
function bare(scene) {
  const { hover, answer } = scene;
  const wide = answer.axes.columns.output + 1;
  if (hover?.grid !== 'y') return scene;
  return {
    ...scene,
    hover:
      hover.index >= wide && hover.index % wide
        ? { grid: 'y', index: (Math.floor(hover.index / wide) - 1) * (wide - 1) + (hover.index % wide) - 1 }
        : null,
  };
}

/** @param {LabScene} scene @returns {Piece[]} */
export function resizeFigure(scene) {
  const { values, say, hover } = scene;
  const at = outputAt(bare(scene), ['y']);
  const columns = shapeOf(values.x)[1];
  const read = new Set(readBy(scene, at).map(({ row, column }) => row * columns + column));
  const own = hover?.grid === 'x' ? hover.index : -1;
  const input = planeOf('x', say('input'), values.x, {
    edits: { key: 'x', at: [] },
    mark: (i) => (own >= 0 ? (i === own ? 'here' : '') : read.has(i) ? 'window' : ''),
  });
  const result = headed(scene, {
    pick: (i) => scene.go(i),
    mark(i) {
      if (own >= 0) return readBy(scene, i).some(({ row, column }) => row * columns + column === own) ? 'reach' : '';
      return i === at ? 'here' : scene.step !== null && i > scene.step ? 'later' : '';
    },
  });
  return [
    { kind: 'row', gap: 1.6, items: [input, { kind: 'words', lines: ['⟶'] }, result] },
    { kind: 'column', items: [input, { kind: 'words', lines: ['↓'] }, result] },
  ];
}

/** @param {LabScene} scene @returns {HTMLElement[]} */
export function resizeCard(scene) {
  const { say, answer } = scene;
  const at = outputAt(bare(scene), ['y']);
  const [row, column] = split(at, answer.axes.columns.output);
  const result = flat(answer.output)[at];
  const terms = readBy(scene, at).map(({ weight, value, row: y, column: x }) => ({
    label: '',
    weight,
    value,
    product: weight * value,
    source: { node: 'input', index: [y, x] },
  }));
  const places = [answer.axes.rows.positions[row] + 1, answer.axes.columns.positions[column] + 1].map(short);
  return [
    h(
      'p',
      { class: 'quiet' },
      `${say('at', { row: row + 1, column: column + 1 })}${say('lies', { row: places[0], column: places[1] })}`,
    ),
    termsLine(
      { op: 'interpolate', node: 'output', index: [], terms, groups: [], bias: null, result, extra: {} },
      { columns: 1 },
    ),
  ];
}

/** Which pooled value is looked at. @param {LabScene} scene */
function pooledAt({ hover, step, answer }) {
  const count = flat(answer.pooled).length;
  const places = flat(answer.indices);
  const back = hover?.grid === 'y' || hover?.grid === 'p' ? places.lastIndexOf(hover.index) : -1;
  return hover?.grid === 'pooled' || hover?.grid === 'indices'
    ? hover.index
    : back >= 0
      ? back
      : Math.min(step ?? 0, count - 1);
}

/** Picture, maxima with their places, and the maxima put back. @param {LabScene} scene @returns {Piece[]} */
export function unpoolFigure(scene) {
  const { values, say, answer, step } = scene;
  const at = pooledAt(scene);
  const wide = shapeOf(values.p)[1];
  const across = shapeOf(answer.pooled)[1];
  const side = values.window;
  const [top, left] = split(at, across).map((place) => place * side);
  const places = flat(answer.indices);
  const shown = new Set(step === null ? places : places.slice(0, step + 1));
  const inWindow = (/** @type {number} */ i) => {
    const [row, column] = split(i, wide);
    return row >= top && row < top + side && column >= left && column < left + side;
  };
  const remembered = values.places === 'remembered';
  const mark = (/** @type {number} */ i) => (i === at ? 'here' : step !== null && i > step ? 'later' : '');
  const pick = (/** @type {number} */ i) => scene.go(i);
  const picture = planeOf('p', say('picture'), values.p, {
    edits: { key: 'p', at: [] },
    mark: (i) => `${inWindow(i) ? 'window' : ''}${remembered && shown.has(i) ? (i === places[at] ? ' winner' : ' won') : ''}`,
  });
  const middle = [
    planeOf('pooled', say('pooled'), answer.pooled, { mark, pick }),
    planeOf('indices', say(remembered ? 'indices' : 'corners'), answer.indices, { bound: 1e9, mark, pick }),
  ];
  const output = planeOf('y', say('output'), answer.output, {
    mark: (i) =>
      `${i === places[at] ? 'here' : inWindow(i) ? 'window' : ''}${shown.has(i) ? '' : step === null ? '' : ' later'}`,
  });
  const [pool, unpool] = [say('sign_pool'), say('sign_unpool')];
  return [
    {
      kind: 'row',
      gap: 1.4,
      items: [
        picture,
        { kind: 'words', lines: [pool, '⟶'] },
        { kind: 'column', items: middle },
        { kind: 'words', lines: [unpool, '⟶'] },
        output,
      ],
    },
    {
      kind: 'column',
      items: [
        { kind: 'row', items: [picture, { kind: 'words', lines: [pool, '⟶'] }, middle[0]] },
        { kind: 'row', items: [middle[1], { kind: 'words', lines: [unpool, '⟶'] }, output] },
      ],
    },
    {
      kind: 'column',
      items: [
        picture,
        { kind: 'words', lines: [`${pool} ↓`] },
        { kind: 'row', items: middle },
        { kind: 'words', lines: [`${unpool} ↓`] },
        output,
      ],
    },
  ];
}

/** @param {LabScene} scene @returns {HTMLElement[]} */
export function unpoolCard(scene) {
  const { values, say, answer } = scene;
  const at = pooledAt(scene);
  const wide = shapeOf(values.p)[1];
  const place = flat(answer.indices)[at];
  const [row, column] = split(place, wide);
  const value = short(flat(answer.pooled)[at]);
  const text = say(values.places === 'remembered' ? 'goes_back' : 'goes_corner', {
    value,
    index: place,
    row: row + 1,
    column: column + 1,
    wide,
    top: row,
  });
  const lost = flat(values.p).filter((number, i) => number !== 0 && flat(answer.output)[i] !== number).length;
  return [h('p', {}, text), h('p', { class: 'quiet' }, say('lost', { lost, count: flat(values.p).length }))];
}
