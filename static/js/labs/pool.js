/**
 * Pooling: of every window the largest number or the mean; overlapping, global and adaptive; and what a shifted picture leaves
 * as it is.
 */
/** @import { Field, Lab, LabScene, Piece, Plane, Values } from '../core/lab/types.js' */
import { boundOfGrid, countOf, flat, shapeOf, short } from '../core/lab/grids.js';
import { kept } from '../core/lab/kept.js';
import { alike, lookedAt, moved, planesOf } from '../core/lab/reading.js';
import { under } from '../core/lab/windows.js';
import { h } from '../view/dom.js';
import { meanLine, maximumLine } from '../view/lab/pooled.js';
import { sizeTable } from '../view/lab/side.js';

const X = [
  [
    [3, 3, 2, 1, 0],
    [0, 0, 1, 3, 1],
    [3, 1, 2, 2, 3],
    [2, 0, 0, 2, 2],
    [2, 0, 0, 0, 1],
  ],
];
const fixed = (/** @type {Values} */ values) => values.windows === 'fixed';

/**
 * The pictures that are pooled: in the view "shift" the first channel, and itself moved.
 * @param {Values} values
 * @param {string} view
 * @returns {number[][][]}
 */
const pictures = ({ x, dx, dy }, view) => (view === 'shift' ? [x[0], moved(x[0], dy, dx)] : x);

/** Padding is drawn around pictures where windows of fixed size reach into it. @param {Values} values */
const border = (values) => (fixed(values) ? values.padding : 0);

/**
 * Which rows and columns the window of an output covers; they may lie outside.
 * @param {LabScene} scene
 * @param {number} row
 * @param {number} column
 * @returns {[number[], number[]]}
 */
