/** One recurrent layer over time: what it reads beneath, the unrolled cells, its states as heat-maps, what it answers on top. */
/** @import { SequenceScene } from './scene.js' */
/** @import { GateData, Part } from '../../sequence-data.js' */
import { planeOf } from '../../sequence-data.js';
import { t } from '../../i18n.js';
import { boundOf } from '../colors.js';
import { canvasOf } from '../heatmap.js';
import { range } from '../../core/tensor.js';
import { h } from '../dom.js';
import { answerRow } from './answers.js';

const INVISIBLE = /** @type {Record<string, string>} */ ({ ' ': '␣', '\n': '↵', '\t': '⇥' });

/** A token as it can be seen. @param {string} text */
export const visible = (text) => INVISIBLE[text] ?? text;

/**
 * @typedef {object} Timeline
 * @property {HTMLElement} root
 * @property {(t: number | null, unit: number, fold: boolean) => void} point   only moves the marks: one frame however long the
 *   text
 */

/** @param {SequenceScene} scene @param {Part} part @param {GateData} gates @returns {Timeline} */
export function timeline(scene, part, gates) {
  const maps = [
    ['h', gates.h],
    ['c', gates.c],
  ].flatMap(([name, tensor]) => (tensor ? [stateMap(scene, part, String(name), /** @type {any} */ (tensor))] : []));
  const cells = h(
    'div',
    { class: 'tl-row tl-cells', 'aria-hidden': 'true' },
    part.tokens.map((_, i) => h('span', { class: 'tl-cell', style: { '--i': i } }, h('span', {}, part.cell.toUpperCase()))),
  );
  const ribbon = h(
    'div',
    { class: 'tl-row tl-ribbon', role: 'list', 'aria-label': t('seq.ribbon') },
    part.tokens.map(tokenCell),
  );
  const cursor = h('span', { class: 'tl-cursor', 'aria-hidden': 'true' });
  const answers = answerRow(scene, part);
  const loop = h('span', { class: 'tl-loop', 'aria-hidden': 'true' });
  const grid = h(
    'div',
    { class: 'tl-grid' },
    answers,
    ...maps.map(({ root }) => root),
    h('div', { class: 'tl-chain' }, label(t('seq.unrolled')), cells, loop),
    h('div', { class: 'tl-line' }, label(t(part.role === 'written' ? 'seq.fed' : 'seq.reads')), ribbon),
    cursor,
  );
  const root = h(
    'section',
    {
      class: `timeline${scene.model.input.kind === 'series' ? ` series${part.steps > 40 ? ' dense' : ''}` : ''}`,
      'data-node': part.node,
      'aria-label': part.node,
      style: { '--count': part.steps, '--widest': widest(part) },
    },
    title(scene, part),
    h('div', { class: 'tl-scroll', tabindex: 0, role: 'group', 'aria-label': t('seq.time') }, grid),
  );
  listen(root, scene, part);
  const keepInView = viewKeeper(/** @type {HTMLElement} */ (grid.parentElement), ribbon);
  /** @type {Element[]} */
  let marked = [];
  return {
    root,
    point(at, unit, fold) {
      // Not on the root, whose every token would be styled anew: on what stands at the step, and on the cells while they lie on each other.
      for (const each of fold ? [cursor, loop, cells] : [cursor, loop]) each.style.setProperty('--now', String(at ?? 0));
      root.classList.toggle('here', at !== null);
      root.classList.toggle('folded', fold);
      for (const { point } of maps) point(at === null ? null : unit);
      for (const old of marked) old.classList.remove('now');
      marked = at === null ? [] : [ribbon, answers.querySelector('.tl-row')].flatMap((row) => row?.children[at] ?? []);
      for (const each of marked) each.classList.add('now');
      if (at !== null) keepInView(at);
    },
  };
}

/** @param {SequenceScene} scene @param {Part} part */
function title({ state, act }, part) {
  const directions =
    part.directions > 1
      ? h(
          'span',
          { class: 'tl-choice', role: 'group', 'aria-label': t('seq.direction') },
          [0, 1].map((direction) =>
            h(
              'button',
              {
                class: 'plain',
                'aria-pressed': String(state.direction === direction),
                onclick: () => act.go({ direction, node: part.node }),
              },
              t(direction ? 'seq.backwards' : 'seq.forwards'),
            ),
          ),
        )
      : null;
  return h(
    'h2',
    { class: 'tl-title' },
    h('span', {}, part.node),
    h('span', { class: 'quiet' }, t('seq.size', { cell: part.cell.toUpperCase(), hidden: part.hidden, steps: part.steps })),
    directions,
  );
}

