/** Losses as curves with a point that gradient descent carries downhill: how steep each is far from its target and near it. */
/** @import { LabScene } from '../../core/lab/types.js' */
import { plainly, sampledOf } from '../../core/lab/curves.js';
import { gradientWritten, partWritten, saturatedWritten } from '../../core/lab/losses.js';
import { familyOf, next, placeAt, probabilityOf, stepWritten, walk } from '../../core/lab/loss-curves.js';
import { h, num, s } from '../dom.js';
import { formula } from '../formula.js';
import { measured } from './curve-stage.js';
import { numberBox } from './number-box.js';

const PIECE = (/** @type {string} */ near, /** @type {string} */ far, /** @type {string} */ limit) =>
  `\\begin{cases} ${near} & |d| \\le ${limit} \\\\ ${far} & |d| > ${limit} \\end{cases}`;

/** @type {Record<string, [string, string]>} the loss and its derivative, d = y − t, p = σ(z) */
const FORMULAS = {
  mse_loss: ['d^2', '2d'],
  l1_loss: ['|d|', '\\operatorname{sign} d'],
  smooth_l1_loss: [
    PIECE('\\tfrac{d^2}{2\\beta}', '|d| - \\tfrac{\\beta}{2}', '\\beta'),
    PIECE('\\tfrac{d}{\\beta}', '\\pm 1', '\\beta'),
  ],
  huber_loss: [
    PIECE('\\tfrac{1}{2} d^2', '\\delta\\,(|d| - \\tfrac{\\delta}{2})', '\\delta'),
    PIECE('d', '\\pm\\delta', '\\delta'),
  ],
  log_p: ['-\\ln p', '-\\dfrac{1}{p}'],
  square_p: ['(1 - p)^2', '-2\\,(1 - p)'],
  log_z: ['-\\ln \\sigma(z)', '\\sigma(z) - 1 = p - 1'],
  square_z: ['(1 - \\sigma(z))^2', '-2\\,(1 - p) \\cdot p\\,(1 - p)'],
};
const SYMBOLS = { error: 'd', probability: 'p', logit: 'z' };
const tidy = (/** @type {number} */ value) => (Math.abs(value) < 1e-12 ? 0 : value);

/** What is asked in the address and the player's step, in one. @param {LabScene} scene */
function now({ state, step }) {
  const { values } = state;
  const family = familyOf(values.shape);
  const at = placeAt(values, step);
  return { values, family, at, shapes: [values.shape, ...Object.keys(family.curves).filter((name) => name !== values.shape)] };
}

/**
 * Hops from place to place, drawn under the axis: their lengths are the steps.
 * @param {number[]} places
 * @param {import('./curve-plot.js').Scale} x
 * @param {import('./curve-plot.js').Scale} y
 */
function hops(places, x, y) {
  const [left, right] = x.range();
  const ground = y(0);
  const deep = Math.abs(y.range()[0] - ground);
  const inside = (/** @type {number} */ place) => Math.min(right, Math.max(left, x(place)));
  return places.slice(1).map((place, i) => {
    const from = inside(places[i]);
    const to = inside(place);
    const down = ground + Math.min(1.7 * deep, 0.9 * Math.abs(to - from) + 4);
    return s('path', { class: 'hop', d: `M${from},${ground}Q${(from + to) / 2},${down} ${to},${ground}` });
  });
}