function windowOf({ values, answer }, row, column) {
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
function cellsOf(scene, [channel, row, column]) {
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
function divisorOf(scene, at) {
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
const winnerOf = ({ answer }, channel, [, row, column]) =>
  answer.winners ? String((shapeOf(answer.output).length === 2 ? [answer.winners] : answer.winners)[channel][row][column]) : '';

/**
 * Where the winners of the outputs up to the step are, as indices into a padded channel.
 * @param {LabScene} scene
 * @param {number} channel
 * @returns {number[]}
 */
function winnersOf(scene, channel) {
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
const paddedSize = ({ values }) => {
  const [tall, wide] = shapeOf(values.x[0]);
  return [tall + 2 * border(values), wide + 2 * border(values)];
};

/** A cell of a channel among those with padding. @param {LabScene} scene @param {number} row @param {number} column */
const indexOf = (scene, row, column) => (row + border(scene.values)) * paddedSize(scene)[1] + column + border(scene.values);

/**
 * A channel with its padding: what stays as it is while one points and steps.
 * @param {LabScene} scene
 * @param {number} channel
 */
function inputStill({ values, view, answer }, channel) {
  return kept(answer, `x.${channel}`, () => {
    const picture = pictures(values, view)[channel];
    const edge = border(values);
    const [tall, wide] = shapeOf(picture).map((side) => side + 2 * edge);
    const outside = values.pool === 'max' ? -Infinity : 0;
    const valueAt = (/** @type {number} */ i) => picture[Math.floor(i / wide) - edge]?.[(i % wide) - edge];
    const cells = Array.from({ length: tall * wide }, (_, i) => valueAt(i) ?? outside);
    const texts = cells.map((value, i) =>
      valueAt(i) === undefined && values.pool === 'avg' && !values.count_include_pad ? '' : short(value),
    );
    return {
      cells,
      texts,
      bound: boundOfGrid(values.x),
      mark: (/** @type {number} */ i) => (valueAt(i) === undefined ? 'padding' : ''),
    };
  });
}

/**
 * @param {LabScene} scene
 * @param {number} channel
 * @param {[number, number, number]} at
 * @param {Partial<Plane>} more
 * @returns {Plane}
 */
function inputPlane(scene, channel, at, more) {
  const { values, view, hover } = scene;
  const edge = border(values);
  const still = inputStill(scene, channel);
  const [tall, wide] = paddedSize(scene);
  const pointing = hover?.grid === `x.${channel}`;
  const looked = !pointing && (view === 'shift' || channel === at[0]);
  const [rows, columns] = windowOf(scene, at[1], at[2]);
  const on = (/** @type {number[]} */ places, /** @type {number} */ count) =>
    places.filter((place) => place >= -edge && place < count - edge); // a window may reach past the padding
  const inside = looked ? on(rows, tall).flatMap((row) => on(columns, wide).map((column) => indexOf(scene, row, column))) : [];
  const best = winnerOf(scene, channel, at).split(',').map(Number);
  const won = winnersOf(scene, channel);
  const winner =
    looked && best.length > 1 && won.includes(indexOf(scene, best[0], best[1])) ? indexOf(scene, best[0], best[1]) : -1;
  return {
    kind: 'plane',
    id: `x.${channel}`,
    label: '',
    rows: tall,
    columns: wide,
    ...still,
    still,
    thin: true,
    edits: { key: 'x', at: [channel], inner: [edge, edge, tall - 2 * edge, wide - 2 * edge] },
    over: [
      ['window', inside],
      ['won', won.filter((i) => i !== winner)],
      ['winner', winner < 0 ? [] : [winner]],
      ['here', pointing && hover ? [hover.index] : []],
    ],
    ...more,
  };
}

/**
 * @param {LabScene} scene
 * @param {number} channel
 * @param {[number, number, number]} at
 * @param {Partial<Plane>} more
 * @returns {Plane}
 */
function outputPlane(scene, channel, at, more) {
  const { answer, values, view, step } = scene;
  const output = planesOf(answer.output);
  const [, rows, columns] = shapeOf(output);
  const before = view === 'shift' ? 0 : channel * rows * columns;
  const still = kept(answer, `y.${channel}`, () => ({ cells: flat(output[channel]), bound: boundOfGrid(values.x) }));
  const reached = reachOf(scene, channel);
  return {
    kind: 'plane',
    id: `y.${channel}`,
    label: '',
    rows,
    columns,
    ...still,
    still,
    pick: (i) => scene.go(before + i),
    over: reached ? [['reach', reached]] : view === 'shift' || channel === at[0] ? [['here', [at[1] * columns + at[2]]]] : [],
    ...(step === null ? {} : { later: Math.max(0, step + 1 - before) }),
    ...more,
  };
}

/**
 * The outputs whose windows hold the input cell that is pointed at; null where none is.
 * @param {LabScene} scene
 * @param {number} channel
 * @returns {number[] | null}
 */
function reachOf(scene, channel) {
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

/** What is done, between picture and result. @param {LabScene} scene @returns {Piece} */
const sign = ({ values, say }) => ({ kind: 'words', lines: [say(`sign_${values.pool}`), '⟶'] });

/** The same, where the result stands below. @param {LabScene} scene @returns {Piece} */
const down = ({ values, say }) => ({ kind: 'words', lines: [`${say(`sign_${values.pool}`)} ↓`] });

/**
 * Channels beside or above each other.
 * @param {'row' | 'column'} kind
 * @param {string} key
 * @param {Piece[]} items
 * @param {number} shown
 * @returns {Piece}
 */
const group = (kind, key, items, shown) => ({ kind, items, several: { key, shown } });

/** @param {LabScene} scene @returns {Piece[]} */
function poolFigure(scene) {
  const { values, say } = scene;
  const at = lookedAt(scene, planesOf(scene.answer.output));
  const several = values.x.length > 1;
  const label = (/** @type {string} */ key, /** @type {number} */ channel) => (several ? `${say(key)} ${channel}` : say(key));
  const inputs = values.x.map((/** @type {any} */ _, /** @type {number} */ c) =>
    inputPlane(scene, c, at, { label: label('input', c) }),
  );
  const outputs = values.x.map((/** @type {any} */ _, /** @type {number} */ c) =>
    outputPlane(scene, c, at, { label: label('output', c) }),
  );
  /** @type {Piece[]} */
  const ways = [
    { kind: 'row', gap: 1.6, items: [group('column', 'x', inputs, at[0]), sign(scene), group('column', 'y', outputs, at[0])] },
  ];
  return several
    ? [...ways, { kind: 'column', items: [group('row', 'x', inputs, at[0]), down(scene), group('row', 'y', outputs, at[0])] }]
    : ways;
}

/**
 * Above the picture and its result, below both moved; framed is what stays where it was.
 * @param {LabScene} scene
 * @returns {Piece[]}
 */
function shiftFigure(scene) {
  const { say } = scene;
  const before = pictures(scene.values, 'shift');
  const output = planesOf(scene.answer.output);
  const at = lookedAt(scene, output);
  const [inputStays, outputStays] = [before, output].map(([one, other]) => ({
    stay: alike(flat(one), flat(other)),
    count: flat(one).length,
  }));
  const [first, second] = output.map((plane) => flat(plane));
  const plain = (/** @type {number} */ c) => inputPlane(scene, c, at, {});
  const last = outputPlane(scene, 1, at, {});
  const marked = new Set(last.over?.flatMap(([, cells]) => cells));
  const stays = second.flatMap((value, i) => (value === first[i] && !marked.has(i) && i < (last.later ?? Infinity) ? [i] : []));
  const inputs = [
    { ...plain(0), label: say('picture') },
    { ...plain(1), edits: undefined, label: say('moved', inputStays) },
  ];
  const outputs = [
    outputPlane(scene, 0, at, { label: say('output') }),
    {
      ...last,
      label: say('moved', outputStays),
      over: [...(last.over ?? []), /** @type {[string, number[]]} */ (['winner', stays])],
    },
  ];
  const line = (/** @type {number} */ i) =>
    /** @type {Piece} */ ({ kind: 'row', gap: 1.6, items: [inputs[i], sign(scene), outputs[i]] });
  const stack = (/** @type {number} */ i) =>
    /** @type {Piece} */ ({ kind: 'column', items: [inputs[i], down(scene), outputs[i]] });
  return [
    { kind: 'column', items: [line(0), line(1)] },
    { kind: 'row', gap: 2, items: [line(0), line(1)] },
    { kind: 'row', gap: 2, items: [stack(0), stack(1)] },
  ];
}

/** "0–2, 2–4": the windows of adaptive pooling. @param {LabScene} scene */
const windowTable = ({ answer, say }) =>
  h(
    'section',
    { class: 'lab-sizes' },
    h('h3', {}, say('spans')),
    ['rows', 'columns'].map((axis) =>
      h(
        'p',
        {},
        h('span', { class: 'axis' }, say(axis)),
        h(
          'span',
          { class: 'num' },
          answer.windows[axis]
            .slice(0, 12)
            .map((/** @type {[number, number]} */ [start, stop]) => (stop - start > 1 ? `${start + 1}–${stop}` : start + 1))
            .join(', ') + (answer.windows[axis].length > 12 ? ' …' : ''),
        ),
      ),
    ),
  );

/** @param {LabScene} scene */
const stepsOf = ({ view, answer }) => (answer ? countOf(view === 'shift' ? planesOf(answer.output)[0] : answer.output) : 0);

/** @type {Lab} */
export default {
  fields: [
    { key: 'x', kind: 'grid', rank: 3, start: X },
    { key: 'pool', kind: 'choice', options: ['max', 'avg'], start: 'max' },
    { key: 'windows', kind: 'choice', options: ['fixed', 'adaptive', 'global'], start: 'fixed' },
    ...[
      ['k', 2, 1, 16],
      ['stride', 2, 1, 16],
      ['padding', 0, 0, 8],
    ].map(([key, start, least, most]) => /** @type {Field} */ ({ key, kind: 'whole', start, least, most, when: fixed })),
    { key: 'dilation', kind: 'whole', start: 1, least: 1, most: 8, when: (values) => fixed(values) && values.pool === 'max' },
    { key: 'ceil_mode', kind: 'flag', start: false, when: (values) => fixed(values) && values.view !== 'shift' },
    {
      key: 'count_include_pad',
      kind: 'flag',
      start: true,
      when: (values) => fixed(values) && values.pool === 'avg' && values.padding > 0,
    },
    { key: 'size', kind: 'whole', start: 3, least: 1, most: 16, when: (values) => values.windows === 'adaptive' },
    ...['dx', 'dy'].map(
      (key) =>
        /** @type {Field} */ ({
          key,
          kind: 'whole',
          start: key === 'dx' ? 1 : 0,
          least: -8,
          most: 8,
          when: (values) => values.view === 'shift',
        }),
    ),
  ],
  views: ['pool', 'shift'],
  ask(values, view) {
    const { pool, windows, k, stride, padding, dilation, ceil_mode, count_include_pad, size } = values;
    const input = pictures(values, view);
    if (windows !== 'fixed')
      return { op: `adaptive_${pool}_pool2d`, body: { input, output_size: windows === 'global' ? 1 : size, steps: false } };
    const own = pool === 'max' ? { dilation } : { count_include_pad };
    return { op: `${pool}_pool2d`, body: { input, kernel_size: k, stride, padding, ceil_mode, ...own, steps: false } };
  },
  steps: stepsOf,
  figure: (scene) => (scene.view === 'shift' ? shiftFigure : poolFigure)(scene),
  card(scene) {
    const output = planesOf(scene.answer.output);
    const at = lookedAt(scene, output);
    const lines = (scene.view === 'shift' ? [0, 1] : [at[0]]).map((channel) => {
      const place = /** @type {[number, number, number]} */ ([channel, at[1], at[2]]);
      const cells = cellsOf(scene, place);
      const result = output[channel][at[1]][at[2]];
      return scene.values.pool === 'max'
        ? maximumLine(cells, result, scene.say)
        : meanLine(cells, divisorOf(scene, place), result, scene.say);
    });
    return [
      h(
        'p',
        { class: 'quiet' },
        scene.say(scene.view === 'shift' || output.length === 1 ? 'at_one' : 'at', {
          channel: at[0],
          row: at[1] + 1,
          column: at[2] + 1,
        }),
      ),
      h('div', { class: 'lab-beside' }, lines),
    ];
  },
  side: (scene) => [
    scene.answer.sizes
      ? sizeTable(Object.values(scene.answer.sizes), [scene.say('rows'), scene.say('columns')])
      : scene.answer.windows
        ? windowTable(scene)
        : null,
    scene.view === 'shift' ? null : h('p', { class: 'quiet' }, scene.say('parameters', { count: scene.values.x.length })),
  ],
  caption(scene) {
    if (scene.step !== null)
      return scene.say(`caption_step_${scene.values.pool}`, { step: scene.step + 1, count: stepsOf(scene) });
    return scene.say(
      scene.view === 'shift'
        ? 'caption_shift'
        : `caption_${scene.values.windows === 'fixed' ? scene.values.pool : scene.values.windows}`,
    );
  },
  numbers: ({ values, view, answer }) => ({ input: pictures(values, view), output: answer?.output ?? [] }),
};
