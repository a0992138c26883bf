/**
 * Activations: curves laid over each other with a point to move, a grid through one forward and back, derivatives as difference
 * quotients, neurons that add up, and gates.
 */
/** @import { Field, Lab, LabScene, Values } from '../core/lab/types.js' */
import { brief, LADDER, SCHEMES, stepsOf, stepText } from '../core/lab/difference.js';
import { writtenOut } from '../core/lab/curve-sums.js';
import { CURVES, plainly as print, sampled, settingsOf, TAUGHT } from '../core/lab/curves.js';
import { formula } from '../view/formula.js';
import { h, num } from '../view/dom.js';
import { FORMULAS } from '../view/lab/curve-formulas.js';
import { fitted, gridCard, gridFigure, outputsOf as gridOutputs } from '../view/lab/curve-grid.js';
import { drawCurves, plotWithSide, pointOf, shownCurves } from '../view/lab/curve-stage.js';
import { differenceStage } from '../view/lab/difference.js';
import { differenceCard, differenceNumbers } from '../view/lab/difference-card.js';
import { drawGate, gateAsked, gateCard, gateCode, GATES, gateOf, tableOf } from '../view/lab/gates.js';
import { drawNeurons, neuronsCard, neuronsCode, outputsOf } from '../view/lab/neurons.js';
import { partialsCard, partialsFigure, partialsNumbers, shaped } from '../view/lab/partials.js';

const STEPS = 25; // the player's stops along the axis
const COURSE = [
  [1, 2, 0, 0],
  [3, 1, 1, 0],
  [1, 0, 2, 0],
  [1, 0, 0, 3],
]; // x² + 3xy + y² + z³: coefficient, powers
const NEURONS = [
  [-5, -7.7, -1],
  [-1.2, -1.3, -1],
  [1.2, 1, -1],
  [1.2, -0.2, 1],
  [2, -1.1, 1],
  [5, -5, 1],
];
const gridded = (/** @type {Values} */ { view }) => view === 'grid';
const drawing = (/** @type {Values} */ { view, curve }) => view === 'grid' && curve === 'rrelu';
const plotted = (/** @type {Values} */ { view }) => view === 'plot';
const curved = (/** @type {Values} */ { view, of }) =>
  view === 'plot' || view === 'grid' || (view === 'difference' && of === 'activation');
const differing = (/** @type {Values} */ { view }) => view === 'difference';
const partial = (/** @type {Values} */ { view }) => view === 'partial';
const stepping = (/** @type {Values} */ values) => differing(values) || partial(values);
const has = (/** @type {string} */ setting) => (/** @type {Values} */ values) =>
  curved(values) &&
  !(setting === 'b' && gridded(values)) &&
  (plotted(values) ? shownCurves(values) : [values.curve]).some((name) => Boolean(CURVES[name].settings?.includes(setting)));

/** @type {[string, number, number, number, number][]} key, start, least, most, step */
const SETTINGS = [
  ['negative_slope', 0.1, -1, 1, 0.01],
  ['weight', 0.25, -1, 1, 0.01],
  ['alpha', 1, 0.1, 4, 0.1],
  ['beta', 1, 0.2, 5, 0.1],
  ['min_val', -1, -5, 0, 0.1],
  ['max_val', 1, 0.1, 5, 0.1],
  ['lambd', 0.5, 0, 4, 0.1],
  ['threshold', 1, -4, 4, 0.1],
  ['value', 0, -4, 4, 0.1],
  ['lower', 0.1, -1, 1, 0.05],
  ['upper', 0.3, -1, 1, 0.05],
  ['b', 0, -6, 6, 0.1],
  ['at_zero', 0, 0, 1, 0.5],
];

/** What the engine is asked for a curve. @param {Values} values @param {any} input */
function curveAsked(values, input) {
  const { b, ...settings } = settingsOf(values.curve, values); // a gated unit's gate is no setting there but the other half of its input
  return { op: values.curve, body: { input, ...settings, steps: false } };
}

/** f and its derivative, as formulas. @param {LabScene} scene */
function formulas({ state: { values }, say }) {
  const [f, d] = FORMULAS[values.curve];
  const name = say(`curve_${values.curve}`);
  return h(
    'div',
    { class: 'curve-formulas' },
    formula(`f(x) = ${f}`, `${name}: f(x)`),
    formula(`f'(x) = ${d}`, `${name}: f'(x)`),
    formula("\\dfrac{\\partial L}{\\partial x} = \\dfrac{\\partial L}{\\partial y}\\, f'(x)", say('backward')),
  );
}

/** The two formulas with the point's number in them. @param {string} name @param {number} x @param {Record<string, any>} settings */
function sumsOf(name, x, settings) {
  const { y, value, slope, derivative } = writtenOut(name, x, settings);
  const line = (/** @type {string} */ role, /** @type {string} */ sum, /** @type {string} */ result) =>
    h(
      'div',
      { class: 'lab-terms', 'data-line': role },
      h('span', { class: 'term' }, `${role === 'value' ? 'f' : 'f′'}(${print(x, 10)}) = `),
      sum ? h('span', { class: 'term', 'data-role': 'sum' }, `${sum} = `) : null,
      num(result, role, { class: 'num result' }),
    );
  return h('div', { class: 'lab-sums' }, line('value', y, value), line('slope', slope, derivative));
}

