/**
 * Going up: nearest and bilinear interpolation, transposed convolution as spreading and as a matrix, there and back, and
 * max-unpooling.
 */
/** @import { Field, Lab, LabScene, Piece, Values } from '../core/lab/types.js' */
import { flat, shapeOf } from '../core/lab/grids.js';
import { h } from '../view/dom.js';
import { formulaTable } from '../view/lab/side.js';
import { resizeCard, resizeFigure, unpoolCard, unpoolFigure } from '../view/lab/resize.js';
import {
  backFigure,
  byOutput,
  coverageFigure,
  matrixFigures,
  outputCard,
  returned,
  spreadCard,
  spreadFigure,
} from '../view/lab/spread.js';

const P = [
  [1, 2, 3, 0],
  [0, 1, 2, 3],
  [3, 0, 1, 2],
  [2, 3, 0, 1],
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
  coverage: (scene) => outputCard(scene, ['y', 'coverage']),
  matrix: (scene) => outputCard(byOutput(scene), ['column']),
  back: (scene) => [...outputCard(scene, ['y']), h('p', { class: 'quiet' }, scene.say('returned', returned(scene)))],
};

/** @param {LabScene} scene */
function stepsOf(scene) {
  const { answer, values } = scene;
  const kind = way(scene);
  return !answer ? 0 : flat(kind === 'spread' ? values.x : kind === 'unpool' ? answer.pooled : answer.output).length;
}

/** @type {Lab} */
export default {
  fields: [
    { key: 'x', kind: 'grid', rank: 2, start: [[55]], most: 16, when: (values) => !fromPicture(values) },
    {
      key: 'k',
      kind: 'grid',
      rank: 2,
      start: [
        [1, 2, 1],
        [2, 1, 2],
        [1, 1, 2],
      ],
      most: 16,
      when: by('transposed'),
    },
    { key: 'p', kind: 'grid', rank: 2, start: P, most: 16, when: fromPicture },
    { key: 'method', kind: 'choice', options: ['transposed', 'nearest', 'bilinear', 'unpool'], start: 'transposed' },
    whole('stride', 1, 1, 8, 'transposed'),
    whole('padding', 0, 0, 8, 'transposed'),
    {
      ...whole('output_padding', 0, 0, 7, 'transposed'),
      when: (values) => values.method === 'transposed' && values.view !== 'back',
    },
    whole('dilation', 1, 1, 8, 'transposed'),
    { ...whole('factor', 2, 1, 8, ''), when: (values) => ['nearest', 'bilinear'].includes(values.method) },
    { key: 'align_corners', kind: 'flag', start: false, when: by('bilinear') },
    whole('window', 2, 1, 8, 'unpool'),
    { key: 'places', kind: 'choice', options: ['remembered', 'corner'], start: 'remembered', when: by('unpool') },
  ],
  views: ['spread', 'coverage', 'matrix', 'back'],
  offers: (_, values) => values.method === 'transposed',
  ask(values, view) {
    const { x, k, p, method, stride, padding, output_padding, dilation, factor, align_corners, window, places } = values;
    if (method === 'unpool')
      return { op: 'max_unpool2d', body: { input: p, kernel_size: window, pool_first: true, places, steps: false } };
    if (method !== 'transposed')
      return {
        op: 'interpolate',
        body: {
          input: x,
          scale_factor: factor,
          mode: method,
          align_corners: method === 'bilinear' && align_corners,
          steps: false,
        },
      };
    if (view === 'back')
      return {
        op: 'conv_transpose2d',
        body: { input: p, kernel: k, stride, padding, dilation, convolve_first: true, steps: false },
      };
    return {
      op: 'conv_transpose2d',
      body: {
        input: x,
        kernel: k,
        stride,
        padding,
        output_padding,
        dilation,
        steps: false,
        include: view === 'matrix' ? ['matrix'] : [],
      },
    };
  },
  steps: stepsOf,
  figure: (scene) => (FIGURES[way(scene)] ?? spreadFigure)(scene),
  card: (scene) => (CARDS[way(scene)] ?? spreadCard)(scene),
  side: (scene) => (scene.values.method === 'transposed' && scene.answer?.sizes ? [sizes(scene)] : []),
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
    return say(
      `caption_${kind}`,
      kind === 'matrix' && answer.matrix ? { outputs: shapeOf(answer.matrix)[0], inputs: shapeOf(answer.matrix)[1] } : {},
    );
  },
  numbers({ values, view, answer }) {
    const kind = way({ values, view });
    const result = { output: answer?.output ?? [] };
    if (kind === 'unpool')
      return { picture: values.p, pooled: answer?.pooled ?? [], indices: answer?.indices ?? [], ...result };
    if (kind === 'back') return { picture: values.p, kernel: values.k, convolved: answer?.convolved ?? [], ...result };
    return {
      input: values.x,
      ...(values.method === 'transposed' ? { kernel: values.k, coverage: answer?.coverage ?? [] } : {}),
      ...result,
    };
  },
};
