/**
 * Going up: nearest and bilinear interpolation, transposed convolution as spreading and as a matrix, there and back, and
 * max-unpooling; with several channels.
 */
/** @import { Field, Lab, LabScene, Piece, Values } from '../core/lab/types.js' */
import { countOf, shapeOf } from '../core/lab/grids.js';
import { h } from '../view/dom.js';
import { formulaTable } from '../view/lab/side.js';
import { resizeCard, resizeFigure } from '../view/lab/resize.js';
import { spreadCard, spreadFigure } from '../view/lab/spread.js';
import { backFigure, coverageFigure, matrixFigures, outputCard, pictureOf, returned } from '../view/lab/transposing.js';
import { unpoolCard, unpoolFigure } from '../view/lab/unpool.js';

const P = [
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
      [1, 2, 1],
      [2, 1, 2],
      [1, 1, 2],
    ],
  ],
];

/** @param {string} method */
const by = (method) => (/** @type {Values} */ values) => values.method === method;

/** Whether a picture is made small and large again, and not a small grid large. @param {Values} values */
const fromPicture = ({ method, view }) => method === 'unpool' || (method === 'transposed' && view === 'back');

/**
 * What is shown: transposed convolution has several views, the other methods one each.
 * @param {{values: Values, view: string}} scene
 */
const way = ({ values, view }) => (values.method === 'transposed' ? view : values.method);

/** (input − 1) × stride − 2 × padding + dilation × (kernel − 1) + output padding + 1, per axis. @param {LabScene} scene */
function sizes({ answer, say }) {
  return formulaTable(
    [say('rows'), say('columns')],
    ['rows', 'columns'].map((axis) => {
      const { input, kernel, stride, padding, dilation, output_padding: more, output } = answer.sizes[axis];
      return `(${input} − 1) × ${stride} − 2 × ${padding[0]} + ${dilation} × (${kernel} − 1) + ${more} + 1 = ${output}`;
    }),
  );
}

/**
 * @param {string} key
 * @param {number} start
 * @param {number} least
 * @param {number} most
 * @param {string} method
 * @returns {Field}
 */
const whole = (key, start, least, most, method) => ({ key, kind: 'whole', start, least, most, when: by(method) });

/** @type {Record<string, (scene: LabScene) => Piece | Piece[]>} */
const FIGURES = {
  spread: spreadFigure,
  coverage: coverageFigure,
  matrix: matrixFigures,
  back: backFigure,
  nearest: resizeFigure,
  bilinear: resizeFigure,
  unpool: unpoolFigure,
};

/** @type {Record<string, (scene: LabScene) => (HTMLElement | null)[]>} */
const CARDS = {
  spread: spreadCard,
  nearest: resizeCard,
  bilinear: resizeCard,
  unpool: unpoolCard,
  coverage: outputCard,
  matrix: outputCard,
  back: (scene) => [...outputCard(scene), h('p', { class: 'quiet' }, scene.say('returned', returned(scene)))],
};

/** Inputs that are spread, maxima that go back, or outputs one after the other. @param {LabScene} scene */
function stepsOf(scene) {
  const { answer, values } = scene;
  const kind = way(scene);
  return !answer ? 0 : countOf(kind === 'spread' ? values.x : kind === 'unpool' ? answer.pooled : answer.output);
}

/**
 * The kernel has a part for every input channel: the side that was changed says how many there are, and the other one follows.
 * @param {Values} values
 * @param {string[]} changed
 * @returns {Values}
 */
function adapt(values, changed) {
  const { x, k, b, groups } = values;
  const repeated = (/** @type {any[]} */ grid, /** @type {number} */ count) =>
    grid.length === count ? grid : Array.from({ length: count }, (_, i) => grid[i % grid.length]);
  const leads = changed.includes('k') && !changed.includes('x');
  const outputs = k[0].length * groups;
  return {
    ...values,
    x: leads ? repeated(x, k.length) : x,
    k: leads ? k : repeated(k, x.length),
    b: b.length === outputs ? b : Array.from({ length: outputs }, (_, i) => b[i] ?? 0), // the same list says: nothing changed
  };
}

/**
 * What the engine is asked for a transposed convolution.
 * @param {Values} values
 * @param {string} view
 * @returns {Record<string, any>}
 */
function transposed(values, view) {
  const { x, k, b, stride, padding, output_padding, dilation, groups } = values;
  const how = { kernel: k, stride, padding, dilation, groups, steps: false };
  if (view === 'back') return { input: pictureOf(values), ...how, convolve_first: true };
  const bias = b.some((/** @type {number} */ value) => value !== 0) ? b : null;
  return { input: x, ...how, bias, output_padding, include: view === 'matrix' ? ['matrix'] : [] };
}