/** @param {any} made @param {LabScene} scene */
export function drawLossCurve(made, scene) {
  const { say, step } = scene;
  const { values, family, at, shapes } = now(scene);
  const { xs, ys, variable, descends } = family;
  const title = (/** @type {string} */ name) => say(`shape_${name}`);
  const of = (/** @type {string} */ name) => family.curves[name];
  const visited = step === null || !descends ? [] : walk(values).slice(0, step + 1);
  const lines = shapes
    .map((name, colour) => ({
      label: title(name),
      colour,
      kind: /** @type {'main' | 'thin'} */ (colour ? 'thin' : 'main'),
      pieces: sampledOf((x) => of(name).f(x, values.limit), xs, of(name).breaks ?? []),
    }))
    .reverse();
  const loss = of(values.shape).f(at, values.limit);
  const slope = of(values.shape).d(at, values.limit);
  const box = measured(made.place);
  const shown = [`${variable} = ${plainly(at)}`, `L = ${plainly(loss)}`, `${say('slope')} = ${plainly(tidy(slope))}`];
  const roomy = box.width > 34 * box.text && (shapes.length + 4) * 2.8 * box.text < box.height; // the table beside it names them too
  made.plot.draw({
    ...box,
    legend: roomy ? shapes.slice(1).map((name, i) => ({ label: title(name), colour: i + 1 })) : [],
    xs,
    ys,
    lines,
    zones: [],
    at: Math.min(xs[1], Math.max(xs[0], at)),
    slope: at >= xs[0] && at <= xs[1] ? slope : null,
    step: (xs[1] - xs[0]) / 80,
    dots: [
      { y: loss, colour: 0 },
      ...(at >= xs[0] && at <= xs[1]
        ? shapes.slice(1).map((name, i) => ({ y: of(name).f(at, values.limit), colour: i + 1 }))
        : []),
    ],
    corner: family === familyOf('mse_loss') ? 'middle' : 'right',
    readout: box.width < 26 * box.text ? shown.slice(0, 2) : [title(values.shape), ...shown],
    label: say('point'),
    said: shown.join(', '),
    extra: (/** @type {any} */ x, /** @type {any} */ y) => [
      ...hops(visited, x, y),
      ...visited
        .slice(0, -1)
        .filter((place) => place >= xs[0] && place <= xs[1])
        .map((place) =>
          s('circle', {
            class: 'dot visited series-0',
            cx: x(place),
            cy: Math.max(y(ys[1]), y(of(values.shape).f(place, values.limit))),
            r: 5,
          }),
        ),
    ],
  });
  const place = boxOf(made, scene, family);
  place.put(tidy(Number(at.toPrecision(6))));
  if (made.side.firstChild !== place.root) made.side.replaceChildren(place.root, made.table);
  made.table.replaceChildren(table(scene, shapes, at));
}

/**
 * Where the point is, to be typed; kept for each axis.
 * @param {any} made
 * @param {LabScene} scene
 * @param {import('../../core/lab/loss-curves.js').Family} family
 */
function boxOf(made, scene, { key, variable, least, most, xs }) {
  const by = (xs[1] - xs[0]) / 20;
  const near = (/** @type {number} */ value) => Number(value.toPrecision(6));
  made.scene = scene;
  made.boxes ??= {};
  made.boxes[key] ??= numberBox({
    label: variable,
    name: key,
    least,
    most,
    set: (value) => moveTo(made.scene, value),
    nudges: [
      { sign: '−', of: (value) => near(value - by) },
      { sign: '+', of: (value) => near(value + by) },
    ],
  });
  return made.boxes[key];
}

/** Every loss of the family at this place. @param {LabScene} scene @param {string[]} shapes @param {number} at */
function table({ say, set, state }, shapes, at) {
  const { limit, shape } = state.values;
  const { curves } = familyOf(shape);
  return h(
    'table',
    { class: 'curve-table' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        [say('loss'), 'L', say('slope')].map((name) => h('th', { scope: 'col' }, name)),
      ),
    ),
    h(
      'tbody',
      {},
      shapes.map((name, colour) =>
        h(
          'tr',
          { class: `series-${colour}${colour ? '' : ' main'}` },
          h(
            'td',
            {},
            h(
              'button',
              { class: 'curve-name', onclick: () => set({ shape: name }), title: say('make_main') },
              h('span', { class: 'curve-swatch' }),
              say(`shape_${name}`),
            ),
          ),
          h('td', { class: 'num', 'data-shape': name, 'data-role': 'loss' }, plainly(curves[name].f(at, limit))),
          h('td', { class: 'num', 'data-shape': name, 'data-role': 'slope' }, plainly(tidy(curves[name].d(at, limit)))),
        ),
      ),
    ),
  );
}

/** As which loss of torch a curve is written out; where it judges a probability, its target is 1. @type {Record<string, string>} */
const WRITTEN = { log_p: 'cross_entropy', log_z: 'cross_entropy', square_p: 'mse_loss', square_z: 'mse_loss' };

