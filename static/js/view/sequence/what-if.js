/** What if: the same run with a gate forced or a unit silenced, or with another text, token by token beneath the original. */
/** @import { SequenceScene } from './scene.js' */
/** @import { Part, SequenceData } from '../../sequence-data.js' */
import { significant } from '../../core/numbers.js';
import { CELLS } from '../../core/recurrent/cells.js';
import { aligned } from '../../core/sequence/align.js';
import { t } from '../../i18n.js';
import { paleStyle } from '../arithmetic.js';
import { h } from '../dom.js';
import { likely, percent, titleOf } from './answers.js';
import { visible } from './timeline.js';

/** @typedef {{text: string, gate: string, value: number, unit: boolean}} Wish */

/**
 * @param {SequenceScene} scene @param {Wish} wish @param {SequenceData | null} other   the other run
 * @param {{change: (wish: object) => void, run: () => void}} hooks @returns {HTMLElement[]}
 */
export function whatIfView(scene, wish, other, hooks) {
  return [
    form(scene, wish, hooks),
    h(
      'div',
      { class: 'both-runs' },
      other ? compared(scene, other) : [heading(t('seq.original'), scene, scene.data), pairs(scene, scene.data, null)],
      trials(scene, hooks),
    ),
  ];
}

/** @param {SequenceScene} scene @param {Wish} wish @param {{change: (wish: object) => void, run: () => void}} hooks */
function form({ part, model, state }, wish, { change, run }) {
  const gates = [...told(part).map((name) => [name, t(`seq.gate_${part.cell}_${name}`)]), ['state', t('seq.the_state')]];
  const gate = /** @type {HTMLSelectElement} */ (
    h(
      'select',
      { id: 'force', onchange: () => change({ gate: gate.value }) },
      h('option', { value: '' }, t('seq.nothing_forced')),
      gates.map(([value, text]) => h('option', { value, selected: wish.gate === value }, text)),
    )
  );
  const value = /** @type {HTMLSelectElement} */ (
    h(
      'select',
      { id: 'forced-value', 'aria-label': t('seq.force'), onchange: () => change({ value: Number(value.value) }) },
      [0, 1].map((v) => h('option', { value: v, selected: wish.value === v }, t(v ? 'seq.forced_open' : 'seq.forced_shut'))),
    )
  );
  const alone = /** @type {HTMLInputElement} */ (
    h('input', { type: 'checkbox', id: 'alone', checked: wish.unit, onchange: () => change({ unit: alone.checked }) })
  );
  const text =
    model.input.kind === 'text'
      ? /** @type {HTMLTextAreaElement} */ (
          h(
            'textarea',
            {
              id: 'other-text',
              rows: 2,
              'aria-label': t('seq.other_text'),
              oninput: () => change({ text: text?.value ?? '' }),
            },
            wish.text,
          )
        )
      : null;
  return h(
    'form',
    {
      class: 'whatif-form',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        run();
      },
    },
    text ? h('label', { class: 'whatif-text' }, h('span', {}, t('seq.other_text')), text) : null,
    h('label', { for: 'force' }, t('seq.force')),
    gate,
    value,
    h('label', { class: 'check' }, alone, t('seq.only_unit', { unit: state.unit })),
    h('button', { class: 'primary', type: 'submit' }, t('seq.run_both')),
  );
}

/** The gates that can be forced; a plain cell has only its state. @param {Part} part */
const told = (part) => CELLS[part.cell].told.filter((name) => name !== 'h');

/**
 * What is worth trying, each with one press.
 * @param {SequenceScene} scene
 * @param {{change: (wish: object) => void, run: () => void}} hooks
 */
