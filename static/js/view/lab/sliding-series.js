/**
 * The figure of a 1-D convolution: the signal, the kernel where it lies, their products and the output, under each other on one
 * axis.
 */
/** @import { Drawing, LabScene, Piece, Plane } from '../../core/lab/types.js' */
import { boundOfGrid, short } from '../../core/lab/grids.js';
import { axisOf, firstWhole } from '../../core/lab/signal.js';
import { ems, names, places, stems } from './stems.js';

const ROWS = { f: 1.7, g: 1.25, y: 1.7, axis: 0.62 }; // heights of the charts, in cells
const HEIGHTS = [ROWS.f, 1, ROWS.g, 1, 1, ROWS.y, 1, ROWS.axis];

/** Which output is looked at: the one pointed at, the step's, else the first whole one. @param {LabScene} scene */
export function lookedAt({ hover, step, values }) {
  const axis = axisOf(values);
  const pointed = hover?.grid === 'y' ? axis.output(hover.index) : -1;
  return pointed >= 0 ? pointed : Math.min(step ?? firstWhole(values), axis.count - 1);
}

/**
 * The numbers of every row, a column each; NaN where there is none.
 * @param {LabScene} scene
 */
function numbersOf(scene) {
  const { values, step, answer } = scene;
  const axis = axisOf(values);
  const n = lookedAt(scene);
  const taps = axis.taps(n);
  const columns = Array.from({ length: axis.columns }, (_, i) => i);
  const signal = columns.map(axis.value);
  const slid = columns.map((i) => (taps.includes(i) ? axis.weight(taps.indexOf(i)) : NaN));
  const output = columns.map((i) => (axis.output(i) < 0 ? NaN : answer.output[axis.output(i)]));
  const shown = step === null ? axis.count : n + 1;
  return {
    axis,
    n,
    taps,
    signal,
    slid,
    output,
    shown,
    products: slid.map((weight, i) => weight * signal[i]),
    grown: output.map((value, i) => (axis.output(i) < shown ? value : NaN)),
  };
}

/** @typedef {ReturnType<typeof numbersOf>} Numbers */

/** What is printed in the cells of each row. @param {Numbers} numbers */
function textsOf({ axis, taps, signal, slid, output, products }) {
  const under = (/** @type {number[]} */ row) => row.map((value, i) => (taps.includes(i) ? short(value) : ''));
  return {
    signal: signal.map(short),
    slid: under(slid),
    products: under(products),
    output: output.map((value, i) => (axis.output(i) < 0 ? '' : short(value))),
  };
}

/**
 * The marks of the signal and of the output.
 * @param {Numbers} numbers
 * @param {number} length   of the signal
 * @param {number} pointed   the column of the signal that is pointed at; -1: none
 */
function marksOf({ axis, n, taps, shown }, length, pointed) {
  const reached = (/** @type {number} */ i) => pointed >= 0 && axis.taps(axis.output(i)).includes(pointed);
  return {
    markInput: (/** @type {number} */ i) =>
      [
        i < axis.before || i >= axis.before + length ? 'padding' : '',
        i >= axis.columns - axis.cut ? 'off cut' : '',
        taps.includes(i) && pointed < 0 ? 'window' : '',
        i === pointed ? 'here' : '',
      ].join(' '),
    markOutput: (/** @type {number} */ i) =>
      axis.output(i) < 0
        ? 'blank'
        : `${axis.output(i) >= shown ? 'later ' : ''}${reached(i) ? 'reach' : i === axis.at(n) && pointed < 0 ? 'here' : ''}`,
  };
}

/**
 * The rows as planes of equally wide cells.
 * @param {LabScene} scene
 * @param {Numbers} numbers
 */
function planesOf({ values: { x, k }, say, hover, answer, go }, numbers) {
  const { axis, taps } = numbers;
  const texts = textsOf(numbers);
  const characters = Math.max(
    3,
    ...Object.values(texts)
      .flat()
      .map((text) => text.length),
  );
  const { markInput, markOutput } = marksOf(numbers, x.length, hover?.grid === 'x' ? hover.index : -1);
  const blank = (/** @type {number} */ i) => (taps.includes(i) ? '' : 'blank');
  /** @type {(id: string, row: keyof typeof texts, bound: any, more: Partial<Plane>) => Plane} */
  const plane = (id, row, bound, more) => ({
    kind: 'plane',
    id,
    label: '',
    rows: 1,
    columns: axis.columns,
    cells: numbers[row].map((value, i) => (texts[row][i] ? value : 0)),
    texts: texts[row],
    bound: boundOfGrid(bound),
    characters,
    ...more,
  });
  return {
    characters,
    x: plane('x', 'signal', x, {
      edits: { key: 'x', at: [], inner: [0, axis.before, 1, x.length], flat: true },
      mark: markInput,
    }),
    g: plane('g', 'slid', k, { mark: blank }),
    p: plane('p', 'products', [boundOfGrid(x) * boundOfGrid(k)], { mark: blank }),
    y: plane('y', 'output', answer.output, {
      pick: (i) => {
        if (axis.output(i) >= 0) go(axis.output(i));
      },
      mark: markOutput,
    }),
    k: /** @type {Plane} */ ({
      kind: 'plane',
      id: 'k',
      label: say('k'),
      rows: 1,
      columns: k.length,
      cells: k,
      bound: boundOfGrid(k),
      characters,
      edits: { key: 'k', at: [], flat: true },
    }),
  };
}

