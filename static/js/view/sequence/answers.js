/** What a network answers at each step: a class over time, tags, next characters, or the next value of a series. */
/** @import { SequenceScene } from './scene.js' */
/** @import { Part, Choice } from '../../sequence-data.js' */
import { line, scaleLinear } from 'd3';
import { significant } from '../../core/numbers.js';
import { spelt } from '../../core/walk.js';
import { has, t } from '../../i18n.js';
import { h, s } from '../dom.js';
import { visible } from './timeline.js';

/** The row above the maps. @param {SequenceScene} scene @param {Part} part */
export function answerRow(scene, part) {
  const { model } = scene;
  if (model.task === 'classify')
    return row(
      t('seq.answer_so_far'),
      likely(scene).map((p) => gauge(p)),
    );
  if (model.task === 'forecast')
    return h('div', { class: 'tl-line tall' }, h('span', { class: 'tl-label' }, t('seq.series')), curve(scene, part));
  if (!part.answers) return row('', []);
  return row(
    t(model.task === 'tag' ? 'seq.tags' : 'seq.writes'),
    part.answers.map(({ top }) => choice(top?.[0])),
  );
}

/** @param {string} name @param {HTMLElement[]} content */
const row = (name, content) =>
  h(
    'div',
    { class: `tl-line${content.length ? '' : ' empty'}` },
    h('span', { class: 'tl-label' }, name),
    h('div', { class: 'tl-row tl-answers' }, content),
  );

/** @param {Choice | undefined} best */
const choice = (best) =>
  h(
    'span',
    {
      class: 'tl-answer',
      style: { '--p': best?.probability ?? 0 },
      title: best ? `${best.label} ${percent(best.probability)}` : null,
    },
    h('span', { class: 'tl-word' }, best ? marked(best.label) : ''),
  );

/** The end as a bracket, as the start is among what is fed. @param {string} label */
const marked = (label) => (label === '<end>' ? '⟩' : visible(label));

/** @param {number} p */
const gauge = (p) =>
  h('span', { class: `tl-gauge ${p < 0.5 ? 'down' : 'up'}`, style: { '--p': Math.abs(2 * p - 1) }, title: percent(p) });

export const percent = (/** @type {number} */ p) => `${(100 * p).toFixed(p > 0.0995 || p === 0 ? 0 : 1)} %`;

/**
 * The probability of the second class after each step, by softmax of the head's logits.
 * @param {SequenceScene} scene
 * @returns {number[]}
 */
export function likely({ data }) {
  const head = data.values('head');
  if (!head) return [];
  const [steps, classes] = head.shape;
  return Array.from({ length: steps }, (_, i) => {
    const logits = Array.from(head.data.subarray(i * classes, (i + 1) * classes));
    const most = Math.max(...logits);
    const exps = logits.map((z) => Math.exp(z - most));
    return exps[1] / exps.reduce((a, b) => a + b, 0);
  });
}

/** The series and, a step later each, what was forecast for it. @param {SequenceScene} scene @param {Part} part */
function curve({ data }, part) {
  const given = (data.trace.input.values ?? []).map((/** @type {any} */ v) => (Array.isArray(v) ? v[0] : v));
  const guesses = (part.answers ?? []).map(({ value }) => value ?? 0);
  const x = scaleLinear()
    .domain([0, part.steps])
    .range([0, 100 * part.steps]);
  const y = scaleLinear()
    .domain([Math.min(0, ...given, ...guesses), Math.max(...given, ...guesses)])
    .nice()
    .range([100, 0]);
  const path = (/** @type {number[]} */ values, /** @type {number} */ shift) =>
    line(
      (_, i) => x(i + shift + 0.5),
      (/** @type {any} */ v) => y(v),
    )(/** @type {any} */ (values)) ?? '';
  return h(
    'div',
    { class: 'tl-row tl-curve', role: 'img', 'aria-label': t('seq.curve') },
    s(
      'svg',
      { viewBox: `0 0 ${100 * part.steps} 100`, preserveAspectRatio: 'none' },
      s('path', { class: 'given', d: path(given, 0) }),
      s('path', { class: 'guess', d: path(guesses.slice(0, -1), 1) }),
    ),
    ...y.ticks(3).map((tick) => h('span', { class: 'tl-tick num', style: { top: `${y(tick)}%` } }, String(tick))),
  );
}