/** @type {Lab} */
export default {
  fields: [
    { key: 'x', kind: 'grid', rank: 3, start: [[[55]]], when: (values) => !fromPicture(values) },
    {
      key: 'k',
      kind: 'grid',
      rank: 4,
      start: K,
      most: 16,
      axes: ['channels', 'outputs', 'rows', 'columns'],
      when: by('transposed'),
    },
    { key: 'b', kind: 'grid', rank: 1, start: [0], hidden: true },
    { key: 'p', kind: 'grid', rank: 3, start: P, when: fromPicture },
    { key: 'method', kind: 'choice', options: ['transposed', 'nearest', 'bilinear', 'unpool'], start: 'transposed' },
    whole('stride', 1, 1, 8, 'transposed'),
    whole('padding', 0, 0, 8, 'transposed'),
    {
      ...whole('output_padding', 0, 0, 7, 'transposed'),
      secondary: true,
      when: (values) => values.method === 'transposed' && values.view !== 'back',
    },
    { ...whole('dilation', 1, 1, 8, 'transposed'), secondary: true },
    {
      ...whole('groups', 1, 1, 8, 'transposed'),
      when: (values) => values.method === 'transposed' && (values.k.length > 1 || values.groups > 1),
    },
    { ...whole('factor', 2, 1, 8, ''), when: (values) => ['nearest', 'bilinear'].includes(values.method) },
    { key: 'align_corners', kind: 'flag', start: false, when: by('bilinear') },
    whole('window', 2, 1, 8, 'unpool'),
    { key: 'places', kind: 'choice', options: ['remembered', 'corner'], start: 'remembered', when: by('unpool') },
  ],
  views: ['spread', 'coverage', 'matrix', 'back'],
  offers: (_, values) => values.method === 'transposed',
  adapt,
  fit: (values) => adapt(values, []),
  ask(values, view) {
    const { x, p, method, factor, align_corners, window, places } = values;
    if (method === 'unpool')
      return { op: 'max_unpool2d', body: { input: p, kernel_size: window, pool_first: true, places, steps: false } };
    if (method === 'transposed') return { op: 'conv_transpose2d', body: transposed(values, view) };
    const corners = method === 'bilinear' && align_corners;
    return {
      op: 'interpolate',
      body: { input: x, scale_factor: factor, mode: method, align_corners: corners, steps: false },
    };
  },
  steps: stepsOf,
  figure: (scene) => (FIGURES[way(scene)] ?? spreadFigure)(scene),
  card: (scene) => (CARDS[way(scene)] ?? spreadCard)(scene),
  side: (scene) =>
    scene.values.method === 'transposed' && scene.answer?.sizes
      ? [sizes(scene)]
      : scene.values.x.length > 1 && ['nearest', 'bilinear'].includes(scene.values.method)
        ? [h('p', { class: 'quiet' }, scene.say('each_alone'))]
        : [],
  caption(scene) {
    const kind = way(scene);
    const { answer, values, step, say } = scene;
    if (step !== null)
      return say(`caption_step_${kind === 'spread' || kind === 'unpool' ? kind : 'output'}`, {
        step: step + 1,
        count: stepsOf(scene),
      });
    if (kind === 'bilinear') return say(values.align_corners ? 'caption_corners' : 'caption_areas');
    if (kind === 'unpool') return say(`caption_${values.places}`);
    if (kind === 'matrix' && !answer.matrix) return say('caption_no_matrix');
    return say(
      `caption_${kind === 'spread' && values.k.length * values.k[0].length > 1 ? 'spread_channels' : kind}`,
      kind === 'matrix' ? { outputs: shapeOf(answer.matrix)[0], inputs: shapeOf(answer.matrix)[1] } : {},
    );
  },
  numbers({ values, view, answer }) {
    const kind = way({ values, view });
    const result = { output: answer?.output ?? [] };
    if (kind === 'unpool')
      return { picture: values.p, pooled: answer?.pooled ?? [], indices: answer?.indices ?? [], ...result };
    if (kind === 'back') return { picture: pictureOf(values), kernel: values.k, convolved: answer?.convolved ?? [], ...result };
    const more = { kernel: values.k, bias: values.b, coverage: answer?.coverage ?? [] };
    return { input: values.x, ...(values.method === 'transposed' ? more : {}), ...result };
  },
};
