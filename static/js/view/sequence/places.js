/** Where one is: network, cell, number; and the other ways of looking at the same run. */
/** @import { SequenceScene } from './scene.js' */
import { placeName, placeOf } from '../../core/walk.js';
import { opText, t } from '../../i18n.js';
import { h } from '../dom.js';
import { visible } from './timeline.js';

/** @param {HTMLElement} nav @param {SequenceScene} scene */
export function crumbs(nav, scene) {
  const { state, act, model } = scene;
  const inside = ['layer', 'number', 'cell', 'gate'].includes(state.view);
  const parts = [
    crumb(t('ui.network'), state.view === 'network' ? null : () => act.go({ view: 'network', trail: [], step: null })),
    ...(inside ? [...way(scene), ...here(scene)] : []),
  ];
  if (!inside && state.view !== 'network')
    parts.push(crumb(t(state.view === 'write' && model.task === 'forecast' ? 'seq.tab_free' : `seq.tab_${state.view}`), null));
  nav.replaceChildren(h('ol', {}, parts));
  nav.scrollLeft = nav.scrollWidth;
}

/** One place; without a way back it is where one is. @param {string} text @param {(() => void) | null} go */
const crumb = (text, go) =>
  h('li', {}, go ? h('button', { class: 'plain', onclick: go }, text) : h('span', { 'aria-current': 'page' }, text));

/** The numbers that led here, operand by operand. @param {SequenceScene} scene */
function way({ state, act, data }) {
  return state.trail.map((text, i) => {
    const { node, index } = /** @type {import('../../core/types.js').Source} */ (placeOf(text));
    const recurrent = data.parts.some((part) => part.node === node);
    return crumb(recurrent && index.length > 2 ? `${node}[${index[2]}, ${index[3]}]` : placeName({ node, index }), () =>
      act.back(i),
    );
  });
}

/** @param {SequenceScene} scene */
function here({ state, part, t: at, act, data }) {
  if (state.view === 'layer' || state.view === 'number') {
    const node = state.of ?? data.trace.nodes.at(-1).name;
    if (state.view === 'layer') return [crumb(node, null)];
    return [
      ...(state.trail.length ? [] : [crumb(node, () => act.go({ view: 'layer', step: null }))]),
      crumb(state.at ? placeName({ node, index: state.at }) : node, null),
    ];
  }
  const cell = `${part.cell.toUpperCase()} · ${at + 1} ${visible(part.tokens[at]?.text ?? '')}`;
  if (state.view === 'cell') return [crumb(cell, null)];
  return [
    crumb(cell, () => act.go({ view: 'cell', step: null })),
    crumb(`${t(`seq.gate_${part.cell}_${state.gate ?? part.cell}`)} · ${t('seq.unit', { unit: state.unit })}`, null),
  ];
}

/**
 * Ways of looking; among the layers and numbers, every operation of the network.
 * @param {HTMLElement} strip
 * @param {SequenceScene} scene
 * @param {any} page
 */
export function tabs(strip, scene, page) {
  const { state, model, act, part } = scene;
  const views = [
    'network',
    'layer',
    'cell',
    'gate',
    ...(page.variants.length > 1 && model.task !== 'transduce' && model.task !== 'worked' ? ['compare'] : []),
    ...(model.input.kind === 'text' ? ['read'] : []),
    ...(model.task === 'worked' ? [] : ['whatif']),
    ...(['language', 'forecast'].includes(model.task) ? ['write'] : []),
  ];
  strip.hidden = false;
  if (state.view === 'layer' || state.view === 'number') {
    operations(strip, scene);
    return;
  }
  const first = /** @type {Record<string, string>} */ ({ lstm: 'f', gru: 'r', rnn: 'h' })[part.cell];
  strip.replaceChildren(
    ...views.map((view) =>
      h(
        'button',
        {
          class: 'stop',
          'data-view': view,
          'aria-current': state.view === view ? 'true' : null,
          onclick: () =>
            act.go({ view, trail: [], step: null, play: false, ...(view === 'gate' ? { gate: state.gate ?? first } : {}) }),
        },
        t(view === 'write' && model.task === 'forecast' ? 'seq.tab_free' : `seq.tab_${view}`),
      ),
    ),
  );
}

/** @param {HTMLElement} strip @param {SequenceScene} scene */
function operations(strip, { state, data, act }) {
  const now = state.of ?? data.trace.nodes.at(-1).name;
  const stop = (/** @type {import('../../core/types.js').NodeRecord} */ node) =>
    h(
      'button',
      {
        class: 'stop',
        'data-node': node.name,
        'aria-current': node.name === now ? 'true' : null,
        title: node.name,
        onclick: () => act.go({ view: 'layer', of: node.name, at: null, trail: [], step: null, play: false }),
      },
      h('span', { class: 'op' }, opText(node.op, 'short')),
      h('span', { class: 'shape' }, node.shape.join('×')),
    );
  strip.replaceChildren(
    h(
      'button',
      { class: 'stop back', 'data-view': 'network', onclick: () => act.go({ view: 'network', trail: [], step: null }) },
      h('span', {}, `‹ ${t('seq.tab_network')}`),
    ),
    ...data.trace.nodes.map(stop),
  );
  const here = /** @type {HTMLElement | null} */ (strip.querySelector('[aria-current]'));
  if (here && strip.dataset.shown !== now) strip.scrollLeft = here.offsetLeft - strip.clientWidth / 2;
  strip.dataset.shown = now;
}
