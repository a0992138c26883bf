/**
 * 2-D convolution: the window slides, multiplies and adds; as columns times a matrix; as one large sparse matrix; and what it
 * costs.
 */
/** @import { Field, Lab, LabScene, Piece, Values } from '../core/lab/types.js' */
import { explained, planes } from '../core/lab/convolution.js';
import { countOf, shapeOf } from '../core/lab/grids.js';
import { BLOCK_NAMES } from '../core/lab/costs.js';
import { layerCost } from '../view/lab/cost.js';
import { layerSizes, sizesAsked } from '../view/lab/counted.js';
import { inceptionCost } from '../view/lab/inception.js';
import { h } from '../view/dom.js';
import { matrixFigure, columnsFigure } from '../view/lab/conv-matrices.js';
import { sizeTable } from '../view/lab/side.js';
import { lookedAt, slideFigure } from '../view/lab/sliding.js';
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
const counting = (/** @type {Values} */ values) => ['sizes', 'cost'].includes(values.view);
const sliding = (/** @type {Values} */ values) => !counting(values);
const sized = (/** @type {Values} */ values) => sliding(values) || (values.view === 'sizes' && !values.equal);
const ofBlock = (/** @type {Values} */ values) => values.view === 'cost' && values.block !== 'layer';

/**
 * A number of a layer that is too large to run. own: a block has its own
 * @param {string} key
 * @param {number} start
 * @param {(values: Values) => boolean} when
 * @param {boolean=} own
 * @returns {Field}
 */
const counted = (key, start, when, own = false) => ({
  key,
  kind: 'whole',
  start,
  least: 1,
  most: 4096,
  when: (values) => when(values) && !(own && ofBlock(values)),
});

/** The view that counts; null where a window slides. @param {{view: string, values: Values}} scene */
const countedBy = ({ view, values }) =>
  view === 'sizes' ? layerSizes : view === 'cost' ? (values.block === 'layer' ? layerCost : inceptionCost) : null;
/** @type {Record<string, (scene: LabScene) => Piece[]>} */
const FIGURES = { slide: slideFigure, columns: columnsFigure, matrix: matrixFigure };

/**
 * Kernels with as many channels as they read, and a bias for each.
 * @param {Values} values
 * @returns {Values}
 */
function fitted(values) {
  const { x, k, b, groups } = values;
  const [kernels, each] = shapeOf(k);
  const wanted = Math.max(1, Math.floor(x.length / groups));
  const fitting =
    each === wanted ? k : k.map((/** @type {any[]} */ kernel) => Array.from({ length: wanted }, (_, i) => kernel[i % each]));
  const biases = b.length === kernels ? b : Array.from({ length: kernels }, (_, i) => b[i] ?? 0);
  return { ...values, k: fitting, b: biases };
}

/** A kernel as large as the input is a fully connected layer. @param {LabScene} scene */
function captionOf({ view, values, answer }) {
  const dense = view !== 'matrix' && values.padding === 0 && countOf(answer.output) === values.k.length;
  return dense ? `caption_dense_${view}` : `caption_${view}`;
}

/** @type {Lab} */
export default withParameters({
  fields: [
    { key: 'x', kind: 'grid', rank: 3, start: X, when: sliding },
    { key: 'k', kind: 'grid', rank: 4, start: K, most: 16, when: sliding },
    { key: 'b', kind: 'grid', rank: 1, start: [0], hidden: true },
    {
      key: 'block',
      kind: 'choice',
      options: ['layer', ...BLOCK_NAMES],
      start: 'layer',
      when: (values) => values.view === 'cost',
    },
    counted('side', 28, counting),
    counted('size', 5, counting, true),
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
    { key: 'equal', kind: 'flag', start: false, when: (values) => values.view === 'sizes' },
    counted('from', 192, counting),
    counted('to', 32, counting, true),
    counted('between', 16, (values) => values.view === 'cost', true),
  ],
  views: ['slide', 'columns', 'matrix', 'sizes', 'cost'],
  adapt: fitted,
  fit: fitted,
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
  steps: (scene) => countedBy(scene)?.steps(scene) ?? (scene.answer ? countOf(scene.answer.output) : 0),
  figure: (scene) => (countedBy(scene) ? null : (FIGURES[scene.view] ?? slideFigure)(scene)),
  stage: (place, scene) => countedBy(scene)?.draw(place, scene),
  card(scene) {
    const counts = countedBy(scene);
    if (counts) return counts.card(scene);
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
  code: (scene) => countedBy(scene)?.code(scene) ?? scene.answer?.code ?? '',
  caption: (scene) =>
    countedBy(scene)?.caption(scene) ??
    (scene.step === null
      ? scene.say(captionOf(scene))
      : scene.say('caption_step', { step: scene.step + 1, count: countOf(scene.answer.output) })),
  numbers: (scene) =>
    countedBy(scene)?.numbers(scene) ?? {
      input: scene.values.x,
      kernel: scene.values.k,
      bias: scene.values.b,
      output: scene.answer?.output ?? [],
    },
});
