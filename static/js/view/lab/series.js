/** Series beside their convolution: pooled, window by window; and spread by a transposed convolution, copy by copy. */
/** @import { LabScene, Piece, Plane, Values } from '../../core/lab/types.js' */
import { boundOfGrid, short } from '../../core/lab/grids.js';
import { copyOf, coveredBy, termsAt } from '../../core/lab/spreading.js';
import { under } from '../../core/lab/windows.js';
import { h } from '../dom.js';
import { maximumLine, meanLine } from './pooled.js';
import { formulaTable, sizeTable } from './side.js';
import { stems } from './stems.js';
import { termsLine } from './terms.js';

/** @param {LabScene} scene @param {string} grid */
const pointed = ({ hover }, grid) => (hover?.grid === grid ? hover.index : -1);

/** @param {string} id @param {string} label @param {number[]} cells @param {Partial<Plane>=} more @returns {Plane} */
const rowOf = (id, label, cells, more = {}) => ({
  kind: 'plane',
  id,
  label,
  rows: 1,
  columns: cells.length,
  cells,
  bound: boundOfGrid(cells),
  ...more,
});

/**
 * Bars over a row of numbers.
 * @param {LabScene} scene
 * @param {Plane} row
 * @param {(i: number) => string} mark
 * @returns {Piece}
 */
const barsOver = ({ colours }, row, mark) => ({
  kind: 'column',
  gap: 0,
  items: [
    {
      kind: 'drawing',
      id: `${row.id}.`,
      label: row.label,
      rows: 1.7,
      columns: row.columns,
      characters: row.characters,
      draw: (frame) =>
        stems(
          frame,
          Array.from(row.cells, (value) => (Number.isFinite(value) ? value : NaN)),
          { colours, mark },
        ),
    },
    { ...row, label: '' },
  ],
});

// Pooling

/** @param {Values} values */
const windowAxis = ({ x, window, hop, margin, dilation, pool }) => ({
  size: x.length,
  kernel: window,
  stride: hop,
  before: margin,
  after: margin,
  dilation: pool === 'max' ? dilation : 1,
});

/** Which output is looked at. @param {LabScene} scene */
const pooledAt = (scene) =>
  Math.min(pointed(scene, 'y') >= 0 ? pointed(scene, 'y') : (scene.step ?? 0), scene.answer.output.length - 1);

/** The numbers of a window that are no padding. @param {LabScene} scene @param {number} n */
const cellsOf = ({ values }, n) =>
  under(windowAxis(values), n)
    .filter((at) => values.x[at] !== undefined)
    .map((at) => ({ value: values.x[at], row: 0, column: at }));

/** @param {LabScene} scene @returns {Piece[]} */
function poolFigure(scene) {
  const { values, answer, say, step } = scene;
  const { x, margin, pool } = values;
  const n = pooledAt(scene);
  const inside = under(windowAxis(values), n);
  const own = pointed(scene, 'x');
  const end = Math.max(...under(windowAxis(values), answer.output.length - 1)); // what comes after is read by no window
  const outside = pool === 'max' ? -Infinity : 0;
  const edge = Array.from({ length: margin }, () => outside);
  const cells = [...edge, ...x, ...edge];
  const shown = step === null ? answer.output.length : step + 1;
  const won = new Set((answer.winners ?? []).slice(0, shown));
  const characters = Math.max(
    3,
    ...cells.map((value) => short(value).length),
    ...answer.output.map((/** @type {number} */ value) => short(value).length),
  );
  const input = rowOf('x', say('x'), cells, {
    bound: boundOfGrid(x),
    characters,
    edits: { key: 'x', at: [], inner: [0, margin, 1, x.length], flat: true },
    mark(i) {
      const at = i - margin;
      const window = own < 0 && inside.includes(at);
      return `${at > end ? 'off cut ' : ''}${x[at] === undefined ? 'padding' : ''}${window ? ' window' : ''}${won.has(at) ? (window && answer.winners?.[n] === at ? ' winner' : ' won') : ''}${i === own ? ' here' : ''}`;
    },
  });
  const output = rowOf('y', say('output'), answer.output, {
    bound: boundOfGrid(x),
    characters,
    pick: (i) => scene.go(i),
    later: shown,
    mark: (i) => (own >= 0 ? (under(windowAxis(values), i).includes(own - margin) ? 'reach' : '') : i === n ? 'here' : ''),
  });
  return [
    {
      kind: 'column',
      gap: 1.2,
      items: [
        barsOver(scene, input, (i) => (inside.includes(i - margin) ? 'on' : 'quiet')),
        { kind: 'words', lines: [`${say(`pool_${pool}`)} ↓`] },
        barsOver(
          scene,
          {
            ...output,
            cells: answer.output.map((/** @type {number} */ value, /** @type {number} */ i) => (i < shown ? value : NaN)),
            texts: answer.output.map(short),
          },
          (i) => (i === n ? 'on' : 'quiet'),
        ),
      ],
    },
  ];
}

