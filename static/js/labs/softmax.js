/**
 * Softmax and losses: logits to drag with their probabilities, the formula that overflows beside the one that does not, and
 * what a mistake costs.
 */
/** @import { Field, Lab, LabScene, Piece, Plane, Values } from '../core/lab/types.js' */
import { plainly } from '../core/lab/curves.js';
import { boundOfGrid } from '../core/lab/grids.js';
import { fixed, significant } from '../core/numbers.js';
import { h } from '../view/dom.js';
import { barRows } from '../view/lab/bar-rows.js';
import { measured } from '../view/lab/curve-stage.js';
import { lossCard, naiveCard, stableTable } from '../view/lab/softmax-card.js';

const LOSSES = ['cross_entropy', 'binary_cross_entropy', 'mse_loss', 'l1_loss', 'smooth_l1_loss', 'huber_loss'];
const STAGES = 5; // logits, shifted, exponentials, their sum, divided
const inLoss = (/** @type {Values} */ { view }) => view === 'loss';
const inBars = (/** @type {Values} */ { view }) => view === 'bars';
const entropy = (/** @type {Values} */ { loss }) => loss.endsWith('entropy');
/** Whether the numbers are probabilities already. @param {Values} values */
const probable = (values) => entropy(values) && values.given === 'probabilities';

/** @param {number[]} z */
const softmax = (z) => {
  const m = Math.max(...z);
  const e = z.map((v) => Math.exp(v - m));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / total);
};

/** The one class that is right, -1 where several share. @param {number[]} t */
const onlyOne = (t) => (t.filter((v) => v !== 0).length === 1 && t.includes(1) ? t.indexOf(1) : -1);

/** @param {Values} values */
function lossAsked(values) {
  const { loss, z, t, given, reduction, limit, smoothing } = values;
  const one = onlyOne(t);
  if (loss === 'cross_entropy')
    return {
      op: loss,
      body: {
        input: z,
        target: one >= 0 ? one : t,
        given,
        ...(given === 'logits' ? { label_smoothing: smoothing } : {}),
        include: ['difference'],
        steps: false,
      },
    };
  const more = loss === 'smooth_l1_loss' ? { beta: limit } : loss === 'huber_loss' ? { delta: limit } : {};
  return {
    op: loss === 'binary_cross_entropy' && given === 'logits' ? 'binary_cross_entropy_with_logits' : loss,
    body: { input: z, target: t, reduction, ...more, include: ['difference'], steps: false },
  };
}

/**
 * An axis with zero on it, a little wider than its numbers.
 * @param {number[]} values
 * @param {number} least
 * @returns {[number, number]}
 */
function axisOf(values, least) {
  const finite = values.filter(Number.isFinite);
  const high = Math.max(least, ...finite) * 1.1;
  const low = Math.min(0, ...finite) * 1.1;
  return [low < 0 ? Math.min(low, -least) : 0, high];
}

/** The axis of what is dragged: room to both sides, in round numbers. @param {Values} values @returns {[number, number]} */
function dragged(values) {
  if (probable({ ...values }) && values.view === 'loss') return [0, 1];
  const most = Math.max(...values.z.filter(Number.isFinite).map(Math.abs), 0.5);
  const round = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4].find((v) => v >= most * 1.05) ?? most * 1.2;
  return [-round, round];
}

/** @param {Values} values */
const stepOf = (values) => {
  const [low, high] = dragged(values);
  return 10 ** Math.floor(Math.log10((high - low) / 50));
};

/**
 * With so many decimals; what is smaller than they can show as a power of ten.
 * @param {number} digits
 * @returns {(p: number) => string}
 */
const decimals = (digits) => (p) => {
  if (!Number.isFinite(p) || (p !== 0 && Math.abs(p) < 0.5 * 10 ** -digits)) return plainly(p, 2);
  return Number(p.toFixed(digits)) === Number(p.toPrecision(12)) ? plainly(p, digits + 1) : fixed(p, digits);
};

