/** The explorer of one network: puts store, address, player, data and views together. */
/** @import { ViewState } from './core/types.js' */
/** @import { Data } from './data.js' */
/** @import { Scene } from './view/scene.js' */
import { createTrace, getTrace, Problem } from './api.js';
import { ACTIONS, actionOf, enter, openLayer, openNumber } from './core/navigate.js';
import { spread } from './core/tensor.js';
import { stepsOf } from './core/steps.js';
import { createStore } from './core/store.js';
import { fromQuery, indexOf, legal, levelOf, toQuery } from './core/viewstate.js';
import { createData } from './data.js';
import { has, t, useCatalogue } from './i18n.js';
import { createPlayer } from './player.js';
import { captionOf, drawCrumbs, drawStrip, keysDialog, playerBar } from './view/chrome.js';
import { boundOf, coloursOf } from './view/colors.js';
import { inputDialog } from './view/input.js';
import { layerView } from './view/layer.js';
import { legend } from './view/legend.js';
import { networkView } from './view/network.js';
import { numberView, wide } from './view/number.js';

const read = (/** @type {string} */ id) => JSON.parse(document.getElementById(id)?.textContent || 'null');
const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

const page = read('page');
useCatalogue(page.texts);

/** @typedef {{view: ViewState, data: Data | null, busy: boolean, problem: string}} State */
/** @type {{get: () => State, set: (changes: Partial<State>) => void, subscribe: (listener: (next: State, previous: State) => void) => () => void}} */
const store = /** @type {any} */ (createStore)({ view: fromQuery(location.search), data: null, busy: false, problem: '' });

const stage = find('stage');
const scenes = find('scene');
let colours = coloursOf();

// What may be asked for

/** @param {(view: ViewState, data: Data) => ViewState} change */
function change(change) {
  const { view, data } = store.get();
  if (data) store.set({ view: change(view, data), problem: '' });
}

const act = {
  openLayer: (/** @type {string} */ node, /** @type {number} */ unit) => change((view, data) => openLayer(view, data, node, unit)),
  openNumber: (/** @type {string} */ node, /** @type {number[]} */ index) => change((view, data) => openNumber(view, data, node, index)),
  choose: (/** @type {number} */ unit) => change((view, data) => legal({ ...view, unit }, data.records)),
  enter: () => change(enter),
};

/** Actions that are about the page rather than the view. @type {Record<string, () => void>} */
const PAGE = {
  fullscreen: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => {})),
  language: () => changeLanguage(),
  keys: () => (keys.open ? keys.close() : keys.showModal()),
  toNetwork: () => change((view, data) => ACTIONS.leave({ ...view, at: null }, data)),
  toLayer: () => change((view) => ({ ...view, at: null, step: null })),
};

/** @param {string} action */
function perform(action) {
  if (PAGE[action]) PAGE[action]();
  else if (ACTIONS[action]) change((view, data) => ACTIONS[action](view, data));
}

function changeLanguage() {
  const lang = document.documentElement.lang.startsWith('zh') ? 'en' : 'zh';
  location.replace(`${location.pathname}?${toQuery({ ...store.get().view, lang, play: false })}`);
}

// Inputs

/** @param {Promise<any>} coming   a trace @param {(trace: any) => string} name   what the address calls it */
async function take(coming, name) {
  store.set({ busy: true, problem: '' });
  try {
    const trace = await coming;
    const { view } = store.get();
    const data = createData(trace);
    store.set({ busy: false, data, view: legal({ ...view, input: name(trace) }, data.records) });
    return true;
  } catch (error) {
    store.set({ busy: false, problem: sentence(error) });
    return false;
  }
}

/** @param {unknown} error */
function sentence(error) {
  if (!(error instanceof Problem)) throw error;
  return has(`problems.${error.code}`) ? t(`problems.${error.code}`) : t('problems.other', { detail: error.message });
}

const traceName = (/** @type {any} */ trace) => (trace.input.sample ? `sample:${trace.input.sample}` : `trace:${trace.id}`);

/** @param {Blob} image */
async function useImage(image) {
  if (await take(createTrace(page.model.id, { image }), traceName)) dialog.draw(store.get().data?.trace);
}