/** @type {import('./series.js').Series} */
export const pooling = {
  ask({ x, pool, window, hop, margin, dilation, ceil_mode, count_include_pad }) {
    const own = pool === 'max' ? { dilation } : { count_include_pad };
    return {
      op: `${pool}_pool1d`,
      body: { input: x, kernel_size: window, stride: hop, padding: margin, ceil_mode, ...own, steps: false },
    };
  },
  steps: ({ answer }) => answer.output.length,
  figure: poolFigure,
  card(scene) {
    const { values, answer, say } = scene;
    const n = pooledAt(scene);
    const cells = cellsOf(scene, n);
    const result = answer.output[n];
    const counted = under(windowAxis(values), n).filter((at) => at < values.x.length + values.margin).length;
    return [
      h('p', { class: 'quiet' }, say('pooled_at', { place: n + 1 })),
      values.pool === 'max'
        ? maximumLine(cells, result, say)
        : meanLine(cells, values.count_include_pad ? counted : cells.length, result, say),
    ];
  },
  side: ({ answer, say }) => [sizeTable(Object.values(answer.sizes), [say('steps_axis')])],
  caption: ({ step, say, answer, values }) =>
    step === null
      ? say(`caption_pool_${values.pool}`)
      : say(`caption_step_pool`, { step: step + 1, count: answer.output.length }),
};

// Transposed convolution

/**
 * As a picture of one row, whose rows never move.
 * @param {LabScene} scene
 * @returns {import('../../core/lab/spreading.js').Spread}
 */
const spreadOf = ({ values: { x, k, stride, dilation } }) => ({
  x: [[x]],
  kernel: [[[k]]],
  bias: [0],
  groups: 1,
  stride,
  padding: 0,
  dilation,
  more: [0, 0],
});

/** The input whose copy is added. @param {LabScene} scene */
const current = (scene) =>
  Math.min(pointed(scene, 'x') >= 0 ? pointed(scene, 'x') : (scene.step ?? 0), scene.values.x.length - 1);

/**
 * The place of all that is covered whose sum is written: the one pointed at, else where most copies meet under the present one.
 * @param {LabScene} scene
 */
function placeOf(scene) {
  const [, columns] = coveredBy(spreadOf(scene));
  const over =
    pointed(scene, 'y') >= 0 ? pointed(scene, 'y') : pointed(scene, 'copies') >= 0 ? pointed(scene, 'copies') % columns : -1;
  if (over >= 0) return over;
  const places = copyOf(spreadOf(scene), current(scene));
  const count = (/** @type {number} */ place) =>
    termsAt(spreadOf(scene), 0, place, scene.step === null ? Infinity : scene.step + 1).terms.length;
  return places.reduce((best, each) => (count(each) > count(best) ? each : best), places[0]);
}

/**
 * Every input times the kernel, where it comes to lie: a line each, blank where it does not reach; and what they add up to.
 * @param {LabScene} scene
 */
function copiesOf(scene) {
  const { x, k } = scene.values;
  const spread = spreadOf(scene);
  const [, columns] = coveredBy(spread);
  const shown = scene.step === null ? x.length : scene.step + 1;
  const cells = Array.from({ length: x.length * columns }, () => NaN);
  x.forEach((/** @type {number} */ value, /** @type {number} */ i) =>
    copyOf(spread, i).forEach((to, j) => {
      cells[i * columns + to] = value * k[j];
    }),
  );
  const sums = Array.from({ length: columns }, (_, i) =>
    termsAt(spread, 0, i, shown).terms.reduce((sum, { product }) => sum + product, 0),
  );
  const reached = new Set(
    x.flatMap((/** @type {any} */ _, /** @type {number} */ i) => copyOf(spread, i).map((to) => i * columns + to)),
  );
  return { columns, shown, cells, sums, texts: cells.map((value, i) => (reached.has(i) ? short(value) : '')) };
}

/**
 * The copies under each other.
 * @param {LabScene} scene
 * @param {ReturnType<typeof copiesOf>} copies
 * @param {number} characters
 * @param {boolean} over   whether a place of the output is pointed at
 * @returns {Plane}
 */