/** What is known at the step in view, as words and bars. @param {SequenceScene} scene */
export function nowPanel(scene) {
  const { part, t: at, data, act, model } = scene;
  const token = part.tokens[at];
  return h(
    'aside',
    { class: 'now-panel', 'aria-live': 'polite' },
    h(
      'h3',
      {},
      t('seq.at', { t: at + 1, count: part.steps }),
      ' ',
      h('strong', { class: 'now-token' }, token ? visible(token.text) : ''),
      token && !token.known ? h('span', { class: 'warning' }, ` ${t('seq.unknown')}`) : null,
    ),
    picture(data),
    bars(scene),
    model.task === 'classify' ? h('p', { class: 'quiet' }, t(at === part.steps - 1 ? 'seq.counts' : 'seq.along')) : null,
    data.trace.output
      ? h(
          'p',
          { class: 'output-text' },
          h('span', { class: 'quiet' }, t('seq.output')),
          ' ',
          h('strong', {}, data.trace.output.text),
        )
      : null,
    h(
      'p',
      { class: 'row-buttons' },
      h('button', { class: 'primary', onclick: () => act.perform('enter') }, `${t('seq.open_cell')} `, h('kbd', {}, 'Enter')),
      h('button', { class: 'plain', 'data-keep': 'to-number', onclick: () => act.visit(answerSource(scene)) }, t('walk.how')),
    ),
  );
}

/** What a caption is written about, as the network sees it. @param {import('../../sequence-data.js').SequenceData} data */
function picture({ trace }) {
  const seen = trace.input.preparation?.at(-1)?.picture;
  return seen ? h('img', { class: 'seen', src: seen, alt: t('ui.prepared') }) : null;
}

/** @param {SequenceScene} scene */
function bars(scene) {
  const { part, t: at, model, data } = scene;
  if (model.task === 'classify') {
    const p = likely(scene)[at];
    const chances = [
      { label: 'positive', probability: p, index: 1 },
      { label: 'negative', probability: 1 - p, index: 0 },
    ];
    return p === undefined ? null : barList(chances, scene, ({ index }) => classSource(scene, Number(index)));
  }
  const answer = part.answers?.[at];
  if (answer?.value !== undefined)
    return h(
      'p',
      {},
      t('seq.next_value'),
      ' ',
      opened(scene, { node: lastOf(data), index: [at, 0] }, h('strong', { class: 'num' }, significant(answer.value, 4))),
      realNext(data, at),
    );
  return answer?.top
    ? barList(answer.top, scene, ({ index }) => (index === undefined ? null : { node: lastOf(data), index: [at, index] }))
    : null;
}

/** @param {import('../../sequence-data.js').SequenceData} data @param {number} at */
function realNext({ trace }, at) {
  const next = trace.input.values?.[at + 1];
  return next === undefined ? null : h('span', { class: 'quiet' }, ` (${t('seq.in_truth', { value: String(next) })})`);
}

/**
 * The number that answers at this step: the likeliest class or token, or the forecast.
 * @param {SequenceScene} scene
 * @returns {import('../../core/types.js').Source}
 */
function answerSource(scene) {
  const { data, part, t: at, model } = scene;
  const answers = data.parts.findLast((one) => one.answers)?.answers;
  if (model.task === 'classify') return classSource(scene, Number(likely(scene)[at] > 0.5));
  const step = part.answers || !answers ? at : answers.length - 1; // from what is read to the last that was written
  return { node: lastOf(data), index: [step, (part.answers ?? answers)?.[step]?.top?.[0].index ?? 0] };
}

/** The node that answers. @param {import('../../sequence-data.js').SequenceData} data */
const lastOf = ({ trace }) => trace.nodes.at(-1).name;

/**
 * Where the answer of this step was made: the probability after the last one, a logit before.
 * @param {SequenceScene} scene
 * @param {number} index   of the class
 */
const classSource = ({ data, part, t: at }, index) =>
  at === part.steps - 1 ? { node: lastOf(data), index: [index] } : { node: 'head', index: [at, index] };

/**
 * What is shown of a number as the way to its arithmetic.
 * @param {SequenceScene} scene
 * @param {import('../../core/types.js').Source} source
 * @param {any} content
 */
const opened = ({ act }, source, content) =>
  h(
    'button',
    {
      class: 'choice-open',
      'data-keep': `answer-${spelt(source)}`,
      'data-way': spelt(source),
      title: t('walk.how'),
      onclick: () => act.visit(source),
    },
    content,
  );

/**
 * @param {Choice[]} top
 * @param {SequenceScene} scene
 * @param {(choice: Choice) => import('../../core/types.js').Source | null} sourceOf
 */
const barList = (top, scene, sourceOf) =>
  h(
    'ul',
    { class: 'choices' },
    top.map((choice) => {
      const { label, probability } = choice;
      const source = sourceOf(choice);
      const line = [
        h('span', { class: 'choice-name' }, titleOf(label, scene.model)),
        h('span', { class: 'choice-bar', style: { '--p': probability } }),
        h('span', { class: 'num' }, percent(probability)),
      ];
      return h('li', {}, source ? opened(scene, source, line) : line);
    }),
  );

/** A class in the page's language. @param {string} label @param {any} model */
export function titleOf(label, model) {
  const known = model.classes.find((/** @type {any} */ entry) => entry.key === label)?.title;
  return known ? `${known}` : has(`classes.${label}`) ? t(`classes.${label}`) : visible(label);
}