/** @param {LabScene} scene */
function plotCard(scene) {
  const { say } = scene;
  const values = scene.state.values;
  const at = pointOf(scene, STEPS);
  const s = settingsOf(values.curve, values);
  const slope = CURVES[values.curve].d(at, s);
  const through =
    Math.abs(slope) < 0.05
      ? slope === 0
        ? 'through_none'
        : 'through_little'
      : Math.abs(slope) > 1
        ? 'through_more'
        : 'through_some';
  const more =
    values.curve === 'rrelu'
      ? say('drawn_slopes', {
          lower: print(values.lower),
          upper: print(values.upper),
          mean: print((values.lower + values.upper) / 2),
        })
      : values.curve === 'glu'
        ? say('gate_open', { b: print(values.b), open: print(slope) })
        : '';
  return [
    h('div', { class: 'curve-sums' }, formulas(scene), sumsOf(values.curve, at, s)),
    h('p', {}, say(through, { slope: print(slope), ten: brief(slope ** 10, 4) })),
    more ? h('p', {}, more) : null,
  ];
}

/** Kept between calls, one for each view that draws by itself. @type {Record<string, any>} */
const made = {};

/** @type {Lab} */
export default {
  fields: [
    { key: 'of', kind: 'choice', options: ['polynomial', 'activation'], start: 'polynomial', when: differing },
    { key: 'curve', kind: 'choice', options: TAUGHT, start: 'relu', when: curved },
    { key: 'over', kind: 'grid', rank: 1, start: [2, 3], most: 8, hidden: true },
    { key: 'at', kind: 'number', start: 1, least: -12, most: 12, hidden: true },
    { key: 'derivatives', kind: 'flag', start: true, secondary: true, when: plotted },
    { key: 'zones', kind: 'flag', start: true, secondary: true, when: plotted },
    ...SETTINGS.map(
      ([key, start, least, most, step]) =>
        /** @type {Field} */ ({ key, kind: 'number', slider: true, start, least, most, step, when: has(key) }),
    ),
    { key: 'approximate', kind: 'choice', options: ['none', 'tanh'], start: 'none', when: has('approximate') },
    { key: 'training', kind: 'flag', start: false, when: drawing },
    { key: 'seed', kind: 'whole', start: 0, least: 0, most: 9999, when: (values) => drawing(values) && values.training },
    {
      key: 'span',
      secondary: true,
      kind: 'number',
      slider: true,
      start: 5,
      least: 1,
      most: 12,
      step: 0.5,
      when: (values) => plotted(values) || differing(values),
    },
    { key: 'scheme', kind: 'choice', options: SCHEMES, start: 'forward', when: stepping },
    { key: 'dtype', kind: 'choice', options: ['float64', 'float32'], start: 'float64', when: stepping },
    {
      key: 'coefficients',
      kind: 'grid',
      rank: 1,
      start: [1, 0, 1],
      most: 8,
      when: (values) => differing(values) && values.of === 'polynomial',
    },
    { key: 'p', kind: 'grid', rank: 1, start: [1, 2, 3], most: 3, when: partial },
    { key: 'terms', kind: 'grid', rank: 2, start: COURSE, most: 12, when: partial },
    { key: 'h', kind: 'grid', rank: 1, start: [1], most: 1, when: stepping },
    {
      key: 'x',
      kind: 'grid',
      rank: 2,
      start: [
        [-2, -0.5, 0],
        [0.5, 1, 3],
      ],
      when: gridded,
    },
    {
      key: 'g',
      kind: 'grid',
      rank: 2,
      start: [
        [1, 1, 1],
        [1, 1, 1],
      ],
      when: gridded,
    },
    { key: 'n', kind: 'grid', rank: 2, start: NEURONS, most: 16, when: ({ view }) => view === 'neurons' },
    { key: 'gate', kind: 'choice', options: Object.keys(GATES), start: 'and', when: ({ view }) => view === 'gates' },
    ...['w1', 'w2'].map(
      (key) =>
        /** @type {Field} */ ({
          key,
          kind: 'number',
          slider: true,
          start: 0.5,
          least: -2,
          most: 2,
          step: 0.1,
          when: (values) => values.view === 'gates' && Boolean(gateOf(values).free),
        }),
    ),
    {
      key: 'theta',
      kind: 'number',
      slider: true,
      start: 0.7,
      least: -2,
      most: 2,
      step: 0.1,
      when: (values) => values.view === 'gates' && Boolean(gateOf(values).free),
    },
  ],
  views: ['plot', 'grid', 'difference', 'partial', 'neurons', 'gates'],
  adapt(values, changed) {
    const gate = changed.includes('gate') ? GATES[values.gate] : null;
    const neurons = values.n.map((/** @type {number[]} */ row) => [0, 1, 2].map((i) => row[i] ?? 0));
    return {
      ...values,
      ...fitted(values, changed),
      ...shaped(values),
      n: neurons,
      max_val: Math.max(values.max_val, values.min_val),
      upper: Math.max(values.upper, values.lower),
      ...(gate?.free ? { w1: gate.neurons[0].w[0], w2: gate.neurons[0].w[1], theta: gate.neurons[0].theta } : {}),
    };
  },
  ask(values, view) {
    if (view === 'neurons')
      return {
        op: 'linear',
        body: { input: outputsOf(values), weight: [values.n.map((/** @type {number[]} */ row) => row[2])], steps: false },
      };
    if (view === 'gates') return gateAsked(values);
    const {
      scheme,
      dtype,
      h: [h],
    } = values;
    if (view === 'partial')
      return { op: 'partial_derivatives', body: { input: values.p, terms: values.terms, h, scheme, dtype, steps: false } };
    if (view === 'difference')
      return {
        op: 'difference_quotient',
        body: {
          input: values.at,
          h: stepsOf(h),
          scheme,
          dtype,
          include: ['errors'],
          steps: false,
          ...(values.of === 'polynomial'
            ? { coefficients: values.coefficients }
            : { function: values.curve, ...settingsOf(values.curve, values) }),
        },
      };
    if (view === 'plot') return curveAsked(values, values.curve === 'glu' ? [values.at, values.b] : [values.at]);
    const asked = curveAsked(values, values.x);
    const chance = values.curve === 'rrelu' ? { training: values.training, seed: values.seed } : {};
    return { ...asked, body: { ...asked.body, ...chance, grad_output: values.g, include: ['gradients'] } };
  },
  steps: ({ view, values }) =>
    view === 'grid'
      ? gridOutputs(values)
      : view === 'gates'
        ? 4
        : view === 'partial'
          ? 3
          : view === 'difference'
            ? stepsOf(values.h[0]).length
            : STEPS,
  figure: (scene) => (scene.view === 'grid' ? gridFigure(scene) : scene.view === 'partial' ? partialsFigure(scene) : null),
  stage(place, scene) {
    const { view } = scene;
    const move = (/** @type {number} */ at) => {
      made.scene.go(null);
      made.scene.set({ at });
    };
    made.scene = scene;
    if (view === 'grid' || view === 'partial') return; // their figure waits for its answer
    if (view === 'difference') made.difference ??= differenceStage(() => made.scene);
    made[view] ??= view === 'gates' ? h('div', { class: 'gate-place' }) : plotWithSide(move);
    const root = made[view].root ?? made[view];
    if (root.parentElement !== place) place.replaceChildren(root);
    if (view === 'difference') made.difference.draw(scene);
    else if (view === 'gates') drawGate(made[view], scene);
    else (view === 'neurons' ? drawNeurons : drawCurves)(made[view], scene, STEPS);
  },
  card(scene) {
    if (scene.view === 'neurons') return [neuronsCard(scene, STEPS)];
    if (scene.view === 'gates') return [gateCard(scene)];
    if (scene.view === 'difference') return differenceCard(scene);
    if (scene.view === 'partial') return partialsCard(scene);
    return scene.view === 'grid' ? [...gridCard(scene), formulas(scene)] : plotCard(scene);
  },
  caption: ({ view, step, say, values }) =>
    say(step === null ? `caption_${view}` : `step_${view}`, {
      step: (step ?? 0) + 1,
      h: stepText(stepsOf(values.h[0])[step ?? 0] ?? LADDER[0]),
      variable: 'xyz'[step ?? 0] ?? '',
    }),
  code(scene) {
    const { view, answer, values } = scene;
    return view === 'neurons' ? neuronsCode(values) : view === 'gates' ? gateCode(values) : (answer?.code ?? '');
  },
  numbers(scene) {
    const { view, values, answer } = scene;
    if (view === 'grid')
      return {
        x: values.x,
        y: answer?.output ?? [],
        derivative: answer?.derivative ?? [],
        upstream: values.g,
        gradient: answer?.gradients?.input ?? [],
      };
    if (view === 'neurons')
      return { neurons: values.n, x: [-2, -1, 0, 1, 2], relu: outputsOf(values), sum: answer?.output ?? [] };
    if (view === 'difference') return differenceNumbers(scene);
    if (view === 'partial') return partialsNumbers(scene);
    if (view === 'gates') return { table: tableOf(values).map(({ inputs, output }) => [...inputs, output]) };
    const columns = shownCurves(values).map(
      (name) =>
        /** @type {[string, any]} */ ([
          name,
          sampled(name, 'f', settingsOf(name, values), -values.span, values.span, 100)
            .flat()
            .map(([x, y]) => [x, y, CURVES[name].d(x, settingsOf(name, values))]),
        ]),
    );
    return Object.fromEntries(columns);
  },
};
