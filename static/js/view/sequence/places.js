/** Where one is: network, cell, number; and the other ways of looking at the same run. */
/** @import { SequenceScene } from './scene.js' */
import { t } from '../../i18n.js';
import { h } from '../dom.js';
import { visible } from './timeline.js';

/** @param {HTMLElement} nav @param {SequenceScene} scene */
export function crumbs(nav, { state, part, t: at, act, model }) {
  const level = ['cell', 'gate'].indexOf(state.view) + 1;
  const crumb = (/** @type {string} */ text, /** @type {string} */ view, /** @type {boolean} */ here) => h('li', {}, here ? h('span', { 'aria-current': 'page' }, text) : h('button', { class: 'plain', onclick: () => act.go({ view, step: null }) }, text));
  const parts = [crumb(t('ui.network'), 'network', state.view === 'network')];
  if (level > 0) parts.push(crumb(`${part.cell.toUpperCase()} · ${at + 1} ${visible(part.tokens[at]?.text ?? '')}`, 'cell', level === 1));
  if (level > 1) parts.push(crumb(`${t(`seq.gate_${part.cell}_${state.gate ?? part.cell}`)} · ${t('seq.unit', { unit: state.unit })}`, 'gate', true));
  if (level === 0 && state.view !== 'network') parts.push(crumb(t(state.view === 'write' && model.task === 'forecast' ? 'seq.tab_free' : `seq.tab_${state.view}`), state.view, true));
  nav.replaceChildren(h('ol', {}, parts));
}

/** @param {HTMLElement} strip @param {SequenceScene} scene @param {any} page */
export function tabs(strip, { state, model, act, part }, page) {
  const views = ['network', 'cell', 'gate', ...(page.variants.length > 1 && model.task !== 'transduce' && model.task !== 'worked' ? ['compare'] : []), ...(model.input.kind === 'text' ? ['read'] : []), ...(model.task === 'worked' ? [] : ['whatif']), ...(['language', 'forecast'].includes(model.task) ? ['write'] : [])];
  strip.hidden = false;
  const first = /** @type {Record<string, string>} */ ({ lstm: 'f', gru: 'r', rnn: 'h' })[part.cell];
  strip.replaceChildren(...views.map((view) => h('button', { class: 'stop', 'data-view': view, 'aria-current': state.view === view ? 'true' : null, onclick: () => act.go({ view, step: null, play: false, ...(view === 'gate' ? { gate: state.gate ?? first } : {}) }) }, t(view === 'write' && model.task === 'forecast' ? 'seq.tab_free' : `seq.tab_${view}`))));
}
