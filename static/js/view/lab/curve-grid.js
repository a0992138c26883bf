/** A grid of numbers through an activation and the gradient back through it, cell by cell; a gated unit's cells go in pairs. */
/** @import { LabScene, Piece, Plane, Values } from '../../core/lab/types.js' */
import { writtenOut } from '../../core/lab/curve-sums.js';
import { plainly as print, settingsOf } from '../../core/lab/curves.js';
import { reading } from '../../core/lab/losses.js';
import { boundOfGrid, flat, resized, shapeOf } from '../../core/lab/grids.js';
import { h, num } from '../dom.js';

const gated = (/** @type {Values} */ { curve }) => curve === 'glu';

/** With ones where there was nothing. @param {any} grid @param {number[]} shape */
const filled = (grid, [rows, columns]) =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (__, c) => grid[r]?.[c] ?? 1));

/**
 * The gradient has the output's shape, which a gated unit halves; the grid that was changed decides.
 * @param {Values} values
 * @param {string[]} changed
 */
export function fitted(values, changed) {
  const times = gated(values) ? 2 : 1;
  const [rows, wide] = shapeOf(values[changed.includes('g') ? 'g' : 'x']);
  const half = changed.includes('g') ? wide : Math.ceil(wide / times);
  const shapes = { x: [rows, half * times], g: [rows, half] };
  const same = (/** @type {'x' | 'g'} */ key) => String(shapeOf(values[key])) === String(shapes[key]);
  return { x: same('x') ? values.x : resized(values.x, shapes.x), g: same('g') ? values.g : filled(values.g, shapes.g) };
}

/** How many outputs there are. @param {Values} values */
export const outputsOf = ({ x, curve }) => flat(x).length / (curve === 'glu' ? 2 : 1);

/**
 * The output that a cell of a grid of so many columns belongs to.
 * @param {number} index
 * @param {number} columns
 * @param {number} half   columns of the output
 */
const outputOf = (index, columns, half) => Math.floor(index / columns) * half + ((index % columns) % half);

/** @param {LabScene} scene @returns {number | null} */
function pointed({ hover, step, values, answer }) {
  if (!hover) return step;
  const half = shapeOf(answer.output)[1];
  const full = ['x', 'd', 'gx'].includes(hover.grid);
  return outputOf(hover.index, full ? shapeOf(values.x)[1] : half, half);
}

/** @param {LabScene} scene @returns {Piece[] | null} */
export function gridFigure(scene) {
  const { values, answer, say, step } = scene;
  if (!answer?.gradients) return null;
  const { x, g } = values;
  const here = pointed(scene);
  const half = shapeOf(answer.output)[1];
  const plane = (
    /** @type {string} */ id,
    /** @type {any} */ grid,
    /** @type {string} */ label,
    /** @type {Partial<Plane>} */ more = {},
  ) => {
    const [rows, columns] = shapeOf(grid);
    const at = (/** @type {number} */ i) => outputOf(i, columns, half);
    return /** @type {Plane} */ ({
      kind: 'plane',
      id,
      label,
      rows,
      columns,
      cells: flat(grid),
      bound: boundOfGrid(grid),
      mark: (i) => (at(i) === here ? 'here' : step !== null && at(i) > step && !more.edits ? 'later' : ''),
      ...more,
    });
  };
  const name = say(`curve_${values.curve}`);
  const sign = (/** @type {string} */ text) => /** @type {Piece} */ ({ kind: 'sign', text });
  const pair = gated(values);
  const forward = [
    plane('x', x, pair ? 'x = (a | b)' : 'x', { edits: { key: 'x', at: [] } }),
    /** @type {Piece} */ ({ kind: 'words', lines: [name, '⟶'] }),
    plane('y', answer.output, pair ? 'y = a σ(b)' : 'y = f(x)'),
  ];
  const slope = pair ? '(∂y/∂a | ∂y/∂b)' : 'f′(x)';
  const back = pair ? '(∂L/∂a | ∂L/∂b)' : '∂L/∂x';
  const backward = [
    plane('g', g, `∂L/∂y ${say('upstream')}`, { edits: { key: 'g', at: [] } }),
    sign('×'),
    plane('d', answer.derivative, slope),
    sign('='),
    plane('gx', answer.gradients.input, back),
  ];
  const lines = [forward, backward].map((items) => /** @type {Piece} */ ({ kind: 'row', items }));
  const stacks = [forward, backward].map((items) => /** @type {Piece} */ ({ kind: 'column', items }));
  return [
    { kind: 'column', gap: 1.4, items: lines },
    { kind: 'row', gap: 3, items: lines },
    { kind: 'row', gap: 2, items: stacks },
  ];
}

