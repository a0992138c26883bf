/** The figure of a convolution that slides: channels with their border, kernels, and what comes out. */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
/** @import { At } from '../../core/lab/convolution.js' */
import { axesOf, leftOut, planes, reachOf, readBy, windowAt } from '../../core/lab/convolution.js';
import { boundOfGrid, flat, shapeOf } from '../../core/lab/grids.js';
import { kept } from '../../core/lab/kept.js';
import { copied } from '../../core/lab/windows.js';

/**
 * Which output is looked at: the one pointed at, the step's, else the first.
 * @param {LabScene} scene
 * @returns {At}
 */
export function lookedAt({ hover, step, answer }) {
  const [channels, rows, columns] = shapeOf(planes(answer.output));
  const pointed = hover && /^y\.(\d+)$/.exec(hover.grid);
  const index = Math.min(
    channels * rows * columns - 1,
    pointed && hover ? Number(pointed[1]) * rows * columns + hover.index : (step ?? 0),
  );
  return [Math.floor(index / (rows * columns)), Math.floor(index / columns) % rows, index % columns];
}

/** The input channel that is pointed at; -1: none. @param {LabScene} scene */
const pointedAt = ({ hover }) => Number(/^x\.(\d+)$/.exec(hover?.grid ?? '')?.[1] ?? -1);

/** One input channel with its padding around it. @param {LabScene} scene @param {number} channel @returns {Plane} */
function inputPlane({ values, say }, channel) {
  const [rows, columns] = axesOf(values);
  const [tall, wide] = [rows, columns].map((axis) => axis.size + 2 * axis.before);
  const { x, padding_mode: mode } = values;
  const origin = (/** @type {number} */ i) => [Math.floor(i / wide) - rows.before, (i % wide) - columns.before];
  const cells = Array.from({ length: tall * wide }, (_, i) => {
    const [y, column] = origin(i);
    const from = [copied(y, rows.size, mode), copied(column, columns.size, mode)];
    return from.every((place) => place >= 0) ? x[channel][from[0]][from[1]] : 0;
  });
  const [outRows, outColumns] = [leftOut(rows), leftOut(columns)];
  const still = {
    cells,
    mark(/** @type {number} */ i) {
      const [y, column] = origin(i);
      const outside = y < 0 || column < 0 || y >= rows.size || column >= columns.size;
      const left = [outRows(y), outColumns(column)];
      return `${outside ? 'padding' : ''} ${left.find((each) => each.includes('cut')) ?? (left[0] || left[1])}`.trim();
    },
  };
  return {
    kind: 'plane',
    id: `x.${channel}`,
    label: x.length > 1 ? `${say('input')} ${channel}` : say('input'),
    rows: tall,
    columns: wide,
    ...still,
    still,
    bound: boundOfGrid(x),
    thin: mode === 'zeros',
    edits: { key: 'x', at: [channel], inner: [rows.before, columns.before, rows.size, columns.size] },
  };
}

/**
 * What moves over an input channel: the window, or the number that is pointed at with its copies in the border.
 * @param {LabScene} scene
 * @param {number} channel
 * @param {At} at
 * @returns {[string, number[]][]}
 */
function overInput(scene, channel, at) {
  const { values, hover } = scene;
  if (hover && pointedAt(scene) === channel) return [['here', reachOf(values, hover.index).stands]];
  return readBy(values, at[0]).includes(channel) ? [['window', windowAt(values, at)]] : [];
}

/** @param {LabScene} scene @param {At} at @returns {Plane[]} */
function outputPlanes(scene, at) {
  const { answer, say, step, values, hover } = scene;
  const output = planes(answer.output);
  const [, rows, columns] = shapeOf(output);
  const count = rows * columns;
  const pointed = pointedAt(scene);
  const reaches = hover && pointed >= 0 ? reachOf(values, hover.index).reaches : null;
  return output.map((plane, out) => {
    const still = kept(answer, `y.${out}`, () => ({ cells: flat(plane), bound: boundOfGrid(output) }));
    const reached = reaches && (readBy(values, out).includes(pointed) ? reaches : []);
    return {
      kind: 'plane',
      id: `y.${out}`,
      label: output.length > 1 ? `${say('output')} ${out}` : say('output'),
      rows,
      columns,
      ...still,
      still,
      pick: (i) => scene.go(out * count + i),
      over: reached ? [['reach', reached]] : out === at[0] ? [['here', [at[1] * columns + at[2]]]] : [],
      ...(step === null ? {} : { later: Math.max(0, step + 1 - out * count) }),
    };
  });
}