/** @param {any} made @param {LabScene} scene */
function drawBars(made, scene) {
  const { values, say, step, answer } = scene;
  const view = { ...values, view: 'bars' };
  const shown = (/** @type {number} */ at) => step === null || step >= at;
  const heated = values.temperature !== 1;
  const p = answer.output;
  const box = measured(made.place);
  const narrow = box.width < 34 * box.text;
  const percent = decimals(values.digits);
  made.bars.draw({
    ...box,
    narrow,
    names: values.z.map((/** @type {number} */ _, /** @type {number} */ i) => String(i)),
    heading: say('class'),
    row: null,
    targets: null,
    step: stepOf(view),
    said: (/** @type {number} */ i) => `${plainly(values.z[i])}, p = ${percent(p[i])}`,
    columns: [
      {
        title: say('logit'),
        values: values.z,
        texts: values.z.map((/** @type {number} */ value) => plainly(value, 6)),
        domain: dragged(view),
        series: 2,
        share: 5,
        drag: true,
      },
      ...(narrow
        ? []
        : [
            {
              title: `exp(${values.softmin ? '−' : ''}${heated ? 'z/T' : 'z'} − m)`,
              values: answer.stable.exponentials,
              texts: answer.stable.exponentials.map(percent),
              domain: [0, 1],
              series: 3,
              share: 3,
              later: !shown(2),
            },
          ]),
      { title: say('probability'), values: p, texts: p.map(percent), domain: [0, 1], series: 0, share: 4, later: !shown(4) },
    ],
  });
}

/** Per element: target, part of the loss, what the prediction was as a probability. @param {LabScene} scene */
function told({ values, answer, step }) {
  const { loss, z, t, given } = values;
  const row = Math.min(step ?? Math.max(0, t.indexOf(Math.max(...t))), z.length - 1);
  if (loss === 'cross_entropy') return { parts: answer.parts, targets: answer.weights, p: answer.probabilities, row };
  const p =
    loss === 'binary_cross_entropy' && given === 'logits' ? z.map((/** @type {number} */ v) => 1 / (1 + Math.exp(-v))) : z;
  return { parts: answer.elements, targets: t, p, row };
}

/** @param {any} made @param {LabScene} scene */
function drawLoss(made, scene) {
  const box = measured(made.place);
  const narrow = box.width < 34 * box.text;
  const { values, say, answer } = scene;
  const { z, t, given } = values;
  const { parts, p, row } = told(scene);
  const gradient = answer.gradients.input;
  const logits = entropy(values) && given === 'logits';
  const letter = logits ? 'z' : 'y';
  const short = (/** @type {string} */ name, /** @type {string} */ key) => (narrow ? name : say(key)); // a phone has room for the letters alone
  const bound = boundOfGrid(gradient.filter(Number.isFinite));
  const text = (/** @type {number[]} */ numbers) => numbers.map((value) => plainly(value, narrow ? 3 : values.digits));
  const percent = decimals(narrow ? 3 : values.digits);
  made.bars.draw({
    ...box,
    narrow,
    names: z.map((/** @type {number} */ _, /** @type {number} */ i) => String(i)),
    heading: say('class'),
    row: scene.step === null ? null : row,
    step: stepOf({ ...values, view: 'loss' }),
    said: (/** @type {number} */ i) =>
      `${plainly(z[i])}, ${say('part')} ${plainly(parts[i])}, ${say('gradient')} ${plainly(gradient[i])}`,
    targets: {
      title: short('t', 'target'),
      values: t,
      texts: text(t),
      label: (/** @type {number} */ i) => say('make_target', { class: i }),
    },
    columns: [
      {
        title: short(letter, logits ? 'logit' : 'prediction'),
        values: z,
        texts: text(z),
        domain: dragged({ ...values, view: 'loss' }),
        series: 2,
        share: 4,
        drag: true,
      },
      ...(logits && !narrow
        ? [
            {
              title: say('probability'),
              values: p,
              texts: p.map(percent),
              domain: /** @type {[number, number]} */ ([0, 1]),
              series: 0,
              share: 3,
            },
          ]
        : []),
      { title: short('L', 'part'), values: parts, texts: text(parts), domain: axisOf(parts, 0.1), series: 3, share: 3 },
      {
        title: short(`∂L/∂${letter}`, 'gradient'),
        values: gradient,
        texts: gradient.map((/** @type {number} */ value) => plainly(value, narrow ? 2 : values.digits)),
        domain: [-bound * 1.05, bound * 1.05],
        series: 1,
        share: 3,
      },
    ],
  });
}

