/** Transposed convolution: copies of the kernel added one after the other; how many reach each place; there and back. */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
/** @import { Spread } from '../../core/lab/spreading.js' */
import { boundOfGrid, flat, shapeOf, short } from '../../core/lab/grids.js';
import { added, copyOf, coveredBy, cutting, termsAt } from '../../core/lab/spreading.js';
import { alike } from '../../core/lab/reading.js';
import { h } from '../dom.js';
import { matrixFigure } from './conv-matrices.js';
import { termsLine } from './terms.js';

/** What is spread, with the answer's output padding. @param {LabScene} scene @returns {Spread} */
export function spreadOf({ values, view, answer }) {
  const { k: kernel, stride, padding, dilation } = values;
  const { rows, columns } = answer.sizes;
  return {
    x: view === 'back' ? plain(answer.convolved) : values.x,
    kernel,
    stride,
    padding,
    dilation,
    more: [rows.output_padding, columns.output_padding],
  };
}

/** @param {any} grid @returns {number[][]} */
const plain = (grid) => (shapeOf(grid).length === 2 ? grid : grid[0]);

/** @param {string} id @param {string} label @param {any} grid @param {Partial<Plane>=} more @returns {Plane} */
export function planeOf(id, label, grid, more = {}) {
  const [rows, columns] = shapeOf(grid);
  return { kind: 'plane', id, label, rows, columns, cells: flat(grid), bound: boundOfGrid(grid), ...more };
}

/** @param {LabScene} scene @param {string} id   of the plane that is pointed at */
const pointed = ({ hover }, id) => (hover?.grid === id ? hover.index : -1);

/** The input cell whose copy is shown. @param {LabScene} scene */
const current = (scene) =>
  Math.min(pointed(scene, 'x') >= 0 ? pointed(scene, 'x') : (scene.step ?? 0), flat(scene.values.x).length - 1);

/**
 * Input, kernel, the copy that is being added, and the sum so far; the border that is cut off is dashed.
 * @param {LabScene} scene
 * @returns {Piece[]}
 */
export function spreadFigure(scene) {
  const { values, say, answer, step } = scene;
  const spread = spreadOf(scene);
  const cut = cutting(spread);
  const [tall, wide] = coveredBy(spread);
  const cell = current(scene);
  const copies = step === null ? flat(values.x).length : step + 1;
  const { sums, counts } = added(spread, copies);
  const before = added(spread, cell).counts;
  const output = flat(answer.output);
  const covered = new Set(copyOf(spread, cell));
  const point = pointed(scene, 'y');
  const reaching = new Set(point < 0 ? [] : termsAt(spread, point).map(({ source }) => String(source?.index)));
  const done = copies === flat(values.x).length;
  const across = shapeOf(values.x)[1];
  const value = flat(values.x)[cell];
  const cells = sums.map((sum, place) => (done && cut.kept(place) >= 0 ? output[cut.kept(place)] : sum));
  const input = planeOf('x', say('input'), values.x, {
    edits: { key: 'x', at: [] },
    mark: (i) =>
      point >= 0 ? (reaching.has(`${Math.floor(i / across)},${i % across}`) ? 'window' : '') : i === cell ? 'here' : '',
  });
  const kernel = planeOf('k', say('kernel'), values.k, { edits: { key: 'k', at: [] } });
  const copy = planeOf(
    'copy',
    say('copy'),
    values.k.map((/** @type {number[]} */ row) => row.map((weight) => weight * value)),
    { bound: boundOfGrid(cells), mark: () => (point < 0 ? 'window' : '') },
  );
  const target = planeOf(
    'y',
    say(spread.padding ? 'output_cut' : 'output', { rows: cut.rows, columns: cut.columns }),
    [cells],
    {
      rows: tall,
      columns: wide,
      bound: boundOfGrid(cells),
      mark(i) {
        const outside = cut.kept(i) < 0 ? 'padding' : '';
        const inside = point < 0 && covered.has(i);
        return `${outside}${step !== null && !counts[i] ? ' later' : ''}${inside ? ` window${before[i] ? ' won' : ''}` : ''}${i === point ? ' here' : ''}`;
      },
    },
  );
  /** @type {Piece} */
  const times = { kind: 'sign', text: '×' };
  const is = /** @type {Piece} */ ({ kind: 'sign', text: '=' });
  return [
    { kind: 'row', items: [input, times, kernel, is, copy, { kind: 'words', lines: [say('add'), '⟶'] }, target] },
    {
      kind: 'column',
      items: [{ kind: 'row', items: [input, times, kernel, is, copy] }, { kind: 'words', lines: [`${say('add')} ↓`] }, target],
    },
    {
      kind: 'row',
      gap: 2,
      items: [{ kind: 'column', items: [input, times, kernel, is, copy] }, { kind: 'words', lines: [say('add'), '⟶'] }, target],
    },
  ];
}

