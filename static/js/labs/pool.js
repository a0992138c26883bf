/**
 * Pooling: of every window the largest number or the mean; overlapping, global and adaptive; and what a shifted picture leaves
 * as it is.
 */
/** @import { Field, Lab, LabScene } from '../core/lab/types.js' */
import { countOf } from '../core/lab/grids.js';
import { cellsOf, divisorOf, fixed, pictures } from '../core/lab/pooling.js';
import { lookedAt, planesOf } from '../core/lab/reading.js';
import { h } from '../view/dom.js';
import { poolFigure, shiftFigure } from '../view/lab/pool-figures.js';
import { meanLine, maximumLine, winnerAmong } from '../view/lab/pooled.js';
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

/** By how many cells the picture is moved. @param {string} key @param {number} start @returns {Field} */
const shift = (key, start) => ({
  key,
  kind: 'whole',
  start,
  least: -8,
  most: 8,
  when: (values) => values.view === 'shift',
});

/**
 * How one number of a channel comes about.
 * @param {LabScene} scene
 * @param {[number, number, number]} at
 */
function lineOf(scene, at) {
  const { values, answer, view, say } = scene;
  const cells = cellsOf(scene, at);
  const result = planesOf(answer.output)[at[0]][at[1]][at[2]];
  return values.pool === 'max'
    ? maximumLine(cells, result, say, view !== 'shift')
    : meanLine(cells, divisorOf(scene, at), result, say);
}

/** @param {LabScene} scene */
function poolCard(scene) {
  const output = planesOf(scene.answer.output);
  const [channel, row, column] = lookedAt(scene, output);
  return [
    h('p', { class: 'quiet' }, scene.say(output.length > 1 ? 'at' : 'at_one', { channel, row: row + 1, column: column + 1 })),
    lineOf(scene, [channel, row, column]),
  ];
}

/** The same place before and after the move; where both maxima stood is said once, so that the lines stay short. @param {LabScene} scene */
function shiftCard(scene) {
  const { values, answer, say } = scene;
  const output = planesOf(answer.output);
  const [, row, column] = lookedAt(scene, output);
  const winners = [0, 1].map((channel) => {
    const cells = cellsOf(scene, [channel, row, column]);
    return values.pool === 'max' ? cells[winnerAmong(cells, output[channel][row][column])] : undefined;
  });
  const [before, after] = winners.map((winner) => winner && say('cell', { row: winner.row + 1, column: winner.column + 1 }));
  const from = before && after ? say('winners', { before, after }) : '';
  return [
    h('p', { class: 'quiet' }, `${say('at_one', { row: row + 1, column: column + 1 })}${from}`),
    h(
      'div',
      { class: 'lab-beside' },
      [0, 1].map((channel) => lineOf(scene, [channel, row, column])),
    ),
  ];
}

/** @type {Lab} */
export default {
  fields: [
    { key: 'x', kind: 'grid', rank: 3, start: X },
    { key: 'pool', kind: 'choice', options: ['max', 'avg'], start: 'max' },
    shift('dx', 1),
    shift('dy', 0),
    { key: 'windows', kind: 'choice', options: ['fixed', 'adaptive', 'global'], start: 'fixed' },
    { key: 'size', kind: 'whole', start: 3, least: 1, most: 16, when: (values) => values.windows === 'adaptive' },
    { key: 'k', kind: 'whole', start: 2, least: 1, most: 16, when: fixed },
    { key: 'stride', kind: 'whole', start: 2, least: 1, most: 16, when: fixed },
    { key: 'padding', kind: 'whole', start: 0, least: 0, most: 8, when: fixed },
    {
      key: 'count_include_pad',
      kind: 'flag',
      start: true,
      secondary: true,
      when: (values) => fixed(values) && values.pool === 'avg' && values.padding > 0,
    },
    {
      key: 'ceil_mode',
      kind: 'flag',
      start: false,
      secondary: true,
      when: (values) => fixed(values) && values.view !== 'shift',
    },
    {
      key: 'dilation',
      kind: 'whole',
      start: 1,
      least: 1,
      most: 8,
      secondary: true,
      when: (values) => fixed(values) && values.pool === 'max',
    },
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
  card: (scene) => (scene.view === 'shift' ? shiftCard : poolCard)(scene),
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
        ? `caption_shift_${scene.values.pool}`
        : `caption_${scene.values.windows === 'fixed' ? scene.values.pool : scene.values.windows}`,
    );
  },
  numbers: ({ values, view, answer }) => ({ input: pictures(values, view), output: answer?.output ?? [] }),
};