/** Forward and backward of the cell that is looked at. @param {LabScene} scene */
export function gridCard(scene) {
  const { values, answer, say } = scene;
  const half = shapeOf(answer.output)[1];
  const at = Math.min(pointed(scene) ?? 0, flat(answer.output).length - 1);
  const row = Math.floor(at / half);
  const column = at % half;
  const wide = shapeOf(values.x)[1];
  const first = row * wide + column;
  const one = (/** @type {any} */ grid, /** @type {number} */ index) => flat(grid)[index];
  const y = one(answer.output, at);
  const g = one(values.g, at);
  const line = (/** @type {string} */ name, /** @type {any[]} */ ...parts) =>
    h('div', { class: 'lab-terms' }, h('span', { class: 'group-name' }, name), ...parts);
  const term = (/** @type {any[]} */ ...parts) => h('span', { class: 'term' }, ...parts);
  const times = () => h('span', { class: 'times' }, '×');
  const product = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ result) =>
    reading([a, b], ([first, second]) => first * second, result);
  const backward = (/** @type {string} */ from, /** @type {number} */ index) => {
    const told = product(g, one(answer.derivative, index), one(answer.gradients.input, index));
    return line(
      say('backward'),
      term(`∂L/∂${from} = ∂L/∂y × ${gated(values) ? `∂y/∂${from}` : 'f′(x)'} = `),
      term(num(told.operands[0], 'upstream'), times(), bracketed(told.operands[1], 'slope'), ' = '),
      num(told.result, 'gradient', { class: 'num result' }),
    );
  };
  const place = h('p', { class: 'quiet' }, say('cell', { row: row + 1, column: column + 1 }));
  const result = (/** @type {string} */ text) => num(text, 'result', { class: 'num result' });
  if (gated(values)) {
    const [a, b] = [one(values.x, first), one(values.x, first + half)];
    const told = product(a, one(answer.open, at), y);
    return [
      place,
      line(
        say('forward'),
        term('y = a × σ(b) = ', num(print(a), 'value'), times(), 'σ(', num(print(b), 'gate'), ') = '),
        term(num(told.operands[0], 'value'), times(), num(told.operands[1], 'open'), ' = '),
        result(told.result),
      ),
      backward('a', first),
      backward('b', first + half),
    ];
  }
  const x = one(values.x, at);
  if (values.curve === 'rrelu' && values.training && x < 0) {
    const told = product(one(answer.derivative, at), x, y);
    const sum = term('y = a x = ', num(told.operands[0], 'drawn'), times(), bracketed(told.operands[1], 'value'), ' = ');
    return [place, line(say('forward'), sum, result(told.result)), backward('x', at)];
  }
  const sum = Number.isFinite(x) ? writtenOut(values.curve, x, settingsOf(values.curve, values)).y : '';
  return [
    place,
    line(say('forward'), term('y = f(', num(print(x), 'value'), ') = '), sum ? term(`${sum} = `) : null, result(print(y))),
    backward('x', at),
  ];
}

/** A number below zero that stands behind a sign. @param {string} text @param {string} role */
const bracketed = (text, role) => num(text.startsWith('−') ? `(${text})` : text, role, { 'data-text': text });