/**
 * The sum at the place that is pointed at, else at the place of the copy where most copies meet.
 * @param {LabScene} scene
 * @returns {(HTMLElement | null)[]}
 */
export function spreadCard(scene) {
  const { values, say, step } = scene;
  const spread = spreadOf(scene);
  const cut = cutting(spread);
  const point = pointed(scene, 'y');
  const cell = current(scene);
  const across = shapeOf(values.x)[1];
  const copies = point >= 0 || step === null ? Infinity : step + 1;
  const { counts } = added(spread, copies);
  const inside = copyOf(spread, cell).filter((place) => cut.kept(place) >= 0);
  const place = point >= 0 ? point : inside.reduce((best, each) => (counts[each] > counts[best] ? each : best), inside[0]);
  const spreads =
    point >= 0
      ? null
      : h(
          'p',
          { class: 'quiet' },
          say('spreads', {
            value: String(flat(values.x)[cell]).replace('-', '−'),
            row: Math.floor(cell / across) + 1,
            column: (cell % across) + 1,
          }),
        );
  return place === undefined ? [spreads] : [spreads, ...sumAt(scene, spread, place, copies)];
}

/**
 * "Row 2, column 3: 4 × 1 + 2 × 2 = 8"
 * @param {LabScene} scene
 * @param {Spread} spread
 * @param {number} place   among all that is covered
 * @param {number=} copies
 * @returns {HTMLElement[]}
 */
export function sumAt({ say }, spread, place, copies = Infinity) {
  const cut = cutting(spread);
  const index = cut.kept(place);
  const terms = termsAt(spread, place, copies);
  const result = terms.reduce((sum, { product }) => sum + product, 0);
  const where =
    index < 0 ? say('cut_off') : say('at', { row: Math.floor(index / cut.columns) + 1, column: (index % cut.columns) + 1 });
  const line = terms.length
    ? termsLine(
        { op: 'conv_transpose2d', node: 'output', index: [], terms, groups: [], bias: null, result, extra: {} },
        { columns: 1 },
      )
    : h('p', {}, say('none'));
  return [h('p', { class: 'quiet' }, `${where}${say('copies', { count: terms.length })}`), line];
}

/** The output, and how many kernel cells reach each place of it. @param {LabScene} scene @returns {Piece[]} */
export function coverageFigure(scene) {
  const { values, say, answer } = scene;
  const { coverage, output } = answer;
  const at = outputAt(scene, ['y', 'coverage']);
  const spread = spreadOf(scene);
  const reaching = new Set(termsAt(spread, cutting(spread).covered(at)).map(({ source }) => String(source?.index)));
  const across = shapeOf(values.x)[1];
  const mark = (/** @type {number} */ i) => (i === at ? 'here' : scene.step !== null && i > scene.step ? 'later' : '');
  const pick = (/** @type {number} */ i) => scene.go(i);
  const inputs = [
    planeOf('x', say('input'), values.x, {
      edits: { key: 'x', at: [] },
      mark: (i) => (reaching.has(`${Math.floor(i / across)},${i % across}`) ? 'window' : ''),
    }),
    planeOf('k', say('kernel'), values.k, { edits: { key: 'k', at: [] } }),
  ];
  const outputs = [
    planeOf('y', say('output'), output, { mark, pick }),
    planeOf('coverage', say('coverage'), coverage, { mark, pick }),
  ];
  return [
    { kind: 'row', gap: 1.6, items: [{ kind: 'column', items: inputs }, ...outputs] },
    { kind: 'row', items: [...inputs, ...outputs] },
    {
      kind: 'column',
      items: [
        { kind: 'row', items: inputs },
        { kind: 'row', items: outputs },
      ],
    },
  ];
}

/** The output that is looked at in the views that step through outputs. @param {LabScene} scene @param {string[]} grids */
export function outputAt({ hover, step, answer }, grids) {
  const wanted = hover && grids.includes(hover.grid) ? hover.index : (step ?? 0);
  return Math.min(wanted, flat(answer.output).length - 1);
}

/** @param {LabScene} scene @param {string[]} grids @returns {HTMLElement[]} */
export function outputCard(scene, grids) {
  const spread = spreadOf(scene);
  return sumAt(scene, spread, cutting(spread).covered(outputAt(scene, grids)));
}

/**
 * A row of the transpose, a column of the convolution's matrix: both stand for an output.
 * @param {LabScene} scene
 * @returns {LabScene}
 */
export function byOutput(scene) {
  const { hover, values, answer } = scene;
  const [inputs, outputs] = [flat(values.x).length, flat(answer.output).length];
  const index =
    hover?.grid === 'matrix' ? Math.floor(hover.index / inputs) : hover?.grid === 'convolution' ? hover.index % outputs : -1;
  return index < 0 ? scene : { ...scene, hover: { grid: 'column', index } };
}

