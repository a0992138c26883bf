/** 1-D convolution: the kernel is turned round, slides along, multiplies and adds; and the same with smooth curves. */
/** @import { Lab, LabScene, Values } from '../core/lab/types.js' */
import { RESPONSES, SIGNALS, WIDTHS, cutInto, strips, timeOf } from '../core/lab/continuous.js';
import { axisOf, sidesOf, sumOf } from '../core/lab/signal.js';
import { h, num } from '../view/dom.js';
import { curves } from '../view/lab/continuous.js';
import { pooling, spreading } from '../view/lab/series.js';
import { sizeTable } from '../view/lab/side.js';
import { lookedAt, seriesFigure } from '../view/lab/sliding-series.js';
import { termsLine } from '../view/lab/terms.js';

const MODES = ['full', 'same', 'valid', 'causal'];
/** Views that are operations of their own. @type {Record<string, import('../view/lab/series.js').Series>} */
const OTHERS = { pool: pooling, spread: spreading };
const smooth = (/** @type {Values} */ values) => values.view === 'continuous';
const discrete = (/** @type {Values} */ values) => !smooth(values);
const pooled = (/** @type {Values} */ values) => values.view === 'pool';
const spread = (/** @type {Values} */ values) => values.view === 'spread';
const slid = (/** @type {Values} */ values) => values.view === 'slide';
const SHOWN = 3; // the time that is looked at while none is chosen

/** The strip that is reached. @param {LabScene} scene */
function reachedStrip({ step, values }) {
  const { step: wide, count } = cutInto(values);
  return Math.min(step ?? SHOWN / wide - 1, count - 1);
}

/** The definition with the numbers of this place. @param {LabScene} scene */
function definition({ values, say }, /** @type {number} */ t) {
  return h('p', { class: 'quiet' }, values.flip ? say('sum_convolution', { t }) : say('sum_correlation', { t }));
}

/** @param {LabScene} scene */
function discreteCard(scene) {
  const n = lookedAt(scene);
  const axis = axisOf(scene.values);
  return [
    definition(scene, axis.at(n) - axis.before),
    termsLine(sumOf(scene.values, n, scene.answer.output[n]), { columns: 1 }),
  ];
}

/** So many significant digits: more for a factor than for the product, so that the printed line is true. @param {number} value @param {number} count */
const digits = (value, count) => String(Number(value.toPrecision(count))).replace('-', '−');

/** The integral as what it is here: strips added up. @param {LabScene} scene */
function continuousCard(scene) {
  const { values, answer, say } = scene;
  const n = reachedStrip(scene);
  const { f, g } = strips(values);
  const sum = Array.from({ length: n + 1 }, (_, i) => f[i] * g[n - i]).reduce((a, b) => a + b, 0);
  return [
    h('p', { class: 'quiet' }, say('integral', { t: String(timeOf(n, values)) })),
    h(
      'div',
      { class: 'lab-terms' },
      h(
        'span',
        { class: 'term' },
        say('strips', { count: n + 1 }),
        ' ',
        num(values.strip, 'weight'),
        h('span', { class: 'times' }, '×'),
        num(digits(sum, 6), 'value'),
      ),
      h('span', { class: 'term total' }, '≈ ', num(digits(answer.output[n], 4), 'result', { class: 'num result' })),
    ),
    h('p', { class: 'quiet' }, say('fine', { width: values.strip })),
  ];
}

/** @param {LabScene} scene */
const stepsOf = ({ answer }) => answer?.output.length ?? 0;

/** @type {Lab} */
export default {
  fields: [
    { key: 'x', kind: 'grid', rank: 1, start: [0, 4, 0, 0, 2, 0, 0, 4, 0, 0], most: 64, when: discrete },
    { key: 'k', kind: 'grid', rank: 1, start: [1, 0.5, 0.25], most: 32, when: (values) => slid(values) || spread(values) },
    { key: 'mode', kind: 'choice', options: MODES, start: 'causal', when: slid },
    { key: 'flip', kind: 'flag', start: true, when: slid },
    { key: 'pool', kind: 'choice', options: ['max', 'avg'], start: 'max', when: pooled },
    { key: 'window', kind: 'whole', start: 2, least: 1, most: 16, when: pooled },
    { key: 'hop', kind: 'whole', start: 2, least: 1, most: 16, when: pooled },
    { key: 'margin', kind: 'whole', start: 0, least: 0, most: 8, when: pooled },
    { key: 'stride', kind: 'whole', start: 1, least: 1, most: 8, when: (values) => slid(values) || spread(values) },
    {
      key: 'dilation',
      kind: 'whole',
      start: 1,
      least: 1,
      most: 8,
      when: (values) => slid(values) || spread(values) || (pooled(values) && values.pool === 'max'),
    },
    { key: 'ceil_mode', kind: 'flag', start: false, when: pooled },
    {
      key: 'count_include_pad',
      kind: 'flag',
      start: true,
      when: (values) => pooled(values) && values.pool === 'avg' && values.margin > 0,
    },
    { key: 'cut', kind: 'whole', start: 0, least: 0, most: 8, when: spread },
    { key: 'signal', kind: 'choice', options: Object.keys(SIGNALS), start: 'pulses', when: smooth },
    { key: 'response', kind: 'choice', options: Object.keys(RESPONSES), start: 'decay', when: smooth },
    { key: 'strip', kind: 'choice', options: WIDTHS, start: '0.125', when: smooth },
    { key: 'width', kind: 'number', start: 1, least: 0.25, most: 4, step: 0.25, slider: true, when: smooth },
  ],
  views: ['slide', 'continuous', 'pool', 'spread'],
  ask(values, view) {
    if (OTHERS[view]) return OTHERS[view].ask(values);
    if (view === 'continuous') {
      const { f, kernel } = strips(values);
      return { op: 'conv1d', body: { input: f, kernel, flip: true, causal: true, steps: false } };
    }
    const { x, k, stride, dilation, flip } = values;
    return { op: 'conv1d', body: { input: x, kernel: k, stride, dilation, padding: sidesOf(values), flip, steps: false } };
  },
  steps: (scene) => (scene.answer && OTHERS[scene.view] ? OTHERS[scene.view].steps(scene) : stepsOf(scene)),
  figure: (scene) => (scene.view === 'continuous' ? null : (OTHERS[scene.view]?.figure ?? seriesFigure)(scene)),
  stage: (place, scene) => curves(place, scene, reachedStrip(scene)),
  card: (scene) => (OTHERS[scene.view]?.card ?? (scene.view === 'continuous' ? continuousCard : discreteCard))(scene),
  side(scene) {
    const { view, answer, say } = scene;
    if (view === 'continuous' || !answer?.sizes) return [];
    return OTHERS[view]?.side(scene) ?? [sizeTable(Object.values(answer.sizes), [say('steps_axis')])];
  },
  caption(scene) {
    if (OTHERS[scene.view]) return OTHERS[scene.view].caption(scene);
    if (scene.view === 'continuous') return scene.say('caption_continuous');
    return scene.step === null
      ? scene.say(scene.values.flip ? 'caption_convolution' : 'caption_correlation')
      : scene.say('caption_step', { step: scene.step + 1, count: scene.answer.output.length });
  },
  numbers: ({ values, view, answer }) =>
    view === 'continuous'
      ? { ...strips(values), output: answer?.output ?? [] }
      : { signal: values.x, ...(view === 'pool' ? {} : { kernel: values.k }), output: answer?.output ?? [] },
};