/**
 * A kernel's channels; the first bears its name, and those beside it a blank one, so that they stand on one line.
 * @param {LabScene} scene
 * @param {number} out
 * @param {At} at
 * @param {{scale: number, beside: boolean}} how
 * @returns {Plane[]}
 */
function kernelPlanes({ values: { k }, say }, out, at, { scale, beside }) {
  const [kernels, each, rows, columns] = shapeOf(k);
  const bound = boundOfGrid(k);
  return Array.from({ length: each }, (_, i) => ({
    kind: 'plane',
    id: `k.${out}.${i}`,
    label: i > 0 ? (beside ? ' ' : '') : kernels > 1 ? `${say('kernel')} ${out}` : say('kernel'),
    rows,
    columns,
    cells: flat(k[out][i]),
    bound,
    scale,
    edits: { key: 'k', at: [out, i] },
    mark: () => (out === at[0] && kernels > 1 ? 'window' : ''),
  }));
}

/** One number per kernel. @param {LabScene} scene @param {At} at @param {number} scale @returns {Plane} */
const biasPlane = ({ values: { k, b }, say }, at, scale) => ({
  kind: 'plane',
  id: 'b',
  label: say('bias'),
  rows: 1,
  columns: k.length,
  cells: b,
  bound: boundOfGrid(b),
  scale,
  edits: { key: 'b', at: [], flat: true },
  mark: (i) => (i === at[0] && k.length > 1 ? 'window' : ''),
});

/** Channels above each other, or side by side where there is more room that way. @param {LabScene} scene @returns {Piece[]} */
export function slideFigure(scene) {
  const { values, answer } = scene;
  const { x, k } = values;
  const at = lookedAt(scene);
  const [kernels, , rows] = shapeOf(k);
  const inputs = x.map((/** @type {any} */ _, /** @type {number} */ channel) => ({
    ...kept(answer, `x.${channel}`, () => inputPlane(scene, channel)),
    over: overInput(scene, channel, at),
  }));
  const scale = Math.min(4, Math.max(1, x[0].length / (4 * rows))); // a kernel of a few cells is to be seen beside many
  /** @typedef {'row' | 'column'} Way */
  const kernel = (/** @type {Way} */ channels, /** @type {number} */ out) =>
    /** @type {Piece} */ ({
      kind: channels,
      gap: 0.4,
      several: { key: 'kc', shown: 0 },
      items: kernelPlanes(scene, out, at, { scale, beside: channels === 'row' }),
    });
  const all = (/** @type {Way} */ channels, /** @type {Way} */ several) =>
    /** @type {Piece} */ ({
      kind: several,
      several: { key: 'k', shown: at[0] },
      items: Array.from({ length: kernels }, (_, out) => kernel(channels, out)),
    });
  const arranged = (/** @type {Way} */ channels, /** @type {Way} */ whole, /** @type {Way} */ several) =>
    /** @type {Piece} */ ({
      kind: whole,
      items: [
        { kind: channels, items: inputs, several: { key: 'x', shown: readBy(values, at[0])[0] ?? 0 } },
        { kind: 'sign', text: values.flip ? '∗' : '⋆' },
        { kind: 'column', items: [all(channels, several), biasPlane(scene, at, scale)] },
        { kind: 'sign', text: '=' },
        {
          kind: several === 'row' && channels === 'row' ? 'row' : 'column',
          several: { key: 'y', shown: at[0] },
          items: outputPlanes(scene, at),
        },
      ],
    });
  return [
    arranged('column', 'row', 'row'),
    arranged('row', 'row', 'column'),
    arranged('column', 'row', 'column'),
    arranged('row', 'column', 'row'),
    arranged('row', 'column', 'column'),
  ];
}