/**
 * The transpose times the input as a column; or the convolution's own matrix, whose rows are multiplied by the inputs and added
 * up column by column.
 * @param {LabScene} scene
 * @returns {Piece[]}
 */
export function matrixFigures(scene) {
  const { values, say, answer, step } = scene;
  const tall = matrixFigure(scene);
  const matrix = answer.convolution;
  if (!matrix) return tall;
  const [inputs, outputs] = shapeOf(matrix);
  const at = outputAt(byOutput(scene), ['column']);
  const weights = flat(matrix);
  const output = flat(answer.output);
  const pick = (/** @type {number} */ i) => scene.go(i % outputs);
  const characters = Math.max(...[...weights, ...output].map((value) => short(value).length));
  const x = planeOf(
    'input',
    say('input'),
    flat(values.x).map((value) => [value]),
    { mark: (i) => (weights[i * outputs + at] === 0 ? 'off' : 'window') },
  );
  const sum = planeOf('sum', ' ', [[0]], { texts: ['Σ'], mark: () => 'head' });
  const wide = planeOf('convolution', `${say('sparse_own')} ${inputs} × ${outputs}`, matrix, {
    pick,
    characters,
    mark: (i) => `${weights[i] === 0 ? 'off' : ''}${i % outputs === at ? ' window' : ''}`,
  });
  const y = planeOf('column', say('columns_added'), [output], {
    pick,
    characters,
    mark: (i) => (i === at ? 'here' : step !== null && i > step ? 'later' : ''),
  });
  return [
    ...tall,
    {
      kind: 'row',
      items: [
        { kind: 'column', items: [x, sum] },
        { kind: 'sign', text: '×' },
        { kind: 'column', items: [wide, y] },
      ],
    },
  ];
}

/**
 * Convolved, and transposed with the same kernel: the size comes back, the numbers do not.
 * @param {LabScene} scene
 * @returns {Piece[]}
 */
export function backFigure(scene) {
  const { values, say, answer } = scene;
  const at = outputAt(scene, ['y']);
  const spread = spreadOf(scene);
  const columns = shapeOf(spread.x)[1];
  const reaching = new Set(termsAt(spread, cutting(spread).covered(at)).map(({ source }) => String(source?.index)));
  const [before, after] = [flat(values.p), flat(answer.output)];
  const size = (/** @type {any} */ grid) => shapeOf(grid).join(' × ');
  const planes = [
    planeOf('p', `${say('picture')} ${size(values.p)}`, values.p, {
      edits: { key: 'p', at: [] },
      mark: (i) => (i === at ? 'here' : ''),
    }),
    planeOf('c', `${say('convolved')} ${size(spread.x)}`, spread.x, {
      mark: (i) => (reaching.has(`${Math.floor(i / columns)},${i % columns}`) ? 'window' : ''),
    }),
    planeOf('y', `${say('back')} ${size(answer.output)}`, answer.output, {
      pick: (i) => scene.go(i),
      mark: (i) =>
        i === at ? 'here' : scene.step !== null && i > scene.step ? 'later' : Object.is(before[i], after[i]) ? 'won' : '',
    }),
  ];
  const kernel = (/** @type {string} */ id) => planeOf(id, say('kernel'), values.k, { edits: { key: 'k', at: [] } });
  const row = [
    planes[0],
    { kind: 'sign', text: '⋆' },
    kernel('k'),
    { kind: 'sign', text: '=' },
    planes[1],
    { kind: 'words', lines: [say('transposed'), '⟶'] },
    planes[2],
  ];
  const first = /** @type {Piece} */ ({ kind: 'row', items: row.slice(0, 5) });
  const middle = /** @type {Piece} */ ({ kind: 'row', items: row.slice(1, 4) });
  return [
    { kind: 'row', items: /** @type {Piece[]} */ (row) },
    { kind: 'column', items: [first, { kind: 'words', lines: [`${say('transposed')} ↓`] }, planes[2]] },
    {
      kind: 'column',
      items: [
        { kind: 'row', items: /** @type {Piece[]} */ (row.slice(0, 3)) },
        { kind: 'words', lines: ['='] },
        { kind: 'row', items: [planes[1], { kind: 'words', lines: [say('transposed'), '⟶'] }, planes[2]] },
      ],
    },
    { kind: 'column', items: [planes[0], middle, planes[1], { kind: 'words', lines: [`${say('transposed')} ↓`] }, planes[2]] },
  ];
}

/** How many numbers came back. @param {LabScene} scene */
export const returned = ({ values, answer }) => ({
  stay: alike(flat(values.p), flat(answer.output)),
  count: flat(values.p).length,
});