/** Powers of ten with two digits, others with four. @param {number} value */
const brief = (value) =>
  Number.isFinite(value) && value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)
    ? significant(value, 2)
    : plainly(value);

/** @param {LabScene} scene @returns {Piece[]} */
function naiveFigure({ values, answer, say }) {
  const { z } = values;
  const { naive, stable } = answer;
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
      rows: 1,
      columns: cells.length,
      cells,
      texts: cells.map(brief),
      bound: boundOfGrid(cells.filter(Number.isFinite).length ? cells.filter(Number.isFinite) : [1]),
      mark: (i) => (Number.isFinite(cells[i]) ? '' : 'winner'),
      ...more,
    });
  const sign = (/** @type {string} */ text) => /** @type {Piece} */ ({ kind: 'sign', text });
  const words = (/** @type {string} */ text) => /** @type {Piece} */ ({ kind: 'words', lines: [text], strong: true });
  const first = plane('z', 'z', z, { edits: { key: 'z', at: [], flat: true } });
  const naively = [
    plane('e', 'exp(z)', naive.exponentials),
    sign('÷'),
    plane('sum', 'Σ', [naive.denominator]),
    sign('='),
    plane('p', 'p', naive.output),
  ];
  const stably = [
    plane('shifted', `z − ${plainly(stable.maximum)}`, stable.shifted),
    sign('→'),
    plane('es', 'exp', stable.exponentials),
    sign('÷'),
    plane('sums', 'Σ', [stable.denominator]),
    sign('='),
    plane('ps', 'p', answer.output),
  ];
  const line = (/** @type {string} */ name, /** @type {Piece[]} */ items) =>
    /** @type {Piece} */ ({ kind: 'column', gap: 0.5, items: [words(say(name)), { kind: 'row', items }] });
  const upright = (/** @type {Piece[]} */ items) =>
    items.map((each) => (each.kind === 'plane' ? { ...each, rows: each.columns, columns: 1 } : each));
  const across = [first, line('naive', naively), line('stable', stably)];
  const down = [line('naive', upright([first, sign('→'), ...naively])), line('stable', upright(stably))];
  return [
    { kind: 'column', gap: 1.5, items: across },
    { kind: 'row', gap: 3, items: down },
    { kind: 'column', gap: 0.8, items: down },
    { kind: 'column', gap: 0.8, items: down.map((each) => without(each)) },
  ];
}

/** The signs left out, where there is no room for them. @param {Piece} piece @returns {Piece} */
const without = (piece) =>
  piece.kind === 'row' || piece.kind === 'column'
    ? {
        ...piece,
        gap: piece.kind === 'row' ? 0.7 : piece.gap,
        items: piece.items.filter(({ kind }) => kind !== 'sign').map(without),
      }
    : piece;

/** Kept between calls. @type {any} */
let made = null;

/**
 * The bars are made once; what they change is worked out from the numbers as they are now.
 * @param {HTMLElement} place
 * @param {LabScene} scene
 */
