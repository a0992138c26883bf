/** The bars of the softmax lab: logits to drag beside their exponentials and probabilities, or beside what each costs. */
/** @import { LabScene, Values } from '../../core/lab/types.js' */
import { plainly } from '../../core/lab/curves.js';
import { boundOfGrid } from '../../core/lab/grids.js';
import { entropy, probable } from '../../core/lab/losses.js';
import { fixed } from '../../core/numbers.js';
import { barRows } from './bar-rows.js';
import { measured } from './curve-stage.js';

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
export function drawBars(made, scene) {
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
    weights: p,
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
export function told({ values, answer, step }) {
  const { loss, z, t, given } = values;
  const row = Math.min(step ?? Math.max(0, t.indexOf(Math.max(...t))), z.length - 1);
  if (loss === 'cross_entropy') return { parts: answer.parts, targets: answer.weights, p: answer.probabilities, row };
  const p =
    loss === 'binary_cross_entropy' && given === 'logits' ? z.map((/** @type {number} */ v) => 1 / (1 + Math.exp(-v))) : z;
  return { parts: answer.elements, targets: t, p, row };
}

/** @param {any} made @param {LabScene} scene */
export function drawLoss(made, scene) {
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
    weights: parts.map((/** @type {number} */ part, /** @type {number} */ i) => Math.abs(part) + Math.abs(gradient[i])),
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

/** Kept between calls. @type {any} */
let made = null;

/** What was typed over a bar and is no number. */
export const wrongText = () => made?.wrong ?? '';

/**
 * The bars are made once; what they change is worked out from the numbers as they are now.
 * @param {HTMLElement} place
 * @param {LabScene} scene
 */
export function bars(place, scene) {
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