/** L and its slope at x, written out as the card of the bars does it. @param {LabScene} scene */
function written({ state: { values }, answer, step }) {
  const { shape, limit, digits } = values;
  const x = placeAt(values, step);
  const logit = shape.endsWith('_z');
  const judged = shape in WRITTEN;
  const judge = logit ? probabilityOf(x) : { p: x, text: '' };
  const { p } = judge;
  const loss = WRITTEN[shape] ?? shape;
  const slope = familyOf(shape).curves[shape].d(x, limit);
  const told = { x: p, p, t: judged ? 1 : 0, limit };
  return {
    x,
    slope,
    head: judge.text ? `p = ${judge.text}` : '',
    part: partWritten(loss, { ...told, part: answer.output[step === null ? 0 : step + 1] }),
    gradient:
      shape === 'square_z'
        ? saturatedWritten(p, slope, digits)
        : gradientWritten(loss, { ...told, logits: shape === 'log_z', share: 1, digits, gradient: slope }),
  };
}

/** @param {LabScene} scene */
export function lossCurveCard(scene) {
  const { state, say, step } = scene;
  const { values } = state;
  const { shape, rate } = values;
  const family = familyOf(shape);
  const symbol =
    SYMBOLS[/** @type {'error'} */ (shape.endsWith('_z') ? 'logit' : shape.endsWith('_p') ? 'probability' : 'error')];
  const [f, d] = FORMULAS[shape];
  const { x, slope, head, part, gradient } = written(scene);
  const line = (/** @type {string} */ name, /** @type {any[]} */ ...parts) =>
    h('div', { class: 'lab-terms', 'data-line': name }, ...parts);
  const { d: derivative } = family.curves[shape];
  const moved = family.descends && step !== null ? stepWritten(x, rate, slope, next(x, rate, derivative, values.limit)) : null;
  return [
    h(
      'div',
      { class: 'curve-formulas' },
      formula(`L = ${f}`, say(`shape_${shape}`)),
      formula(`\\dfrac{\\partial L}{\\partial ${symbol}} = ${d}`, say('slope')),
    ),
    line(
      'part',
      head ? h('span', { class: 'term' }, head, ', ') : null,
      h('span', { class: 'term', 'data-role': 'written' }, 'L = ', part),
    ),
    line(
      'gradient',
      h('span', { class: 'group-name' }, `∂L/∂${symbol} =`),
      h('span', { class: 'term' }, gradient.rule, ' = '),
      gradient.text ? h('span', { class: 'term', 'data-role': 'rule' }, gradient.text) : null,
      h('span', { class: 'term' }, gradient.text ? '= ' : '', num(gradient.result, 'gradient', { class: 'num result' })),
    ),
    moved
      ? line(
          'moved',
          h('span', { class: 'group-name' }, `${symbol} − η ∂L/∂${symbol} =`),
          h(
            'span',
            { class: 'term', 'data-role': 'moved' },
            `${moved.operands[0]} − ${plainly(rate)} × ${bracket(moved.operands[1])}`,
          ),
          h('span', { class: 'term' }, '= ', num(moved.result, 'next', { class: 'num result' })),
        )
      : null,
    h('p', { class: 'quiet' }, say(lesson(scene))),
  ];
}

const bracket = (/** @type {string} */ text) => (text.startsWith('−') ? `(${text})` : text);

/** What there is to see here. @param {LabScene} scene */
function lesson({ state: { values }, step }) {
  const { shape } = values;
  const x = placeAt(values, step);
  const [low, high] = familyOf(shape).xs;
  if (x < low || x > high) return 'lesson_diverged';
  if (shape.endsWith('_p') || shape.endsWith('_z')) return `lesson_${shape}`;
  return `lesson_${shape === 'mse_loss' || shape === 'l1_loss' ? shape : 'both'}`;
}

/** What the CSV holds: the walk with its losses, and every curve. @param {LabScene} scene */
export function lossCurveNumbers({ values, answer }) {
  const { curves, xs } = familyOf(values.shape);
  const places = Array.from({ length: 81 }, (_, i) => xs[0] + ((xs[1] - xs[0]) * i) / 80).filter(
    (x) => x !== 0 || !values.shape.endsWith('_p'),
  );
  return {
    'place, loss': walk(values).map((x, i) => [x, answer?.output?.[i + 1] ?? 0]),
    ...Object.fromEntries(
      Object.entries(curves).map(([name, { f, d }]) => [name, places.map((x) => [x, f(x, values.limit), d(x, values.limit)])]),
    ),
  };
}

/** Where the point is wanted. @param {LabScene} scene @param {number} at */
export function moveTo(scene, at) {
  scene.go(null);
  const { key, least, most } = familyOf(scene.state.values.shape);
  scene.set({ [key]: Math.min(most, Math.max(least, at)) });
}
