/**
 * 2-D convolution: the window slides, multiplies and adds; as columns times a matrix; as one large sparse matrix; and what it
 * costs.
 */
/** @import { Lab, LabScene, Piece, Plane, Spot, Values } from '../core/lab/types.js' */
/** @import { Axis } from '../core/lab/windows.js' */
import { boundOfGrid, countOf, flat, shapeOf } from '../core/lab/grids.js';
import { kept } from '../core/lab/kept.js';
import { copied, sizes, under } from '../core/lab/windows.js';
import { costCard, costCode, costFigure, costs } from '../view/lab/cost.js';
import { sizesAsked, sizesCard, sizesFigure } from '../view/lab/counted.js';
import { h } from '../view/dom.js';
import { matrixFigure, columnsFigure } from '../view/lab/conv-matrices.js';
import { sizeTable } from '../view/lab/side.js';
import { withParameters } from '../view/lab/parameters.js';
import { termsLine } from '../view/lab/terms.js';

const MODES = ['zeros', 'reflect', 'replicate', 'circular', 'symmetric'];
const X = [
  [
    [1, 2, 3, 0],
    [0, 1, 2, 3],
    [3, 0, 1, 2],
    [2, 3, 0, 1],
  ],
];
const K = [
  [
    [
      [2, 0, 1],
      [0, 1, 2],
      [1, 0, 2],
    ],
  ],
];
const counted = (/** @type {Values} */ values) => ['sizes', 'cost'].includes(values.view);
const sliding = (/** @type {Values} */ values) => !counted(values);
const sized = (/** @type {Values} */ values) => sliding(values) || (values.view === 'sizes' && !values.equal);

/** @param {Values} values @returns {[Axis, Axis]} of rows and columns */
export function axesOf({ x, k, padding, stride, dilation }) {
  const [, ...size] = shapeOf(x);
  const [, , ...kernel] = shapeOf(k);
  return /** @type {[Axis, Axis]} */ (
    size.map((side, i) => ({ size: side, kernel: kernel[i], stride, before: padding, after: padding, dilation }))
  );
}

/**
 * Which output is looked at: the one pointed at, the step's, else the first.
 * @param {LabScene} scene
 * @returns {[number, number, number]} channel, row, column
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

/** The API leaves a single channel out. @param {any} output @returns {number[][][]} */
export const planes = (output) => (shapeOf(output).length === 2 ? [output] : output);

/** The kernels' input channels: with groups each kernel reads its own part. @param {Values} values @param {number} out */
const readBy = ({ x, k, groups }, out) => {
  const [kernels, each] = shapeOf(k);
  const first = Math.floor(out / (kernels / groups)) * each;
  return Array.from({ length: each }, (_, i) => first + i).filter((channel) => channel < x.length);
};

/**
 * The terms of one output, by input channel.
 * @param {Values} values
 * @param {[number, number, number]} at
 * @param {number} result
 */
export function explained(values, [out, row, column], result) {
  const { x, k, b, padding_mode: mode, flip } = values;
  const [rows, columns] = axesOf(values);
  const channels = readBy(values, out);
  /** @type {import('../core/types.js').Term[]} */
  const terms = [];
  /** @type {import('../core/types.js').Group[]} */
  const groups = [];
  channels.forEach((channel, i) => {
    const start = terms.length;
    under(rows, row).forEach((y, ky) =>
      under(columns, column).forEach((at, kx) => {
        const from = [copied(y, rows.size, mode), copied(at, columns.size, mode)];
        const inside = from.every((place) => place >= 0);
        const value = inside ? x[channel][from[0]][from[1]] : 0;
        const weight = flip ? k[out][i][rows.kernel - 1 - ky][columns.kernel - 1 - kx] : k[out][i][ky][kx];
        terms.push({
          label: '',
          weight,
          value,
          product: weight * value,
          source: inside ? { node: 'input', index: [channel, ...from] } : null,
        });
      }),
    );
    groups.push({
      label: String(channel),
      start,
      stop: terms.length,
      sum: terms.slice(start).reduce((sum, { product }) => sum + product, 0),
    });
  });
  return { op: 'conv2d', node: 'output', index: [out, row, column], terms, groups, bias: b[out] ?? 0, result, extra: {} };
}