function copiesPlane(scene, { columns, shown, cells, sums, texts }, characters, over) {
  const place = placeOf(scene);
  const at = current(scene);
  const meets = (/** @type {number} */ i) => (over ? i % columns === place : Math.floor(i / columns) === at);
  return {
    kind: 'plane',
    id: 'copies',
    label: scene.say('copies_of'),
    rows: scene.values.x.length,
    columns,
    cells: cells.map((value, i) => (texts[i] ? value : 0)),
    texts,
    bound: boundOfGrid(sums),
    characters,
    mark: (i) => (!texts[i] ? 'blank' : Math.floor(i / columns) >= shown ? 'later' : meets(i) ? 'window' : ''),
  };
}

/**
 * Every input times the kernel on a line of its own, where it comes to lie; beneath, what they add up to.
 * @param {LabScene} scene
 * @returns {Piece[]}
 */
function spreadFigure(scene) {
  const { values, say } = scene;
  const { x, k, cut } = values;
  const copies = copiesOf(scene);
  const { sums, texts } = copies;
  const numbers = [...texts, ...sums.map(short), ...x.map(short), ...k.map(short)];
  const characters = Math.max(2, ...numbers.map((text) => text.length));
  const over = pointed(scene, 'y') >= 0 || pointed(scene, 'copies') >= 0;
  const edits = (/** @type {string} */ key) => ({ key, at: [], flat: true });
  const input = /** @type {Plane} */ ({
    ...rowOf('x', say('x'), x, {
      characters,
      edits: edits('x'),
      mark: (i) => (i === current(scene) && !over ? 'here' : ''),
    }),
    rows: x.length,
    columns: 1,
  });
  const kernel = rowOf('k', say('k'), k, { characters, edits: edits('k') });
  const outside = (/** @type {number} */ i) => i < cut || i >= sums.length - cut;
  const output = rowOf('y', say(cut ? 'output_cut' : 'output'), sums, {
    characters,
    mark: (i) => `${outside(i) ? 'padding cut' : ''}${i === placeOf(scene) ? ' here' : ''}`,
  });
  const times = /** @type {Piece} */ ({ kind: 'sign', text: '×' });
  const spread = /** @type {Piece} */ ({
    kind: 'column',
    gap: 0.7,
    items: [copiesPlane(scene, copies, characters, over), output],
  });
  return [
    { kind: 'row', items: [input, times, kernel, { kind: 'sign', text: '=' }, spread] },
    { kind: 'column', items: [kernel, { kind: 'row', items: [input, times, spread] }] },
  ];
}

/** @type {import('./series.js').Series} */
export const spreading = {
  ask: ({ x, k, stride, dilation, cut }) => ({
    op: 'conv_transpose1d',
    body: { input: x, kernel: k, stride, dilation, padding: cut, steps: false },
  }),
  steps: ({ values }) => values.x.length,
  figure: spreadFigure,
  card(scene) {
    const place = placeOf(scene);
    const { terms } = termsAt(spreadOf(scene), 0, place, scene.step === null ? Infinity : scene.step + 1);
    const { cut } = scene.values;
    const kept = scene.answer.output.length;
    const where =
      place < cut || place >= cut + kept
        ? scene.say('cut_off')
        : scene.say('spread_at', { place: place - cut + 1, count: terms.length });
    return [
      h('p', { class: 'quiet' }, where),
      terms.length
        ? termsLine(
            {
              op: 'conv_transpose1d',
              node: 'output',
              index: [],
              terms,
              groups: [],
              bias: null,
              result: terms.reduce((sum, { product }) => sum + product, 0),
              extra: {},
            },
            { columns: 1 },
          )
        : h('p', {}, '0'),
    ];
  },
  side({ answer, say }) {
    const { input, kernel, stride, padding, dilation, output_padding: more, output } = answer.sizes.steps;
    return [
      formulaTable(
        [say('steps_axis')],
        [`(${input} − 1) × ${stride} − 2 × ${padding[0]} + ${dilation} × (${kernel} − 1) + ${more} + 1 = ${output}`],
      ),
    ];
  },
  caption: ({ step, say, values }) =>
    step === null ? say('caption_spread') : say('caption_step_spread', { step: step + 1, count: values.x.length }),
};

/**
 * @typedef {{ask: (values: Values) => import('../../core/lab/types.js').Asked, steps: (scene: LabScene) => number, figure: (scene: LabScene) => Piece[], card: (scene: LabScene) => (HTMLElement | null)[], side: (scene: LabScene) => HTMLElement[], caption: (scene: LabScene) => string}} Series
 *     a view of its own
 */
