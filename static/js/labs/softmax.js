/**
 * Softmax and losses: logits to drag with their probabilities, the formula that overflows beside the one that does not, and
 * what a mistake costs.
 */
/** @import { Field, Lab, Values } from '../core/lab/types.js' */
import { entropy, fitted, lossAsked, probable } from '../core/lab/losses.js';
import { curveAsked, FAMILIES, familyOf, placeAt, SHAPES, STOPS } from '../core/lab/loss-curves.js';
import { h } from '../view/dom.js';
import { plotWithSide } from '../view/lab/curve-stage.js';
import { drawLossCurve, lossCurveCard, lossCurveNumbers, moveTo } from '../view/lab/loss-curve.js';
import { bars, drawBars, drawLoss, told, wrongText } from '../view/lab/softmax-bars.js';
import { lossCard, stableTable } from '../view/lab/softmax-card.js';
import { NAIVE_STEPS, naiveCard, naiveFigure } from '../view/lab/softmax-naive.js';

const LOSSES = ['cross_entropy', 'binary_cross_entropy', 'mse_loss', 'l1_loss', 'smooth_l1_loss', 'huber_loss'];
const STAGES = 5; // logits, shifted, exponentials, their sum, divided
const BENDS = ['smooth_l1_loss', 'huber_loss']; // their limit can be set
const MOST = 64; // classes
const inLoss = (/** @type {Values} */ { view }) => view === 'loss';
const inCurve = (/** @type {Values} */ { view }) => view === 'curve';
const inBars = (/** @type {Values} */ { view }) => view === 'bars';
/** @param {number[]} z */
const softmax = (z) => {
  const m = Math.max(...z);
  const e = z.map((v) => Math.exp(v - m));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / total);
};

/** The key of the sentence under the figure. @param {string} view @param {number | null} step @param {Values} values */
function captionOf(view, step, values) {
  const along = view === 'curve' && !familyOf(values.shape).descends ? '_p' : '';
  if (view === 'curve') return step === null ? `caption_curve${along}` : `step_curve${along}`;
  if (view === 'naive') return step === null ? 'caption_naive' : `step_naive_${step}`;
  if (view === 'bars') return step !== null ? `stage_${step}` : values.softmin ? 'caption_softmin' : 'caption_bars';
  if (step !== null) return 'step_loss';
  if (values.loss === 'cross_entropy' && values.t.filter(Boolean).length > 1) return 'caption_loss_soft';
  return `caption_loss_${values.loss}${values.loss === 'cross_entropy' && probable(values) ? '_given' : ''}`;
}

/** Kept between calls, with the scene as it is now. @type {any} */
let curve = null;
/** @type {any} */
let latest = null;

