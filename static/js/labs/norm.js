/** Normalisation and dropout: the same small tensor under each, and which numbers share a mean. */
/** @import { Field, Lab, LabScene, Piece, Plane, Values } from '../core/lab/types.js' */
/** @import { Place } from '../core/lab/norm.js' */
import { boundOfGrid, flat, shapeOf } from '../core/lab/grids.js';
import { groupsOf, placeOf, request, sharing, statisticsOf, tableOf, tidy } from '../core/lab/norm.js';
import { s } from '../view/dom.js';
import { brief, groupColour } from '../view/lab/groups.js';
import { dropoutCard, dropoutSide, normCard, responseCard } from '../view/lab/norm-card.js';

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
const narrow = () => innerWidth <= 900;
const VIEWS = ['batch', 'layer', 'instance', 'group', 'response', 'dropout'];
const only =
  (/** @type {string[]} */ ...views) =>
  (/** @type {Values} */ values) =>
    views.includes(values.view);
const grouped = only('batch', 'layer', 'instance', 'group');
const tensor = (/** @type {Values} */ values) => values.view !== 'dropout';
const chance = only('dropout');

/**
 * Which number is looked at: the one pointed at in the input or the output, the step's, else the first.
 * @param {LabScene} scene
 * @returns {Place}
 */
function lookedAt({ hover, step, values }) {
  const shape = shapeOf(values.x);
  const [, channels, rows, columns] = shape;
  const found = hover && /^[xy]\.(\d+)\.(\d+)$/.exec(hover.grid);
  const index =
    found && hover
      ? (Number(found[1]) * channels + Number(found[2])) * rows * columns + hover.index
      : Math.min(step ?? 0, flat(values.x).length - 1);
  return placeOf(index, shape);
}

/**
 * The tensor as planes, a sample in every row.
 * @param {LabScene} scene
 * @param {string} id
 * @param {any} numbers
 * @param {string} label
 * @param {(place: Place) => Partial<Plane>} more   of a channel's plane, by its first place
 * @returns {Piece}
 */
function tensorOf({ values }, id, numbers, label, more) {
  const [samples, channels, rows, columns] = shapeOf(values.x);
  const bound = boundOfGrid(numbers);
  const said = (/** @type {any} */ grid) => (id === 'y' ? { texts: flat(grid).map(brief) } : {});
  const characters = id === 'y' ? Math.max(...flat(numbers).map((value) => brief(value).length)) : 0;
  const row = (/** @type {number} */ n) =>
    Array.from(
      { length: channels },
      (_, c) =>
        /** @type {Plane} */ ({
          kind: 'plane',
          id: `${id}.${n}.${c}`,
          label: n ? '' : `c ${c}`,
          rows,
          columns,
          cells: flat(numbers[n][c]),
          ...said(numbers[n][c]),
          bound,
          characters,
          ...more([n, c, 0, 0]),
        }),
    );
  const planes = /** @type {Piece} */ ({
    kind: 'column',
    gap: 0.5,
    items: Array.from({ length: samples }, (_, n) => /** @type {Piece} */ ({ kind: 'row', gap: 0.6, items: row(n) })),
  });
  const [, , tall] = [samples, channels, rows];
  const names = /** @type {Piece} */ ({
    kind: 'drawing',
    id: `${id}.names`,
    label: ' ',
    rows: samples * tall,
    columns: 1,
    draw: ({ x, y, wide, tall: one, text }) =>
      Array.from({ length: samples }, (_, n) =>
        s(
          'text',
          {
            class: 'place',
            x: x + wide / 2,
            y: y + (n + 0.5) * tall * one + n * 0.5 * text,
            'font-size': Math.min(text, wide * 0.7),
          },
          `n ${n}`,
        ),
      ),
  });
  return {
    kind: 'column',
    gap: narrow() ? 0 : 0.3,
    items: [
      { kind: 'words', lines: [label], strong: true },
      { kind: 'row', gap: 0.2, items: narrow() ? [planes] : [names, planes] },
    ],
  };
}

/**
 * Mean and variance, in the colours of those who share them; at inference the running ones, to be changed.
 * @param {LabScene} scene
 * @param {Place} at
 * @returns {Plane[]}
 */