/** @param {string} sample */
async function useSample(sample) {
  if (await take(createTrace(page.model.id, { sample }), traceName)) dialog.close();
}

/** What the address asks for: a trace, a sample, or what the page brought with it. */
async function begin() {
  const [kind, id] = (store.get().view.input ?? '').split(':');
  const first = read('first-trace');
  if (kind === 'trace' && first?.id !== id) {
    if (await take(getTrace(id), traceName)) return;
    const { problem } = store.get();
    if (first) store.set({ data: createData(first), problem, view: legal({ ...store.get().view, input: null }, createData(first).records) });
    return;
  }
  if (!first) { await useSample(kind === 'sample' ? id : page.samples[0]?.id); return; }
  const data = createData(first);
  const gone = kind === 'sample' && first.input.sample !== id;
  store.set({ data, view: legal(gone ? { ...store.get().view, input: null } : store.get().view, data.records), problem: gone ? t('ui.sample_gone') : '' });
}

// Drawing

const network = networkView({ open: act.openLayer, point: () => {}, input: () => openDialog() });
const dialog = inputDialog({ samples: page.samples, drawing: page.model.preparation === 'drawing' },
  { sample: useSample, image: useImage, empty: () => store.set({ problem: t('problems.nothing-drawn') }) });
const keys = keysDialog();
const bar = playerBar(perform, (step) => change((view) => ({ ...view, step, play: false })), (factor) => player.speed(factor));
const player = createPlayer(() => change((view, data) => ACTIONS.next(view, data)));
find('player').append(bar.root);
find('words').append(network.readout);
stage.prepend(network.root);
document.body.append(dialog.root, keys);

function openDialog() {
  dialog.draw(store.get().data?.trace);
  dialog.open();
}

/** @param {Data} data @returns {Scene} */
function sceneOf(data) {
  const { view } = store.get();
  const sample = page.samples.find((/** @type {any} */ entry) => entry.id === data.trace.input.sample);
  return { state: view, data, colours, model: page.model, formulas: page.formulas, steps: stepsOf(view, data.nodes, data.records), title: sample?.title ?? t('ui.input'), act };
}

/** @param {State} state @param {State} previous */
function draw(state, previous) {
  const { view, data } = state;
  document.documentElement.dataset.embed = view.embed ? '1' : '0';
  if (applyProfile(view.profile)) colours = coloursOf();
  writeAddress(view, previous.view);
  const message = state.busy ? t('ui.loading') : state.problem;
  find('message').textContent = message;
  dialog.say(message);
  find('message').className = state.busy ? 'busy' : state.problem ? 'problem' : '';
  dialog.root.querySelector('.input-columns')?.classList.toggle('busy', state.busy);
  if (!data) return;
  const scene = sceneOf(data);
  drawCrumbs(find('crumbs'), scene, perform);
  drawStrip(find('strip'), scene);
  bar.draw(scene);
  player.run(view.play);
  say(captionOf(scene));
  drawScene(scene);
}

/** @param {Scene} scene */
function drawScene(scene) {
  const level = levelOf(scene.state);
  stage.dataset.level = level;
  network.root.hidden = network.readout.hidden = level !== 'network';
  scenes.hidden = level === 'network';
  if (level === 'network') { network.draw(scene); drawLegend(scene, null); return; }
  const record = /** @type {any} */ (scene.data.records.get(scene.state.node ?? ''));
  const index = level === 'number' ? indexOf(scene.state, record) : null;
  if (!scene.data.ready(record, index)) { load(scene.data, record, index); return; }
  const place = [level, record.name, scene.data.trace.id].join();
  if (level === 'layer') scenes.replaceChildren(...layerView(scene)); else scenes.replaceChildren(...numberView(scene));
  if (scenes.dataset.place !== place) scenes.scrollTop = 0;
  scenes.dataset.place = place;
  scenes.setAttribute('aria-label', t(`ui.${level}`));
  scenes.className = `scene ${level}${level === 'number' && wide(record.op) ? ' wide' : ''}`;
  scenes.querySelector('.on')?.scrollIntoView({ block: 'nearest' });
  drawLegend(scene, record);
  const result = scenes.querySelector('.num.result');
  if (level === 'number' && result && !result.closest('.later')) say(`${captionOf(scene)} ${t('ui.result')} ${result.textContent}`);
}

