/** Reading a unit, and writing on: views that ask the server for something more. */
/** @import { SequenceScene } from './scene.js' */
/** @import { Choice } from '../../sequence-data.js' */
import { line, scaleLinear } from 'd3';
import { significant } from '../../core/numbers.js';
import { unitOver } from '../../sequence-data.js';
import { has, t } from '../../i18n.js';
import { paleStyle } from '../arithmetic.js';
import { h, s } from '../dom.js';
import { percent } from './answers.js';
import { visible } from './timeline.js';

/**
 * The text in the colours of one unit's state, and the units that go with something simple.
 * @param {SequenceScene} scene
 * @param {{unit: number, layer: number, direction: number, feature: string, r: number}[] | null} found
 */
export function readView(scene, found) {
  const { part, gates, state, colours, act, t: at } = scene;
  if (!gates) return [];
  const name = gates.c ? 'c' : 'h';
  const values = unitOver(gates.c ?? gates.h, state.layer, state.direction, state.unit);
  const bound = Math.max(...values.map(Math.abs), 1e-9);
  const text = h(
    'p',
    { class: `read-text ${scene.model.input.unit ?? ''}`, 'aria-label': t('seq.coloured', { unit: state.unit }) },
    part.tokens.map(({ text: token }, i) =>
      h(
        'span',
        {
          class: `read-token${i === at ? ' now' : ''}`,
          style: paleStyle(colours, values[i], bound),
          title: significant(values[i]),
          onclick: () => act.go({ t: i }),
        },
        token === '\n' ? '↵' : token,
      ),
    ),
  );
  const mine = (found ?? [])
    .filter(({ layer, direction }) => layer === state.layer && direction === state.direction)
    .slice(0, 14);
  const rows = mine.map(({ unit, feature, r }) =>
    h(
      'li',
      {},
      h(
        'button',
        { class: 'found', 'aria-pressed': String(unit === state.unit), onclick: () => act.go({ unit }) },
        h('span', { class: 'num' }, `#${unit}`),
        h('span', { class: 'found-name' }, has(`seq.feature.${feature}`) ? t(`seq.feature.${feature}`) : feature),
        h('span', { class: 'choice-bar', style: { '--p': Math.abs(r) } }),
        h('span', { class: 'num' }, `r = ${significant(r, 2)}`),
      ),
    ),
  );
  return [
    h(
      'section',
      { class: 'read-main' },
      h('h2', {}, t('seq.unit_over', { unit: state.unit, state: name })),
      text,
      h('p', { class: 'num' }, t('seq.value_here', { t: at + 1, value: significant(values[at]) })),
      h(
        'div',
        { class: 'row-buttons' },
        h('button', { class: 'plain', onclick: () => act.perform('up') }, `‹ ${t('seq.unit_before')}`),
        h('button', { class: 'plain', onclick: () => act.perform('down') }, `${t('seq.unit_next')} ›`),
      ),
    ),
    h(
      'section',
      { class: 'read-side' },
      h('h3', {}, t('seq.go_with')),
      h('p', { class: 'quiet' }, t('seq.only_correlation')),
      found ? h('ol', { class: 'found-list' }, rows) : h('p', {}, t('ui.loading')),
    ),
  ];
}

/**
 * Writing on from the reader's own beginning, character by character.
 * @param {SequenceScene} scene
 * @param {{beginning: string, temperature: number, top: number, seed: number, length: number}} wish
 * @param {{text: string, top: Choice[], running: boolean}} written
 * @param {{change: (wish: object) => void, start: () => void, stop: () => void}} hooks
 */