/** @param {string} text */
const label = (text) => h('span', { class: 'tl-label' }, text);

/** @param {import('../../sequence-data.js').Shown} token @param {number} i */
const tokenCell = ({ text, known }, i) =>
  h(
    'span',
    {
      role: 'listitem',
      class: `tl-token${known ? '' : ' unknown'}${visible(text) === text ? '' : ' blank'}`,
      title: known ? null : t('seq.unknown'),
      'data-t': i,
    },
    h('span', {}, visible(text)),
  );

/** Characters of the longest token, a Han character counted as two. @param {Part} part */
const widest = ({ tokens, answers }) =>
  Math.max(
    1,
    ...tokens.map(({ text }) => cells(text)),
    ...(answers ?? []).map(({ top }) => Math.min(6, cells(top?.[0]?.label ?? ''))),
  );
const cells = (/** @type {string} */ text) => [...text].reduce((sum, c) => sum + (/[\u2e80-\uffef]/.test(c) ? 1.8 : 1), 0);

/**
 * Units x steps.
 * @param {SequenceScene} scene
 * @param {Part} part
 * @param {string} name
 * @param {import('../../core/types.js').Tensor} tensor
 */
function stateMap({ state, colours }, part, name, tensor) {
  const plane = planeOf(tensor, Math.min(state.layer, part.layers - 1), Math.min(state.direction, part.directions - 1));
  const bound = boundOf(...range(plane.data));
  const line = h('span', { class: 'tl-unit', 'aria-hidden': 'true' });
  const canvas = canvasOf(plane, bound, colours);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', t(`seq.map_${name}`, { hidden: part.hidden, steps: part.steps }));
  const root = h(
    'div',
    { class: 'tl-line' },
    label(t(`seq.state_${name}`)),
    h('div', { class: 'tl-map', 'data-map': name, style: { '--units': plane.height } }, canvas, line),
  );
  return {
    root,
    point: (/** @type {number | null} */ unit) => {
      line.hidden = unit === null;
      line.style.setProperty('--unit', String(unit ?? 0));
    },
  };
}

/**
 * Pointing chooses the step, and on a map the unit; a finger may also drag.
 * @param {HTMLElement} root
 * @param {SequenceScene} scene
 * @param {Part} part
 */
function listen(root, { act }, part) {
  const grid = /** @type {HTMLElement} */ (root.querySelector('.tl-grid'));
  const pick = (/** @type {PointerEvent} */ event) => {
    const row = /** @type {HTMLElement} */ (root.querySelector('.tl-ribbon'));
    const box = row.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * part.steps);
    if (at < 0 || at >= part.steps) return;
    const map = /** @type {HTMLElement} */ (event.target).closest('.tl-map');
    const over = map?.getBoundingClientRect();
    const unit = over && Math.floor(((event.clientY - over.top) / over.height) * part.hidden);
    act.go({ node: part.node, t: at, play: false, ...(unit !== undefined && unit >= 0 && unit < part.hidden ? { unit } : {}) });
  };
  grid.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse' && event.button === 0) {
      grid.setPointerCapture(event.pointerId);
      pick(event);
    }
  });
  grid.addEventListener('pointermove', (event) => {
    if (grid.hasPointerCapture(event.pointerId)) pick(event);
  });
  grid.addEventListener('click', (event) => {
    if (/** @type {PointerEvent} */ (event).pointerType !== 'mouse') pick(/** @type {PointerEvent} */ (event));
  });
}

/**
 * Scrolls so that a step is on view. Sizes are measured when they change and not at every step: asking makes the browser lay
 * out the page.
 * @param {HTMLElement} scroll
 * @param {HTMLElement} row
 */
function viewKeeper(scroll, row) {
  let first = 0;
  let step = 0;
  let width = 0;
  let whole = 0;
  let now = 0;
  let wanted = 0;
  const keep = (/** @type {number} */ at) => {
    wanted = at;
    if (whole <= width) return;
    const left = first + at * step;
    if (left < now + first) scroll.scrollLeft = now = left - first - 2 * step;
    else if (left + step > now + width) scroll.scrollLeft = now = left + step - width + 2 * step;
  };
  const sizes = new ResizeObserver(() => {
    [first, step, width, whole] = [
      row.offsetLeft,
      row.offsetWidth / Math.max(1, row.children.length),
      scroll.clientWidth,
      scroll.scrollWidth,
    ];
    keep(wanted);
  });
  for (const each of [row, scroll]) sizes.observe(each);
  scroll.addEventListener(
    'scroll',
    () => {
      now = scroll.scrollLeft;
    },
    { passive: true },
  );
  return keep;
}