/** @type {Lab} */
export default {
  fields: [
    { key: 'z', kind: 'grid', rank: 1, start: [3, 1, -1], least: 2, most: MOST, when: (values) => !inCurve(values) },
    { key: 't', kind: 'grid', rank: 1, start: [1, 0, 0], least: 2, most: MOST, when: inLoss },
    { key: 'temperature', kind: 'number', slider: true, start: 1, least: 0.1, most: 10, step: 0.1, when: inBars },
    { key: 'softmin', kind: 'flag', start: false, secondary: true, when: inBars },
    { key: 'dtype', kind: 'choice', options: ['float64', 'float32'], start: 'float64', when: ({ view }) => view === 'naive' },
    { key: 'shape', kind: 'choice', options: SHAPES, start: 'mse_loss', when: inCurve },
    ...Object.values(FAMILIES).map(
      ({ key, start, least, most }) => /** @type {Field} */ ({ key, kind: 'number', start, least, most, hidden: true }),
    ),
    {
      key: 'rate',
      kind: 'number',
      slider: true,
      start: 0.1,
      least: 0.05,
      most: 2,
      step: 0.05,
      when: (values) => inCurve(values) && familyOf(values.shape).descends,
    },
    { key: 'loss', kind: 'choice', options: LOSSES, start: 'cross_entropy', when: inLoss },
    {
      key: 'given',
      kind: 'choice',
      options: ['logits', 'probabilities'],
      start: 'logits',
      when: (values) => inLoss(values) && entropy(values),
    },
    {
      key: 'reduction',
      kind: 'choice',
      options: ['mean', 'sum'],
      start: 'mean',
      when: (values) => inLoss(values) && values.loss !== 'cross_entropy',
    },
    {
      key: 'limit',
      kind: 'number',
      slider: true,
      start: 1,
      least: 0.1,
      most: 3,
      step: 0.1,
      when: (values) =>
        (inLoss(values) && BENDS.includes(values.loss)) ||
        (inCurve(values) && familyOf(values.shape) === familyOf('huber_loss')),
    },
    { key: 'digits', kind: 'whole', start: 4, least: 2, most: 9, secondary: true, when: ({ view }) => view !== 'naive' },
    {
      key: 'smoothing',
      kind: 'number',
      slider: true,
      start: 0,
      least: 0,
      most: 0.5,
      step: 0.05,
      when: (values) => inLoss(values) && values.loss === 'cross_entropy' && values.given === 'logits',
    },
  ],
  views: ['bars', 'naive', 'loss', 'curve'],
  fit: fitted,
  adapt(values, changed) {
    const turned = changed.some((key) => ['loss', 'given'].includes(key));
    const fits = values.z.every((/** @type {number} */ v) => v >= 0 && v <= 1);
    const probabilities = () => softmax(values.z).map((p) => Number(p.toFixed(3)));
    return { ...fitted(values), z: turned && probable(values) && !fits ? probabilities() : values.z };
  },
  ask(values, view) {
    if (view === 'loss') return lossAsked(values);
    if (view === 'curve') return curveAsked(values);
    return {
      op: view === 'bars' && values.softmin ? 'softmin' : 'softmax',
      body: {
        input: values.z,
        temperature: view === 'bars' ? values.temperature : 1,
        dtype: view === 'naive' ? values.dtype : 'float64',
        steps: false,
      },
    };
  },
  steps: ({ view, values }) =>
    view === 'bars' ? STAGES : view === 'loss' ? values.z.length : view === 'curve' ? STOPS : NAIVE_STEPS,
  figure: (scene) => (scene.view === 'naive' ? naiveFigure(scene) : null),
  stage(place, scene) {
    if (scene.view === 'curve') {
      curve ??= plotWithSide((at) => moveTo(latest, at));
      latest = scene;
      if (curve.root.parentElement !== place) place.replaceChildren(curve.root);
      drawLossCurve(curve, scene);
      return;
    }
    (scene.view === 'loss' ? drawLoss : drawBars)(bars(place, scene), scene);
  },
  card(scene) {
    if (scene.view === 'naive') return naiveCard(scene);
    if (scene.view === 'loss') return lossCard(scene, told(scene));
    if (scene.view === 'curve') return lossCurveCard(scene);
    return [
      h(
        'div',
        { class: 'wide-table', tabindex: 0, role: 'group', 'aria-label': scene.say('table') },
        stableTable(scene, scene.answer.logits, (at) => scene.step === null || scene.step >= at),
      ),
    ];
  },
  side: () => (wrongText() ? [h('p', { class: 'warning', role: 'status' }, wrongText())] : []),
  caption: ({ view, step, say, values }) =>
    say(captionOf(view, step, values), {
      class: step ?? 0,
      step: (step ?? 0) + 1,
      p: view === 'curve' ? placeAt(values, step) : 0,
    }),
  numbers(scene) {
    const { view, values, answer } = scene;
    if (view === 'curve') return lossCurveNumbers(scene);
    if (view === 'loss')
      return {
        prediction: values.z,
        target: values.t,
        parts: told(scene).parts,
        gradient: answer?.gradients?.input ?? [],
        difference_quotient: answer?.difference?.quotient ?? [],
        loss: answer?.output ?? 0,
      };
    return {
      logits: values.z,
      naive: answer?.naive?.output ?? [],
      shifted: answer?.stable?.shifted ?? [],
      exponentials: answer?.stable?.exponentials ?? [],
      probabilities: answer?.output ?? [],
    };
  },
};