function statisticPlanes({ values, view, answer, say, colours }, at) {
  const told = statisticsOf(view, values, answer.statistics);
  const running = view === 'batch';
  if (!told) return [];
  const ground = (/** @type {number} */ i) => groupColour(i, colours.ground);
  const mark = (/** @type {number} */ i) => (i === told.at(at) ? 'window' : '');
  const plane = (
    /** @type {string} */ id,
    /** @type {string} */ label,
    /** @type {number[]} */ cells,
    /** @type {Partial<Plane>} */ more = {},
  ) =>
    /** @type {Plane} */ ({
      kind: 'plane',
      id,
      label,
      rows: told.rows,
      columns: told.columns,
      cells,
      bound: boundOfGrid(cells),
      characters: 4,
      ground,
      ...more,
    });
  const kept = [
    plane('m', say('running_mean'), values.m, {
      edits: { key: 'm', at: [], flat: true },
      mark: values.training ? () => '' : mark,
    }),
    plane('v', say('running_variance'), values.v, {
      edits: { key: 'v', at: [], flat: true },
      mark: values.training ? () => '' : mark,
    }),
  ];
  if (running && !values.training) return kept;
  const shared = [plane('mean', say('mean'), told.mean, { mark }), plane('variance', say('variance'), told.variance, { mark })];
  return running && answer.running
    ? [
        ...shared,
        ...kept,
        plane('new_m', say('new_mean'), answer.running.mean),
        plane('new_v', say('new_variance'), answer.running.variance),
      ]
    : shared;
}

/** @param {LabScene} scene @returns {Piece[]} */
function normFigure(scene) {
  const { values, view, answer, say, step, colours } = scene;
  const at = lookedAt(scene);
  const shape = shapeOf(values.x);
  const [, channels, rows, columns] = shape;
  const table = tableOf(view, values);
  const shares = sharing(view, values, at);
  const place = (/** @type {Place} */ [n, c], /** @type {number} */ i) =>
    placeOf((n * channels + c) * rows * columns + i, shape);
  const same = (/** @type {Place} */ one) => String(one) === String(at);
  const input = tensorOf(scene, 'x', values.x, say('input'), (first) => ({
    edits: { key: 'x', at: [first[0], first[1]] },
    ...(table ? { ground: () => groupColour(table.at(first), colours.ground) } : {}),
    mark: (i) => `${shares(place(first, i)) ? 'window' : ''}${same(place(first, i)) ? ' here' : ''}`,
  }));
  const output = tensorOf(scene, 'y', tidy(answer.output, 1), say('output'), (first) => {
    const index = (/** @type {number} */ i) => (first[0] * channels + first[1]) * rows * columns + i;
    return {
      pick: (i) => scene.go(index(i)),
      mark: (i) => (same(place(first, i)) ? 'here' : step !== null && index(i) > step ? 'later' : ''),
    };
  });
  const affine = ['g', 'b'].map(
    (key) =>
      /** @type {Plane} */ ({
        kind: 'plane',
        id: key,
        label: say(key),
        rows: 1,
        columns: channels,
        cells: values[key],
        bound: boundOfGrid(values[key]),
        edits: { key, at: [], flat: true },
        mark: (i) => (i === at[1] ? 'window' : ''),
      }),
  );
  const statistics = statisticPlanes(scene, at);
  const between = view === 'response' ? [] : [...statistics, ...affine];
  const column = (/** @type {Piece[]} */ items) => /** @type {Piece} */ ({ kind: 'column', gap: 0.3, items });
  const pairs = between.flatMap((_, i) => (i % 2 ? [] : [column(between.slice(i, i + 2))]));
  const arrow = /** @type {Piece} */ ({ kind: 'sign', text: '→' });
  const middle = between.length ? [column(between)] : [];
  const lying = between.length ? [/** @type {Piece} */ ({ kind: 'row', gap: 1.2, items: pairs })] : [];
  if (narrow())
    return [
      {
        kind: 'column',
        gap: 0.3,
        items: [
          input,
          ...between.flatMap((_, i) =>
            i % 2 ? [] : [/** @type {Piece} */ ({ kind: 'row', gap: 0.8, items: between.slice(i, i + 2) })],
          ),
          output,
        ],
      },
    ];
  return [
    { kind: 'row', gap: 1, items: [input, ...middle, arrow, output] },
    { kind: 'row', gap: 1, items: [input, ...lying, arrow, output] },
    { kind: 'column', gap: 0.8, items: [{ kind: 'row', gap: 1, items: [input, arrow, output] }, ...lying] },
    { kind: 'column', gap: 0.8, items: [input, ...lying, output] },
  ];
}