/** @param {Data} data @param {any} record @param {number[] | null} index */
async function load(data, record, index) {
  const late = setTimeout(() => { find('message').textContent = t('ui.loading_values'); }, 500);
  await data.ensure(record, index).then(() => store.set({}), (error) => store.set({ problem: sentence(error), view: { ...store.get().view, node: null, at: null } }));
  clearTimeout(late);
}

/** @param {Scene} scene @param {any} record */
function drawLegend({ data, state }, record) {
  const place = find('legend');
  const shown = record ?? (state.step === null ? null : data.nodes[state.step]);
  const values = shown && (data.values(shown.name) ?? data.pictures.get(shown.name));
  if (!shown || !values) { place.replaceChildren(legend(colours, 1, t('ui.legend_group'))); place.firstElementChild?.classList.add('relative'); return; }
  const { low, high } = spread(values);
  place.replaceChildren(legend(colours, boundOf(low, high), shown.name, low >= 0));
}

/** @param {string} text */
function say(text) {
  if (find('caption').textContent !== text) find('caption').textContent = text;
}

/** @param {string | null} profile @returns {boolean} whether the colours changed */
function applyProfile(profile) {
  const wanted = profile ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const select = /** @type {HTMLSelectElement} */ (find('profile'));
  select.value = profile ?? '';
  if (document.documentElement.dataset.profile === wanted) return false;
  document.documentElement.dataset.profile = wanted;
  return true;
}

/** A new place is a new entry of the history; a step or a move replaces it. @param {ViewState} view @param {ViewState} before */
function writeAddress(view, before) {
  const address = `${location.pathname}?${toQuery(view)}`.replace(/\?$/, '');
  if (address === location.pathname + location.search) return;
  const moved = levelOf(view) !== levelOf(before) || (view.node !== before.node) || (view.input !== before.input && before.input !== null);
  history[moved ? 'pushState' : 'replaceState'](null, '', address);
}

// What people do

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (dialog.root.open || (keys.open && event.key !== '?')) return;
  const typing = target.closest('select, input, textarea');
  const pressing = (event.key === 'Enter' || event.key === ' ') && target.closest('button, a, summary');
  const action = actionOf(event.key, event.shiftKey);
  if (!action || pressing || (typing && event.key !== 'Escape')) return;
  event.preventDefault();
  perform(action);
});

for (const button of document.querySelectorAll('[data-action]')) {
  button.addEventListener('click', () => (button.getAttribute('data-action') === 'input' ? openDialog() : perform(/** @type {string} */ (button.getAttribute('data-action')))));
}
find('profile').addEventListener('change', (event) => {
  const { value } = /** @type {HTMLSelectElement} */ (event.target);
  change((view) => ({ ...view, profile: value || null }));
  /** @type {HTMLElement} */ (event.target).blur();
});
addEventListener('popstate', () => {
  const view = fromQuery(location.search), { data, view: now } = store.get();
  if (view.input !== now.input) { location.reload(); return; }
  if (data) store.set({ view: legal(view, data.records) });
});
addEventListener('resize', () => store.set({}));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => store.set({}));

// Keys keep working after a click anywhere: a button that was clicked by pointer hands the focus back.
document.addEventListener('click', (event) => {
  const pressed = /** @type {HTMLElement | null} */ (document.activeElement);
  if (event.detail > 0 && pressed?.matches('button, summary, input[type=range]') && !pressed.closest('dialog')) pressed.blur();
}, true);

document.addEventListener('paste', (event) => {
  const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
  if (file) useImage(file);
});
for (const kind of ['dragover', 'drop', 'dragleave']) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.toggle('dropping', kind === 'dragover');
    const file = kind === 'drop' ? /** @type {DragEvent} */ (event).dataTransfer?.files[0] : null;
    if (file) useImage(file);
  });
}

store.subscribe(draw);
begin();
document.fonts?.ready.then(() => store.set({}));
