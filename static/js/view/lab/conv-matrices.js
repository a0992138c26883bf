/**
 * Convolution as products of matrices: windows laid side by side (im2col), and one large sparse matrix whose transpose leads
 * back.
 */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
import { readBy } from '../../core/lab/convolution.js';
import { boundOfGrid, flat, shapeOf } from '../../core/lab/grids.js';
import { kept } from '../../core/lab/kept.js';

/** @param {string} id @param {string} label @param {any} grid @param {Partial<Plane>=} more @returns {Plane} */
function matrixOf(id, label, grid, more = {}) {
  const [rows, columns] = shapeOf(grid);
  return { kind: 'plane', id, label, rows, columns, cells: flat(grid), bound: boundOfGrid(grid), ...more };
}

/** The position that is looked at: a column of both matrices. @param {LabScene} scene @param {number} count */
function positionOf({ hover, step }, count) {
  return hover && /^(columns|product)$/.test(hover.grid) ? hover.index % count : (step ?? 0) % count;
}

/**
 * "+ bias" where there is one: a product of matrices has none.
 * @param {LabScene} scene
 * @param {number[]} bias   of every row
 * @param {Partial<Plane>=} more
 * @returns {Piece[]}
 */
const withBias = ({ say }, bias, more) =>
  bias.some((value) => value !== 0)
    ? [
        { kind: 'sign', text: '+' },
        matrixOf(
          'bias',
          say('bias'),
          bias.map((value) => [value]),
          more,
        ),
      ]
    : [];

/** weights (kernels × kernel elements) times columns (elements × positions). @param {LabScene} scene @returns {Piece[]} */
export function columnsFigure(scene) {
  const { columns, weights } = scene.answer?.im2col ?? {};
  if (!columns) return [{ kind: 'words', lines: [''] }];
  const { values, step, say } = scene;
  const [elements, count] = shapeOf(columns);
  const position = positionOf(scene, count);
  const shape = (/** @type {any} */ grid) => shapeOf(grid).join(' × ');
  const out = step === null ? -1 : Math.floor(step / count);
  const mark = (/** @type {number} */ i) => (i % count === position ? 'window' : '');
  const window = elements / values.x.length;
  const read = weights.map((/** @type {any} */ _, /** @type {number} */ kernel) => readBy(values, kernel));
  const output = matrixOf('product', `${say('output')} ${weights.length} × ${count}`, scene.answer.output);
  return bothWays([
    matrixOf('weights', `${say('weights')} ${shape(weights)}`, weights, {
      mark(i) {
        const row = Math.floor(i / elements);
        return read[row].includes(Math.floor((i % elements) / window)) ? (row === out ? 'window' : '') : 'off';
      },
    }),
    { kind: 'sign', text: '×' },
    matrixOf('columns', `${say('columns_matrix')} ${shape(columns)}`, columns, { mark, pick: (i) => scene.go(i % count) }),
    ...withBias(scene, values.b, { edits: { key: 'b', at: [], flat: true }, mark: (i) => (i === out ? 'window' : '') }),
    { kind: 'sign', text: '=' },
    {
      ...output,
      rows: weights.length,
      columns: count,
      mark: (i) => (i % count === position ? 'here' : step !== null && i > step ? 'later' : ''),
      pick: (i) => scene.go(i),
    },
  ]);
}

/** Beside each other, or above each other. @param {Piece[]} items @returns {Piece[]} */
const bothWays = (items) => [
  { kind: 'row', items },
  { kind: 'column', items },
];

/** The row of the matrix that is looked at, which is an output. @param {LabScene} scene @param {number} inputs */
const rowLookedAt = ({ hover, step }, inputs) =>
  hover?.grid === 'matrix' ? Math.floor(hover.index / inputs) : hover?.grid === 'column' ? hover.index : (step ?? 0);

/**
 * The matrix itself, one of its rows marked.
 * @param {LabScene} scene
 * @param {number[]} numbers
 * @param {number[]} row   its cells
 * @param {number} middle   the cell that a lens looks at
 * @returns {Plane}
 */
function sparsePlane({ answer: { matrix }, say, go }, numbers, row, middle) {
  const still = kept(matrix, 'still', () => ({
    cells: numbers,
    bound: boundOfGrid(numbers),
    mark: (/** @type {number} */ i) => (numbers[i] === 0 ? 'off' : ''),
  }));
  const [outputs, inputs] = shapeOf(matrix);
  return {
    kind: 'plane',
    id: 'matrix',
    label: `${say('sparse')} ${outputs} × ${inputs}`,
    rows: outputs,
    columns: inputs,
    ...still,
    still,
    over: [['window', row]],
    at: middle,
    pick: (i) => go(Math.floor(i / inputs)),
  };
}

/** The sparse matrix times the picture as one column. @param {LabScene} scene @returns {Piece[]} */
export function matrixFigure(scene) {
  const { matrix, output } = scene.answer ?? {};
  if (!matrix) return [{ kind: 'words', lines: [scene.say('matrix_none')] }];
  const [outputs, inputs] = shapeOf(matrix);
  const at = rowLookedAt(scene, inputs);
  const numbers = kept(matrix, 'flat', () => flat(matrix));
  const row = Array.from({ length: inputs }, (_, i) => at * inputs + i);
  const kernel = row.filter((i) => numbers[i] !== 0);
  const middle = kernel.length ? Math.floor((kernel[0] + kernel[kernel.length - 1]) / 2) : row[0];
  const each = outputs / (scene.values.b?.length || 1); // outputs of one kernel
  const bias = Array.from({ length: outputs }, (_, i) => scene.values.b?.[Math.floor(i / each)] ?? 0);
  const column = (/** @type {any} */ grid) => flat(grid).map((value) => [value]);
  return bothWays([
    sparsePlane(scene, numbers, row, middle),
    { kind: 'sign', text: '×' },
    matrixOf('input', scene.say('input'), column(scene.values.x), {
      at: middle % inputs,
      mark: (i) => (numbers[at * inputs + i] === 0 ? 'off' : 'window'),
    }),
    ...withBias(scene, bias, { at, mark: (i) => (i === at ? 'window' : '') }),
    { kind: 'sign', text: '=' },
    matrixOf('column', scene.say('output'), column(output), {
      at,
      mark: (i) => (i === at ? 'here' : scene.step !== null && i > scene.step ? 'later' : ''),
      pick: (i) => scene.go(i),
    }),
  ]);
}
