/** Normalisation and dropout: the same small tensor under each, and which numbers share a mean. */
/** @import { Field, Lab, Values } from '../core/lab/types.js' */
import { shapeOf } from '../core/lab/grids.js';
import { fitted, groupsOf, lookedAt, request, stepsOf } from '../core/lab/norm.js';
import { cellOf, dropoutCard, dropoutFigure, dropoutSide, seedsOf } from '../view/lab/dropout.js';
import { normCard, responseCard } from '../view/lab/norm-card.js';
import { normFigure } from '../view/lab/norm-figure.js';

const X = [
  [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [0, 0],
      [4, 4],
    ],
    [
      [10, 20],
      [30, 40],
    ],
    [
      [-1, 1],
      [-1, 1],
    ],
  ],
  [
    [
      [5, 6],
      [7, 8],
    ],
    [
      [0, 4],
      [4, 0],
    ],
    [
      [20, 30],
      [40, 10],
    ],
    [
      [1, 3],
      [-3, -1],
    ],
  ],
];
const VIEWS = ['batch', 'layer', 'instance', 'group', 'response', 'dropout'];
const only =
  (/** @type {string[]} */ ...views) =>
  (/** @type {Values} */ values) =>
    views.includes(values.view);
const grouped = only('batch', 'layer', 'instance', 'group');
const tensor = (/** @type {Values} */ values) => values.view !== 'dropout';
const chance = only('dropout');

/**
 * @param {string} key
 * @param {number} start
 * @param {number} least
 * @param {number} most
 * @param {number} step
 * @param {Field['when']} when
 * @param {Partial<Field>=} more
 * @returns {Field}
 */
const setting = (key, start, least, most, step, when, more = {}) => ({
  key,
  kind: 'number',
  start,
  least,
  most,
  step,
  when,
  ...more,
});

/** @type {Lab} */
export default {
  fields: [
    { key: 'x', kind: 'grid', rank: 4, start: X, axes: ['samples', 'channels', 'rows', 'columns'], when: tensor },
    {
      key: 'd',
      kind: 'grid',
      rank: 2,
      start: [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [4, 3, 2, 1],
        [8, 7, 6, 5],
      ],
      most: 16,
      when: chance,
    },
    ...[
      ['g', 1],
      ['b', 0],
      ['m', 0],
      ['v', 1],
    ].map(
      ([key, start]) =>
        /** @type {Field} */ ({ key, kind: 'grid', rank: 1, start: [start, start, start, start], hidden: true }),
    ),
    { key: 'training', kind: 'flag', start: true, when: only('batch', 'dropout') },
    { key: 'num_groups', kind: 'whole', start: 2, least: 1, most: 8, when: only('group') },
    { key: 'eps', kind: 'choice', options: ['1e-5', '1e-3', '1'], start: '1e-5', when: grouped },
    setting('momentum', 0.1, 0, 1, 0.1, (values) => values.view === 'batch' && values.training, { slider: true }),
    { key: 'size', kind: 'whole', start: 3, least: 1, most: 16, when: only('response') },
    setting('alpha', 1, 0, 100, 0.5, only('response')),
    setting('beta', 0.75, 0, 4, 0.25, only('response')),
    setting('k', 1, 0, 100, 1, only('response')),
    { key: 'paper', kind: 'flag', start: false, when: only('response') },
    setting('p', 0.5, 0, 1, 0.05, chance, { slider: true }),
    {
      key: 'seed',
      kind: 'whole',
      start: 0,
      least: 0,
      most: 100000,
      when: (values) => values.view === 'dropout' && values.training,
    },
    {
      key: 'masks',
      kind: 'whole',
      start: 100,
      least: 1,
      most: 512,
      when: (values) => values.view === 'dropout' && values.training,
    },
  ],
  views: VIEWS,
  fit: fitted,
  adapt(values, changed) {
    const [, channels] = shapeOf(values.x);
    return { ...fitted(values), ...(changed.includes('x') ? { num_groups: groupsOf(channels, values.num_groups) } : {}) };
  }, // groups that were chosen and do not divide are explained
  ask: request,
  steps: (scene) =>
    !scene.answer ? 0 : scene.view === 'dropout' ? (scene.values.training ? scene.values.masks : 0) : stepsOf(scene.values),
  figure: (scene) => (scene.view === 'dropout' ? dropoutFigure(scene) : normFigure(scene)),
  card(scene) {
    if (scene.view === 'dropout') return dropoutCard(scene, cellOf(scene), seedsOf(scene));
    return scene.view === 'response' ? responseCard(scene, lookedAt(scene)) : normCard(scene, lookedAt(scene));
  },
  side: (scene) => (scene.view === 'dropout' ? dropoutSide(scene, seedsOf(scene)) : []),
  caption: (scene) =>
    scene.say(
      scene.view === 'batch' && !scene.values.training
        ? 'caption_running'
        : scene.view === 'dropout' && !scene.values.training
          ? 'caption_still'
          : `caption_${scene.view}`,
    ),
  numbers: ({ values, view, answer }) =>
    view === 'dropout'
      ? { input: values.d, mask: answer?.mask ?? [], output: answer?.output ?? [] }
      : {
          input: values.x,
          output: answer?.output ?? [],
          ...(answer?.statistics?.mean ? { mean: answer.statistics.mean, variance: answer.statistics.variance } : {}),
        },
  code: ({ answer, values, view, step }) =>
    view === 'dropout' && step !== null
      ? String(answer?.code ?? '').replace(/manual_seed\(\d+\)/, `manual_seed(${values.seed + step})`)
      : (answer?.code ?? ''),
};