// Dropout

/** How many seeds count in the mean. @param {LabScene} scene */
const seedsOf = ({ step, values }) => (step === null ? values.masks : Math.min(step + 1, values.masks));

/** @param {LabScene} scene @returns {[number, number]} */
function cellOf({ hover, values }) {
  const [, columns] = shapeOf(values.d);
  const index = hover && /^(d|mask|out|mean)$/.test(hover.grid) ? hover.index : 0;
  return [Math.floor(index / columns), index % columns];
}

/** @param {LabScene} scene @returns {Piece[]} */
function dropoutFigure(scene) {
  const { values, answer, say, step } = scene;
  const [rows, columns] = shapeOf(values.d);
  const at = cellOf(scene);
  const here = at[0] * columns + at[1];
  const seeds = seedsOf(scene);
  const drawn = step === null ? 0 : seeds - 1;
  const input = flat(values.d);
  const mask = flat(answer.masks[drawn]);
  const kept = input.map((_, i) =>
    answer.masks.slice(0, seeds).reduce((/** @type {number} */ sum, /** @type {any} */ each) => sum + flat(each)[i], 0),
  );
  const output = values.training ? input.map((value, i) => value * mask[i] * answer.scale) : flat(answer.output);
  const bound = boundOfGrid([...output, ...input]);
  const plane = (
    /** @type {string} */ id,
    /** @type {string} */ label,
    /** @type {number[]} */ cells,
    /** @type {Partial<Plane>} */ more = {},
  ) =>
    /** @type {Plane} */ ({
      kind: 'plane',
      id,
      label,
      rows,
      columns,
      cells,
      bound,
      characters: 4,
      mark: (i) => `${values.training && !mask[i] ? 'off' : ''}${i === here ? ' here' : ''}`,
      ...more,
    });
  const x = plane('d', say('input'), input, { edits: { key: 'd', at: [] } });
  const y = plane('out', say('output'), output);
  if (!values.training)
    return [
      {
        kind: 'row',
        items: [
          { ...x, mark: () => '' },
          { kind: 'sign', text: '=' },
          { ...y, mark: () => '' },
        ],
      },
    ];
  const factor = plane('mask', say('mask', { seed: values.seed + drawn }), mask, { bound: 1 });
  const mean = plane(
    'mean',
    say('mean_output', { seeds }),
    input.map((value, i) => (value * kept[i] * answer.scale) / seeds),
    { mark: (i) => (i === here ? 'here' : '') },
  );
  const sign = (/** @type {string} */ text) => /** @type {Piece} */ ({ kind: 'sign', text });
  const scale = sign(`× ${Number(answer.scale.toPrecision(4))} =`);
  return [
    { kind: 'row', items: [x, sign('⊙'), factor, scale, y, { kind: 'words', lines: [''], size: 2 }, mean] },
    {
      kind: 'column',
      gap: 0.4,
      items: [{ kind: 'row', items: [x, sign('⊙'), factor] }, scale, { kind: 'row', items: [y, mean] }],
    },
  ];
}

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
    { key: 'x', kind: 'grid', rank: 4, start: X, most: 6, axes: ['samples', 'channels', 'rows', 'columns'], when: tensor },
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
  adapt(values, changed) {
    const [, channels] = shapeOf(values.x);
    const start = /** @type {Record<string, number>} */ ({ g: 1, b: 0, m: 0, v: 1 });
    const fitted = Object.fromEntries(
      Object.entries(start).map(([key, fill]) => [key, Array.from({ length: channels }, (_, c) => values[key][c] ?? fill)]),
    );
    return {
      ...values,
      ...fitted,
      num_groups: changed.includes('x') ? groupsOf(channels, values.num_groups) : values.num_groups,
    }; // chosen ones that do not divide are explained
  },
  ask: request,
  steps: (scene) =>
    !scene.answer
      ? 0
      : scene.view === 'dropout'
        ? scene.values.training
          ? scene.values.masks
          : 0
        : flat(scene.answer.output).length,
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