export function writeView(scene, wish, written, { change, start, stop }) {
  const field = (/** @type {string} */ name, /** @type {Record<string, any>} */ more) => {
    const input = /** @type {HTMLInputElement} */ (
      h('input', {
        type: 'number',
        class: 'num',
        value: /** @type {any} */ (wish)[name],
        ...more,
        onchange: () => change({ [name]: Number(input.value) }),
      })
    );
    return h('label', {}, h('span', {}, t(`seq.${name}`)), input);
  };
  const beginning = /** @type {HTMLTextAreaElement} */ (
    h(
      'textarea',
      { rows: 2, 'aria-label': t('seq.beginning'), oninput: () => change({ beginning: beginning.value }) },
      wish.beginning,
    )
  );
  return [
    h(
      'form',
      {
        class: 'write-form',
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          if (written.running) stop();
          else start();
        },
      },
      h('label', { class: 'whatif-text' }, h('span', {}, t('seq.beginning')), beginning),
      field('temperature', { min: 0.1, max: 2, step: 0.1 }),
      field('top', { min: 0, max: 50, step: 1 }),
      field('seed', { min: 0, step: 1 }),
      field('length', { min: 1, max: 1000, step: 1 }),
      h('button', { class: 'primary', type: 'submit' }, t(written.running ? 'seq.stop' : 'seq.start')),
    ),
    h(
      'div',
      { class: 'written' },
      h(
        'p',
        { class: 'written-text', 'aria-live': 'off' },
        h('span', { class: 'begun' }, wish.beginning),
        h('span', {}, written.text),
        written.running ? h('span', { class: 'caret' }) : null,
      ),
      h(
        'aside',
        {},
        h('h3', {}, t('seq.chosen_from')),
        h(
          'ul',
          { class: 'choices' },
          written.top.map(({ label, probability }) =>
            h(
              'li',
              {},
              h('span', { class: 'choice-name' }, visible(label)),
              h('span', { class: 'choice-bar', style: { '--p': probability } }),
              h('span', { class: 'num' }, percent(probability)),
            ),
          ),
        ),
      ),
    ),
  ];
}

/**
 * A forecaster left to itself: each answer is its next input; simple methods beside it.
 * @param {SequenceScene} scene
 * @param {{horizon: number}} wish
 * @param {{values: number[], baselines: Record<string, number[]>} | null} found
 * @param {{change: (wish: object) => void, run: () => void}} hooks
 */
export function freeRunView({ data }, wish, found, { change, run }) {
  const horizon = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'number',
      class: 'num',
      min: 1,
      max: 600,
      value: wish.horizon,
      onchange: () => change({ horizon: Number(horizon.value) }),
    })
  );
  const form = h(
    'form',
    {
      class: 'write-form',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        run();
      },
    },
    h('label', {}, h('span', {}, t('seq.horizon')), horizon),
    h('button', { class: 'primary', type: 'submit' }, t('seq.run_free')),
    h('p', { class: 'quiet' }, t('seq.free_line')),
  );
  const given = (data.trace.input.values ?? []).map((/** @type {any} */ value) => (Array.isArray(value) ? value[0] : value));
  return [form, found ? ahead(given, found) : h('p', { class: 'quiet' }, t('ui.loading'))];
}

/** @param {number[]} given @param {{values: number[], baselines: Record<string, number[]>}} found */
function ahead(given, found) {
  const series = [['network', found.values], ...Object.entries(found.baselines)].map(([name, values]) => ({
    name: String(name),
    values: /** @type {number[]} */ (values),
  }));
  const all = [...given, ...series.flatMap(({ values }) => values)];
  const count = given.length + found.values.length;
  const x = scaleLinear()
    .domain([0, count - 1])
    .range([0, 1000]);
  const y = scaleLinear()
    .domain([Math.min(0, ...all), Math.max(...all)])
    .nice()
    .range([100, 0]);
  const path = (/** @type {number[]} */ values, /** @type {number} */ from) =>
    line(
      (_, i) => x(i + from),
      (/** @type {any} */ v) => y(v),
    )(/** @type {any} */ (values)) ?? '';
  const last = given[given.length - 1];
  return h(
    'div',
    { class: 'ahead' },
    h(
      'div',
      { class: 'tl-curve', role: 'img', 'aria-label': t('seq.free_line') },
      s(
        'svg',
        { viewBox: '0 0 1000 100', preserveAspectRatio: 'none' },
        s('path', { class: 'given', d: path(given, 0) }),
        series.map(({ name, values }) => s('path', { class: `ahead-${name}`, d: path([last, ...values], given.length - 1) })),
      ),
      y.ticks(4).map((tick) => h('span', { class: 'tl-tick num', style: { top: `${y(tick)}%` } }, String(tick))),
    ),
    h(
      'ul',
      { class: 'ahead-names' },
      series.map(({ name, values }) =>
        h(
          'li',
          {},
          h('span', { class: `key ahead-${name}` }),
          t(`seq.ahead_${name}`),
          ' ',
          h(
            'span',
            { class: 'num' },
            values
              .slice(0, 6)
              .map((value) => significant(value, 3))
              .join(', '),
            values.length > 6 ? ' …' : '',
          ),
        ),
      ),
    ),
  );
}