/**
 * The cells along an axis that some window reads; the others are cut off, or skipped by a large stride.
 * @param {Axis} axis
 * @returns {Set<number>}
 */
const readOf = (axis) => new Set(Array.from({ length: Math.max(0, sizes(axis).output) }, (_, at) => under(axis, at)).flat());

/** One input channel with its padding around it. @param {LabScene} scene @param {number} channel @returns {Plane} */
function inputPlane({ values, say }, channel) {
  const [rows, columns] = axesOf(values);
  const [tall, wide] = [rows, columns].map((axis) => axis.size + 2 * axis.before);
  const { x } = values;
  const origin = (/** @type {number} */ i) => [Math.floor(i / wide) - rows.before, (i % wide) - columns.before];
  const cells = Array.from({ length: tall * wide }, (_, i) => {
    const [y, column] = origin(i);
    const from = [copied(y, rows.size, values.padding_mode), copied(column, columns.size, values.padding_mode)];
    return from.every((place) => place >= 0) ? x[channel][from[0]][from[1]] : 0;
  });
  const [readRows, readColumns] = [readOf(rows), readOf(columns)];
  const still = {
    cells,
    mark(/** @type {number} */ i) {
      const [y, column] = origin(i);
      const outside = y < 0 || column < 0 || y >= rows.size || column >= columns.size;
      return `${outside ? 'padding' : ''}${readRows.has(y) && readColumns.has(column) ? '' : ' off'}`;
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
    thin: values.padding_mode === 'zeros',
    edits: { key: 'x', at: [channel], inner: [rows.before, columns.before, rows.size, columns.size] },
  };
}

/**
 * The cells under the window of an output, as indices into a padded input channel.
 * @param {Values} values
 * @param {[number, number, number]} at
 * @returns {number[]}
 */
function windowAt(values, [, row, column]) {
  const [rows, columns] = axesOf(values);
  const wide = columns.size + 2 * columns.before;
  return under(rows, row).flatMap((y) => under(columns, column).map((x) => (y + rows.before) * wide + x + columns.before));
}

/**
 * What moves over an input channel: the window, or the cell that is pointed at.
 * @param {LabScene} scene
 * @param {number} channel
 * @param {[number, number, number]} at
 * @returns {[string, number[]][]}
 */
function overInput({ values, hover }, channel, at) {
  if (hover?.grid === `x.${channel}`) return [['here', [hover.index]]];
  return readBy(values, at[0]).includes(channel) ? [['window', windowAt(values, at)]] : [];
}

/**
 * The outputs along an axis whose windows hold an input coordinate.
 * @param {Axis} axis
 * @param {number} place
 * @returns {number[]}
 */
function reachedBy(axis, place) {
  const count = sizes(axis).output;
  const starts = Array.from({ length: axis.kernel }, (_, k) => (place + axis.before - k * axis.dilation) / axis.stride);
  return starts.filter((at) => Number.isInteger(at) && at >= 0 && at < count);
}

/**
 * The outputs of a channel whose windows hold the input cell that is pointed at; null where none is.
 * @param {LabScene} scene
 * @param {number} out
 * @returns {number[] | null}
 */
function reachOf({ hover, values }, out) {
  const found = hover && /^x\.(\d+)$/.exec(hover.grid);
  if (!found || !hover) return null;
  if (!readBy(values, out).includes(Number(found[1]))) return [];
  const [rows, columns] = axesOf(values);
  const wide = columns.size + 2 * columns.before;
  const across = sizes(columns).output;
  const y = Math.floor(hover.index / wide) - rows.before;
  const x = (hover.index % wide) - columns.before;
  return reachedBy(rows, y).flatMap((row) => reachedBy(columns, x).map((column) => row * across + column));
}

/** @param {LabScene} scene @param {[number, number, number]} at @returns {Plane[]} */
function outputPlanes(scene, at) {
  const { answer, say, step } = scene;
  const output = planes(answer.output);
  const [, rows, columns] = shapeOf(output);
  const count = rows * columns;
  return output.map((plane, out) => {
    const still = kept(answer, `y.${out}`, () => ({ cells: flat(plane), bound: boundOfGrid(output) }));
    const reached = reachOf(scene, out);
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

/** Channels above each other, or side by side where there is more room that way. @param {LabScene} scene @returns {Piece[]} */
function slideFigure(scene) {
  const { values, say } = scene;
  const { x, k } = values;
  const at = lookedAt(scene);
  const bound = boundOfGrid(k);
  const [kernels, each, rows, columns] = shapeOf(k);
  const inputs = x.map((/** @type {any} */ _, /** @type {number} */ channel) => ({
    ...kept(scene.answer, `x.${channel}`, () => inputPlane(scene, channel)),
    over: overInput(scene, channel, at),
  }));
  const scale = Math.min(4, Math.max(1, x[0].length / (4 * rows))); // a kernel of a few cells is to be seen beside many
  const kernel = (/** @type {number} */ out) =>
    Array.from(
      { length: each },
      (_, i) =>
        /** @type {Plane} */ ({
          kind: 'plane',
          id: `k.${out}.${i}`,
          label: i === 0 ? (kernels > 1 ? `${say('kernel')} ${out}` : say('kernel')) : '',
          rows,
          columns,
          cells: flat(k[out][i]),
          bound,
          scale,
          edits: { key: 'k', at: [out, i] },
          mark: () => (out === at[0] && kernels > 1 ? 'window' : ''),
        }),
    );
  const reads = readBy(values, at[0]);
  const bias = /** @type {Plane} */ ({
    kind: 'plane',
    id: 'b',
    label: say('bias'),
    rows: 1,
    columns: kernels,
    cells: values.b,
    bound: boundOfGrid(values.b),
    scale,
    edits: { key: 'b', at: [], flat: true },
    mark: (i) => (i === at[0] && kernels > 1 ? 'window' : ''),
  });
  /** @typedef {'row' | 'column'} Way */
  const arranged = (/** @type {Way} */ channels, /** @type {Way} */ whole, /** @type {Way} */ several) =>
    /** @type {Piece} */ ({
      kind: whole,
      items: [
        { kind: channels, items: inputs, several: { key: 'x', shown: reads[0] ?? 0 } },
        { kind: 'sign', text: values.flip ? '∗' : '⋆' },
        {
          kind: 'column',
          items: [
            {
              kind: several,
              several: { key: 'k', shown: at[0] },
              items: Array.from({ length: kernels }, (_, out) => ({
                kind: channels,
                gap: 0.4,
                several: { key: 'kc', shown: 0 },
                items: kernel(out),
              })),
            },
            bias,
          ],
        },
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

/** @type {Lab} */
export default withParameters({
  fields: [
    { key: 'x', kind: 'grid', rank: 3, start: X, when: sliding },
    { key: 'k', kind: 'grid', rank: 4, start: K, most: 16, when: sliding },
    { key: 'b', kind: 'grid', rank: 1, start: [0], hidden: true },
    { key: 'padding', kind: 'whole', start: 0, least: 0, most: 8, when: sized },
    { key: 'stride', kind: 'whole', start: 1, least: 1, most: 8, when: sized },
    { key: 'dilation', kind: 'whole', start: 1, least: 1, most: 8, when: (values) => values.view !== 'cost' },
    { key: 'groups', kind: 'whole', start: 1, least: 1, most: 8, when: (values) => sliding(values) && values.x.length > 1 },
    {
      key: 'padding_mode',
      kind: 'choice',
      options: MODES,
      start: 'zeros',
      when: (values) => sliding(values) && values.padding > 0,
    },
    { key: 'flip', kind: 'flag', start: false, when: sliding },
    ...Object.entries({ side: 28, from: 192, to: 32, size: 5, between: 16 }).map(
      ([key, start]) =>
        /** @type {import('../core/lab/types.js').Field} */ ({
          key,
          kind: 'whole',
          start,
          least: 1,
          most: 4096,
          when: (values) => counted(values) && (key !== 'between' || values.view === 'cost'),
        }),
    ),
    { key: 'equal', kind: 'flag', start: false, when: (values) => values.view === 'sizes' },
  ],
  views: ['slide', 'columns', 'matrix', 'sizes', 'cost'],
  adapt(values) {
    const { x, k, b, groups } = values;
    const [kernels, each] = shapeOf(k);
    const wanted = Math.max(1, Math.floor(x.length / groups));
    const fitting =
      each === wanted ? k : k.map((/** @type {any[]} */ kernel) => Array.from({ length: wanted }, (_, i) => kernel[i % each]));
    return { ...values, k: fitting, b: Array.from({ length: kernels }, (_, i) => b[i] ?? 0) };
  },
  ask(values, view) {
    if (view === 'cost') return null;
    if (view === 'sizes') return sizesAsked(values);
    const { x, k, b, padding, stride, dilation, groups, padding_mode, flip } = values;
    const include = { columns: ['im2col'], matrix: ['matrix'] }[view] ?? [];
    return {
      op: 'conv2d',
      body: {
        input: x,
        kernel: k,
        bias: b.some((/** @type {number} */ v) => v !== 0) ? b : null,
        padding,
        stride,
        dilation,
        groups,
        padding_mode,
        flip,
        steps: false,
        include,
      },
    };
  },
  steps: ({ view, values, answer }) => (counted({ ...values, view }) || !answer ? 0 : countOf(answer.output)),
  figure: (scene) =>
    (
      ({ slide: slideFigure, columns: columnsFigure, matrix: matrixFigure, sizes: sizesFigure, cost: costFigure })[
        scene.view
      ] ?? slideFigure
    )(scene),
  card(scene) {
    if (scene.view === 'cost') return [costCard(scene)];
    if (scene.view === 'sizes') return sizesCard(scene);
    const at = lookedAt(scene);
    const result = planes(scene.answer.output)[at[0]][at[1]][at[2]];
    return [
      h(
        'p',
        { class: 'quiet' },
        scene.say(scene.values.k.length > 1 ? 'at' : 'at_one', { channel: at[0], row: at[1] + 1, column: at[2] + 1 }),
      ),
      termsLine(explained(scene.values, at, result), {
        label: (name) => scene.say('channel', { channel: name }),
        columns: shapeOf(scene.values.k)[3],
      }),
    ];
  },
  side: (scene) =>
    scene.view === 'cost' || !scene.answer?.sizes
      ? []
      : [
          sizeTable(Object.values(scene.answer.sizes), [scene.say('rows'), scene.say('columns')]),
          h(
            'p',
            { class: 'quiet' },
            scene.say('macs', { count: Number(scene.answer.macs ?? scene.answer.multiplications).toLocaleString('en') }),
          ),
        ],
  code: ({ view, values, answer }) => (view === 'cost' ? costCode(values) : (answer?.code ?? '')),
  caption: (scene) =>
    scene.step === null
      ? scene.say(`caption_${scene.view}`)
      : scene.say('caption_step', { step: scene.step + 1, count: countOf(scene.answer.output) }),
  numbers: ({ view, values, answer }) =>
    view === 'cost'
      ? costs(values)
      : view === 'sizes'
        ? { output: answer.output, ...answer.weights }
        : { input: values.x, kernel: values.k, bias: values.b, output: answer?.output ?? [] },
});
