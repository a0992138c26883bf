/** A tensor under a normalisation: input and output as planes, and between them who shares which mean and variance. */
/** @import { LabScene, Piece, Plane } from '../../core/lab/types.js' */
/** @import { Place } from '../../core/lab/norm.js' */
import { boundOfGrid, flat, shapeOf } from '../../core/lab/grids.js';
import { indexOf, isLarge, lookedAt, placeOf, sharing, statisticsOf, tableOf, tidy } from '../../core/lab/norm.js';
import { s } from '../dom.js';
import { brief, groupColour } from './groups.js';

const narrow = () => innerWidth <= 900;

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
  const names = /** @type {Piece} */ ({
    kind: 'drawing',
    id: `${id}.names`,
    label: ' ',
    rows: samples * rows,
    columns: 1,
    draw: ({ x, y, wide, tall, text }) =>
      Array.from({ length: samples }, (_, n) =>
        s(
          'text',
          {
            class: 'place',
            x: x + wide / 2,
            y: y + (n + 0.5) * rows * tall + n * 0.5 * text,
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

/** Scale and shift of every channel, to be changed. @param {LabScene} scene @param {Place} at @returns {Plane[]} */
const affinePlanes = ({ values, say }, at) =>
  ['g', 'b'].map((key) => ({
    kind: 'plane',
    id: key,
    label: say(key),
    rows: 1,
    columns: values[key].length,
    cells: values[key],
    bound: boundOfGrid(values[key]),
    edits: { key, at: [], flat: true },
    mark: (i) => (i === at[1] ? 'window' : ''),
  }));

/** What a plane of the input and one of the output say about their cells, by the plane's first place. @param {LabScene} scene */
function saidOf(scene) {
  const { values, view, step, colours } = scene;
  const at = lookedAt(scene);
  const shape = shapeOf(values.x);
  const [, channels, rows, columns] = shape;
  const large = isLarge(values);
  const table = tableOf(view, values);
  const shares = sharing(view, values, at);
  const here = indexOf(at, shape);
  const index = (/** @type {Place} */ [n, c], /** @type {number} */ i) => (n * channels + c) * rows * columns + i;
  return {
    /** @param {Place} first @returns {Partial<Plane>} */
    input: (first) => ({
      edits: { key: 'x', at: [first[0], first[1]] },
      ...(table && !large ? { ground: () => groupColour(table.at(first), colours.ground) } : {}),
      mark: (i) => {
        const own = index(first, i) === here ? ' here' : '';
        return !large && shares(placeOf(index(first, i), shape)) ? `window${own}` : own; // of a large one the table shows who shares
      },
    }),
    /** @param {Place} first @returns {Partial<Plane>} */
    output: (first) => ({
      ...(large ? {} : { pick: (i) => scene.go(index(first, i)) }),
      mark: (i) => {
        if (index(first, i) === here) return 'here';
        return !large && step !== null && index(first, i) > step ? 'later' : '';
      },
    }),
  };
}

const arrow = /** @type {Piece} */ ({ kind: 'sign', text: '→' });
const column = (/** @type {Piece[]} */ items) => /** @type {Piece} */ ({ kind: 'column', gap: 0.3, items });
/** Two by two. @param {Plane[]} planes @param {(two: Piece[]) => Piece} make */
const inPairs = (planes, make) => planes.flatMap((_, i) => (i % 2 ? [] : [make(planes.slice(i, i + 2))]));
const beside = (/** @type {Piece[]} */ items) => /** @type {Piece} */ ({ kind: 'row', gap: 0.8, items });

/** @param {LabScene} scene @returns {Piece[]} */
export function normFigure(scene) {
  if (isLarge(scene.values)) return largeFigure(scene);
  const { values, view, answer, say } = scene;
  const at = lookedAt(scene);
  const { input: before, output: after } = saidOf(scene);
  const input = tensorOf(scene, 'x', values.x, say('input'), before);
  const output = tensorOf(scene, 'y', tidy(answer.output, 1), say('output'), after);
  const between = view === 'response' ? [] : [...statisticPlanes(scene, at), ...affinePlanes(scene, at)];
  if (narrow()) return [column([input, ...inPairs(between, beside), output])];
  const middle = between.length ? [column(between)] : [];
  const lying = between.length ? [/** @type {Piece} */ ({ kind: 'row', gap: 1.2, items: inPairs(between, column) })] : [];
  return [
    { kind: 'row', gap: 1, items: [input, ...middle, arrow, output] },
    { kind: 'row', gap: 1, items: [input, ...lying, arrow, output] },
    { kind: 'column', gap: 0.8, items: [{ kind: 'row', gap: 1, items: [input, arrow, output] }, ...lying] },
    { kind: 'column', gap: 0.8, items: [input, ...lying, output] },
  ];
}

// Larger tensors: all planes as one table, one of them in full

const TABLE = 9; // rows and columns of a table that is never cut to a lens

/**
 * Samples down, channels across: what each plane is normalised with, in the colours of those who share it; of local response
 * normalisation, the numbers at one place. A click brings the plane.
 * @param {LabScene} scene
 * @param {Place} at
 * @returns {Plane[]}
 */
function tables(scene, at) {
  const { values, view, answer, say, colours } = scene;
  const [samples, channels] = shapeOf(values.x);
  const all = Array.from(
    { length: samples * channels },
    (_, i) => /** @type {Place} */ ([Math.floor(i / channels), i % channels, 0, 0]),
  );
  const table = tableOf(view, values);
  const shares = sharing(view, values, at);
  const told = statisticsOf(view, values, answer.statistics);
  const running = view === 'batch' && !values.training;
  const plane = (/** @type {string} */ id, /** @type {string} */ label, /** @type {number[]} */ cells) =>
    /** @type {Plane} */ ({
      kind: 'plane',
      id,
      label,
      rows: samples,
      columns: channels,
      cells,
      texts: cells.map(brief),
      bound: boundOfGrid(cells),
      whole: samples <= TABLE && channels <= TABLE,
      ...(table ? { ground: (i) => groupColour(table.at(all[i]), colours.ground) } : {}),
      mark: (i) => {
        const [n, c] = all[i];
        if (n === at[0] && c === at[1]) return 'window here';
        return shares([n, c, at[2], at[3]]) ? 'window' : '';
      },
      pick: (i) => scene.go(i),
    });
  const [, , row, across] = at;
  if (!table || !told)
    return [
      plane(
        'fibre',
        say('fibre', { row: row + 1, column: across + 1 }),
        all.map(([n, c]) => values.x[n][c][row][across]),
      ),
    ];
  const used = (/** @type {'mean' | 'variance'} */ which) =>
    all.map((each) => (running ? values[which === 'mean' ? 'm' : 'v'][each[1]] : told[which][table.at(each)]));
  const means = plane('means', say('means_of_all'), used('mean'));
  if (document.documentElement.dataset.profile === 'projector') return [means]; // the card has the variance, and the numbers the room
  return [means, plane('variances', say('variances_of_all'), used('variance'))];
}

/** @param {LabScene} scene @returns {Piece[]} */
function largeFigure(scene) {
  const { values, view, answer, say } = scene;
  const at = lookedAt(scene);
  const [n, c] = at;
  const [, , rows, columns] = shapeOf(values.x);
  const { input: before, output: after } = saidOf(scene);
  const first = /** @type {Place} */ ([n, c, 0, 0]);
  const output = flat(tidy(answer.output[n][c], 1));
  const one = (
    /** @type {string} */ id,
    /** @type {string} */ name,
    /** @type {number[]} */ cells,
    /** @type {Partial<Plane>} */ more,
  ) =>
    /** @type {Plane} */ ({
      kind: 'plane',
      id: `${id}.${n}.${c}`,
      label: `${name} n ${n}, c ${c}`,
      rows,
      columns,
      cells,
      bound: boundOfGrid(cells),
      at: at[2] * columns + at[3],
      ...more,
    });
  const input = one('x', say('input'), flat(values.x[n][c]), before(first));
  const result = one('y', say('output'), output, { texts: output.map(brief), ...after(first) });
  const kept =
    view === 'batch'
      ? statisticPlanes(scene, at).filter(({ id }) => values.training && !['mean', 'variance'].includes(id))
      : [];
  const running = view === 'batch' && !values.training ? statisticPlanes(scene, at) : [];
  const lists =
    view === 'response'
      ? []
      : [...kept, ...running, ...affinePlanes(scene, at)].map((plane) => ({ ...plane, whole: plane.columns <= TABLE }));
  const overview = tables(scene, at);
  if (narrow()) return [column([...overview, input, result, ...inPairs(lists, beside)])];
  const pair = /** @type {Piece} */ ({ kind: 'row', gap: 1, items: [input, arrow, result] });
  const across = /** @type {Piece} */ ({ kind: 'row', gap: 1.2, items: [...overview, ...inPairs(lists, column)] });
  return [
    { kind: 'column', gap: 0.8, items: [across, pair] },
    { kind: 'row', gap: 1.2, items: [column([...overview, ...inPairs(lists, beside)]), input, arrow, result] },
    { kind: 'row', gap: 1.2, items: [column([...overview, ...lists]), column([input, result])] },
  ];
}