function bars(place, scene) {
  if (!made) {
    const now = () => made.scene.state.values;
    const put = (/** @type {number} */ i, /** @type {number} */ value) =>
      made.scene.set({ z: now().z.map((/** @type {number} */ old, /** @type {number} */ j) => (j === i ? value : old)) });
    const bounded = (/** @type {number} */ value) =>
      made.scene.view === 'loss' && probable(now()) ? Math.min(1, Math.max(0, value)) : value;
    const rows = barRows({
      move: (i, value) => put(i, bounded(value)),
      put,
      wrong(text) {
        if (made.wrong === text) return;
        made.wrong = text;
        made.scene.go(made.scene.state.step);
      },
      pick: (i) => {
        if (made.scene.view === 'loss') made.scene.go(i);
      },
      target: (i) =>
        made.scene.set({
          t: now().t.map((/** @type {number} */ old, /** @type {number} */ j) =>
            now().loss === 'binary_cross_entropy' ? (j === i ? (old > 0 ? 0 : 1) : old) : Number(j === i),
          ),
        }),
    });
    made = { bars: rows, place: rows.root, scene, wrong: '' };
  }
  made.scene = scene;
  if (made.place.parentElement !== place) place.replaceChildren(made.place);
  return made;
}

/** @type {Lab} */
export default {
  fields: [
    { key: 'z', kind: 'grid', rank: 1, start: [3, 1, -1], least: 2, most: 12 },
    { key: 't', kind: 'grid', rank: 1, start: [1, 0, 0], least: 2, most: 12, when: inLoss },
    { key: 'temperature', kind: 'number', slider: true, start: 1, least: 0.1, most: 10, step: 0.1, when: inBars },
    { key: 'softmin', kind: 'flag', start: false, when: inBars },
    { key: 'dtype', kind: 'choice', options: ['float64', 'float32'], start: 'float64', when: ({ view }) => view === 'naive' },
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
      when: (values) => inLoss(values) && ['smooth_l1_loss', 'huber_loss'].includes(values.loss),
    },
    { key: 'digits', kind: 'whole', start: 4, least: 2, most: 9, when: ({ view }) => view !== 'naive' },
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
  views: ['bars', 'naive', 'loss'],
  adapt(values, changed) {
    const t = values.z.map((/** @type {number} */ _, /** @type {number} */ i) => values.t[i] ?? 0);
    const turned = changed.some((key) => ['loss', 'given'].includes(key));
    const fits = values.z.every((/** @type {number} */ v) => v >= 0 && v <= 1);
    return {
      ...values,
      t:
        t.some(Boolean) || values.loss === 'binary_cross_entropy'
          ? t
          : t.map((/** @type {number} */ _, /** @type {number} */ i) => Number(i === 0)),
      z: turned && probable(values) && !fits ? softmax(values.z).map((p) => Number(p.toFixed(3))) : values.z,
    };
  },
  ask(values, view) {
    if (view === 'loss') return lossAsked(values);
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
  steps: ({ view, values }) => (view === 'bars' ? STAGES : view === 'loss' ? values.z.length : 0),
  figure: (scene) => (scene.view === 'naive' ? naiveFigure(scene) : null),
  stage(place, scene) {
    (scene.view === 'loss' ? drawLoss : drawBars)(bars(place, scene), scene);
  },
  card(scene) {
    if (scene.view === 'naive') return naiveCard(scene);
    if (scene.view === 'loss') return lossCard(scene, told(scene));
    return [
      h(
        'div',
        { class: 'wide-table', tabindex: 0, role: 'group', 'aria-label': scene.say('table') },
        stableTable(scene, scene.answer.logits, (at) => scene.step === null || scene.step >= at),
      ),
    ];
  },
  side: () => (made?.wrong ? [h('p', { class: 'warning', role: 'status' }, made.wrong)] : []),
  caption: ({ view, step, say, values }) =>
    say(
      step === null && view === 'bars' && values.softmin
        ? 'caption_softmin'
        : step === null
          ? `caption_${view}${view === 'loss' ? `_${values.loss}${values.loss === 'cross_entropy' && probable(values) ? '_given' : ''}` : ''}`
          : view === 'bars'
            ? `stage_${step}`
            : 'step_loss',
      { class: step ?? 0 },
    ),
  numbers(scene) {
    const { view, values, answer } = scene;
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