/** What the rows are called. @param {LabScene} scene */
const namesOf = ({ say, values: { flip } }) => ({
  f: say('row_f'),
  g: say(flip ? 'row_flipped' : 'row_slid'),
  p: say('row_products'),
  y: say(flip ? 'row_output' : 'row_correlation'),
});

/**
 * Charts and rows of numbers. Where there is no room for names at the left they stand above, and the kernel is in numbers alone.
 * @param {LabScene} scene
 * @param {Numbers} numbers
 * @param {ReturnType<typeof planesOf>} planes
 * @param {boolean} narrow
 * @returns {Piece[]}
 */
function rowsOf(scene, numbers, { characters, x, g, p, y }, narrow) {
  const { colours, values } = scene;
  const { axis, taps, n } = numbers;
  const name = namesOf(scene);
  const band = /** @type {[number, number]} */ ([taps[0], taps[taps.length - 1]]);
  const chart = (
    /** @type {string} */ id,
    /** @type {string} */ label,
    /** @type {number} */ tall,
    /** @type {Drawing['draw']} */ draw,
  ) => /** @type {Drawing} */ ({ kind: 'drawing', id, label, rows: tall, columns: axis.columns, characters, draw });
  return [
    chart('f', narrow ? name.f : '', narrow ? 1 : ROWS.f, (frame) =>
      stems(frame, numbers.signal, { colours, band, mark: (i) => (taps.includes(i) ? 'on' : 'quiet') }),
    ),
    x,
    ...(narrow
      ? []
      : [chart('g.', '', ROWS.g, (frame) => stems(frame, numbers.slid, { colours, kind: 'kernel', band, range: values.k }))]),
    { ...g, label: narrow ? name.g : '' },
    { ...p, label: narrow ? name.p : '' },
    chart('y.', narrow ? name.y : '', narrow ? 1 : ROWS.y, (frame) =>
      stems(frame, numbers.grown, { colours, mark: (i) => (i === axis.at(n) ? 'on' : 'quiet'), range: numbers.output }),
    ),
    y,
    chart('t', '', ROWS.axis, (frame) => places(frame, -axis.before, axis.at(n))),
  ];
}

/** The names at the left of the rows. @param {LabScene} scene @returns {Drawing} */
function namesBeside(scene) {
  const name = namesOf(scene);
  const above = (/** @type {number} */ row) => HEIGHTS.slice(0, row).reduce((a, b) => a + b, 0);
  const middle = (/** @type {number} */ from, /** @type {number} */ to) => (above(from) + above(to)) / 2;
  /** @type {[string, number][]} */
  const beside = [
    [name.f, middle(0, 2)],
    [name.g, middle(2, 4)],
    [name.p, middle(4, 5)],
    [name.y, middle(5, 7)],
    ['t', middle(7, 8)],
  ];
  return {
    kind: 'drawing',
    id: 'names',
    label: '',
    rows: above(HEIGHTS.length),
    columns: 1,
    characters: Math.ceil(Math.max(...beside.map(([text]) => ems(text))) / 0.58),
    draw: (frame) => names(frame, beside),
  };
}

/** @param {LabScene} scene @returns {Piece[]} */
export function seriesFigure(scene) {
  const numbers = numbersOf(scene);
  const planes = planesOf(scene, numbers);
  if (innerWidth <= 900) return [{ kind: 'column', gap: 0, items: [planes.k, ...rowsOf(scene, numbers, planes, true)] }];
  const rows = /** @type {Piece} */ ({ kind: 'column', gap: 0, items: rowsOf(scene, numbers, planes, false) });
  const main = /** @type {Piece} */ ({ kind: 'row', gap: 0.3, items: [namesBeside(scene), rows] });
  return [
    { kind: 'column', gap: 0.5, items: [planes.k, main] },
    { kind: 'row', gap: 1, items: [{ ...planes.k, rows: scene.values.k.length, columns: 1 }, main] },
  ];
}
