/** What frames the views: where one is, the strip of layers, the player, the caption, messages and the keys. */
/** @import { Scene } from './scene.js' */
import { levelOf } from '../core/viewstate.js';
import { isVector } from '../core/graph.js';
import { opText, t } from '../i18n.js';
import { h } from './dom.js';

/** @typedef {(action: string) => void} Do */

/** Network › layer › number, each a way back. @param {HTMLElement} nav @param {Scene} scene @param {Do} act */
export function drawCrumbs(nav, { state, data }, act) {
  const level = levelOf(state);
  const record = data.records.get(state.node ?? '');
  const crumb = (/** @type {string} */ text, /** @type {string | null} */ action, /** @type {boolean} */ here) =>
    h(
      'li',
      {},
      here
        ? h('span', { 'aria-current': 'page' }, text)
        : h('button', { class: 'plain', onclick: () => act(action ?? '') }, text),
    );
  const parts = [crumb(t('ui.network'), 'toNetwork', level === 'network')];
  if (record)
    parts.push(
      crumb(
        `${record.name} · ${isVector(record) ? opText(record.op, 'short') : t('ui.unit_map', { unit: state.unit })}`,
        'toLayer',
        level === 'layer',
      ),
    );
  if (record && state.at)
    parts.push(
      crumb(
        isVector(record) ? t('ui.position_vector', { i: state.at[0] }) : t('ui.position', { y: state.at[0], x: state.at[1] }),
        null,
        true,
      ),
    );
  nav.replaceChildren(h('ol', {}, parts));
}

/**
 * Where one is stays in sight; called last, for it asks for the layout.
 * @param {HTMLElement} crumbs
 * @param {HTMLElement} strip
 */
export function followPlace(crumbs, strip) {
  crumbs.scrollLeft = crumbs.scrollWidth;
  const here = /** @type {HTMLElement | null} */ (strip.querySelector('[aria-current]'));
  if (here && strip.dataset.shown !== here.dataset.node) strip.scrollLeft = here.offsetLeft - strip.clientWidth / 2;
  strip.dataset.shown = here?.dataset.node ?? '';
}

/** Every layer as a button, inside the layer and number views. @param {HTMLElement} strip @param {Scene} scene */
export function drawStrip(strip, { state, data, act }) {
  strip.hidden = state.node === null;
  if (strip.hidden) return;
  if (strip.children.length !== data.nodes.length) {
    strip.replaceChildren(
      ...data.nodes.map((node) =>
        h(
          'button',
          { class: 'stop', 'data-node': node.name, onclick: () => act.openLayer(node.name, 0) },
          h('span', { class: 'op' }, opText(node.op, 'short')),
          h('span', { class: 'shape' }, node.shape.join('×')),
        ),
      ),
    );
  }
  for (const stop of strip.children) {
    const here = stop.getAttribute('data-node') === state.node;
    if (here === stop.hasAttribute('aria-current')) continue;
    if (here) stop.setAttribute('aria-current', 'true');
    else stop.removeAttribute('aria-current');
  }
}

/**
 * Back, play, next, a dot per step, speed.
 * @param {Do} act
 * @param {(step: number) => void} jump
 * @param {(factor: number) => void} setSpeed
 */
export function playerBar(act, jump, setSpeed) {
  const play = h('button', { class: 'round', onclick: () => act('play') });
  const slider = /** @type {HTMLInputElement} */ (
    h('input', { type: 'range', min: 0, max: 1, value: 0, oninput: () => jump(Number(slider.value)) })
  );
  const count = h('span', { class: 'num count' });
  const speed = h(
    'select',
    { 'aria-label': t('ui.speed'), onchange: (/** @type {any} */ event) => setSpeed(Number(event.target.value)) },
    [0.5, 1, 2, 4].map((factor) => h('option', { value: factor, selected: factor === 1 }, `${factor}×`)),
  );
  const root = h(
    'div',
    { class: 'player', role: 'group', 'aria-label': t('ui.play') },
    h(
      'button',
      { class: 'round', 'aria-label': t('ui.back'), title: `${t('ui.back')} (PageUp)`, onclick: () => act('back') },
      '‹',
    ),
    play,
    h(
      'button',
      { class: 'round', 'aria-label': t('ui.next'), title: `${t('ui.next')} (PageDown)`, onclick: () => act('next') },
      '›',
    ),
    slider,
    count,
    speed,
  );
  return {
    root,
    /** @param {Scene} scene */
    draw({ state, steps }) {
      play.textContent = state.play ? '❚❚' : '►';
      play.setAttribute('aria-label', t(state.play ? 'ui.pause' : 'ui.play'));
      play.title = `${t(state.play ? 'ui.pause' : 'ui.play')} (K)`;
      slider.max = String(steps.length - 1);
      slider.value = String(state.step ?? steps.length - 1);
      const text = state.step === null ? t('ui.all_shown') : t('ui.step_of', { step: state.step + 1, count: steps.length });
      slider.setAttribute('aria-label', t('ui.next'));
      slider.setAttribute('aria-valuetext', text);
      count.textContent = state.step === null ? '' : `${state.step + 1}/${steps.length}`;
    },
  };
}

/** What the present step says, and the number as text. @param {Scene} scene @returns {string} */
export function captionOf({ state, steps, data, model }) {
  const step = state.step === null ? null : steps[state.step];
  if (step) return t(`steps.${step.key}`, { ...step.values, op: opText(String(step.values.op ?? '')) });
  if (state.node === null) {
    const [best] = data.trace.predictions;
    return `${t('ui.prediction')}: ${model.classes[best.index]?.title} ${(100 * best.probability).toFixed(1)} %`;
  }
  const record = data.records.get(state.node);
  return record ? opText(record.op, 'line') : '';
}

const KEY_ROWS = [
  ['← ↑ → ↓', 'arrows'],
  ['Enter', 'enter'],
  ['Esc', 'leave'],
  ['Space · PageDown', 'next'],
  ['Shift Space · PageUp', 'back'],
  ['K', 'play'],
  ['Home · End', 'ends'],
  ['P', 'projector'],
  ['F', 'fullscreen'],
  ['L', 'language'],
  ['?', 'keys'],
];

/**
 * The table of keys, and the way to the tour where there is one.
 * @param {(() => void) | null} tour
 * @param {string[][]=} rows   keys and the name of the text that says what they do
 */
export function keysDialog(tour, rows = KEY_ROWS) {
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      'dialog',
      { class: 'keys-dialog', 'aria-label': t('ui.help') },
      h('header', {}, h('h2', {}, t('ui.help')), h('button', { class: 'plain', onclick: () => dialog.close() }, t('ui.close'))),
      h(
        'dl',
        {},
        rows.map(([keys, text]) =>
          h(
            'div',
            {},
            h(
              'dt',
              {},
              keys.split(' · ').map((key) => h('kbd', {}, key)),
            ),
            h('dd', {}, t(`keys.${text}`)),
          ),
        ),
      ),
      tour ? h('p', { class: 'row-buttons' }, h('button', { class: 'plain', onclick: tour }, t('tour.start'))) : null,
    )
  );
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  return dialog;
}