function trials({ part }, { change, run }) {
  const all = [...told(part).flatMap((gate) => [0, 1].map((value) => ({ gate, value }))), { gate: 'state', value: 0 }];
  const chip = (/** @type {{gate: string, value: number}} */ { gate, value }) =>
    h(
      'button',
      {
        class: 'plain trial',
        type: 'button',
        'data-keep': `try-${gate}-${value}`,
        onclick: () => {
          change({ gate, value, unit: false });
          run();
        },
      },
      `${gate === 'state' ? t('seq.the_state') : t(`seq.gate_${part.cell}_${gate}`)} `,
      h('span', { class: 'quiet' }, t(value ? 'seq.forced_open' : 'seq.forced_shut')),
    );
  return h(
    'section',
    { class: 'trials' },
    h('h3', {}, t('seq.try')),
    h('p', { class: 'quiet' }, t('seq.not_yet')),
    h('div', { class: 'row-buttons' }, all.map(chip)),
  );
}

/** @param {SequenceScene} scene @param {SequenceData} other */
const compared = (scene, other) => [
  h('div', { class: 'run-heads' }, heading(t('seq.original'), scene, scene.data), heading(t('seq.changed'), scene, other)),
  pairs(scene, scene.data, other),
];

/** One run's name and what it came to. @param {string} name @param {SequenceScene} scene @param {SequenceData} data */
function heading(name, scene, data) {
  const side = sideOf(scene, data);
  return h('section', { class: 'one-run' }, h('h3', {}, name, ' ', h('strong', { class: 'verdict' }, verdictOf(side))));
}

/**
 * The scene as if this run were the page's.
 * @param {SequenceScene} scene
 * @param {SequenceData} data
 * @returns {SequenceScene}
 */
const sideOf = (scene, data) => ({
  ...scene,
  data,
  part: data.parts.find(({ node }) => node === scene.part.node) ?? data.parts[0],
});

/** @param {SequenceScene} side */
function verdictOf(side) {
  const { data, model, part } = side;
  const last = model.task === 'classify' ? likely(side).at(-1) : undefined;
  const value = part.answers?.at(-1)?.value;
  if (data.trace.output) return data.trace.output.text;
  if (last !== undefined) return `${titleOf(last > 0.5 ? 'positive' : 'negative', model)} ${percent(Math.max(last, 1 - last))}`;
  return value === undefined ? '' : significant(value, 4);
}

/**
 * Both runs in columns: alike tokens one above the other, a gap where one has none.
 * @param {SequenceScene} scene
 * @param {SequenceData} one
 * @param {SequenceData | null} other
 */
function pairs(scene, one, other) {
  const first = sideOf(scene, one);
  const second = other && sideOf(scene, other);
  const words = (/** @type {SequenceScene} */ side) => side.part.tokens.map(({ text }) => text);
  const columns = second
    ? aligned(words(first), words(second))
    : words(first).map((_, i) => /** @type {[number | null, number | null]} */ ([i, null]));
  const top = cellsOf(first);
  const bottom = second && cellsOf(second);
  return h(
    'div',
    { class: `pairs${second ? '' : ' alone'}` },
    columns.map(([i, j]) =>
      h(
        'div',
        { class: `pair${second && (i === null || j === null) ? ' uneven' : ''}` },
        i === null ? gap() : top(i),
        bottom && (j === null ? gap() : bottom(j)),
      ),
    ),
  );
}

const gap = () => h('span', { class: 'run-token gap' }, '·', h('span', { class: 'unseen' }, t('seq.gap')));

/** A step of a run: its token and the answer there. @param {SequenceScene} side @returns {(i: number) => HTMLElement} */
function cellsOf(side) {
  const { model, part, colours } = side;
  const answers = model.task === 'classify' ? likely(side) : null;
  return (i) =>
    h(
      'span',
      { class: 'run-token', style: answers ? paleStyle(colours, 2 * answers[i] - 1, 1) : {} },
      h('b', {}, visible(part.tokens[i].text)),
      h('small', { class: 'num' }, answers ? percent(answers[i]) : answerText(side, i)),
    );
}

/** @param {SequenceScene} side @param {number} i */
function answerText({ part, model }, i) {
  const answer = part.answers?.[i];
  return answer?.top ? titleOf(answer.top[0].label, model) : answer?.value !== undefined ? significant(answer.value) : '';
}
