/** The explorer of one network: puts store, address, player, data and views together. */
/** @import { ViewState } from './core/types.js' */
/** @import { Data } from './data.js' */
/** @import { Scene } from './view/scene.js' */
import { ACTIONS, beyond, enter, openLayer, openNumber } from './core/navigate.js';
import { spread } from './core/tensor.js';
import { stateOf } from './core/tour.js';
import { stepsOf } from './core/steps.js';
import { createStore } from './core/store.js';
import { fromQuery, indexOf, legal, levelOf, toQuery } from './core/viewstate.js';
import { explainedBy, nextBack } from './core/walk.js';
import { createData } from './data.js';
import { deck } from './embed.js';
import { t, useCatalogue } from './i18n.js';
import { createInputs, traceName } from './inputs.js';
import { listen } from './listen.js';
import { createPlayer } from './player.js';
import { sentence } from './problems.js';
import { profileSwitch } from './profiles.js';
import { captionOf, drawCrumbs, drawStrip, followPlace, keysDialog, playerBar } from './view/chrome.js';
import { boundOf, coloursOf } from './view/colors.js';
import { keepFocus } from './view/focus.js';
import { keepInSight } from './view/in-sight.js';
import { inputDialog } from './view/input.js';
import { layerView } from './view/layer.js';
import { legend, networkLegend } from './view/legend.js';
import { fly } from './view/motion.js';
import { networkView } from './view/network.js';
import { numberView, wide } from './view/number.js';
import { tourCard } from './view/tour.js';

const read = (/** @type {string} */ id) => JSON.parse(document.getElementById(id)?.textContent || 'null');
const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

const page = read('page');
useCatalogue(page.texts);

/** @typedef {{view: ViewState, data: Data | null, busy: boolean, problem: string, tour: number | 'invite' | null}} State */
/** @type {{get: () => State, set: (changes: Partial<State>) => void, subscribe: (listener: (next: State, previous: State) => void) => () => void}} */
const store = /** @type {any} */ (createStore)({
  view: fromQuery(location.search),
  data: null,
  busy: false,
  problem: '',
  tour: null,
});

const inputs = createInputs(page.model.id);
const untoured = new URLSearchParams(location.search).get('tour') === '0'; // tests and decks say so; it does not stay in the address
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
  openLayer: (/** @type {string} */ node, /** @type {number} */ unit) =>
    change((view, data) => openLayer(view, data, node, unit)),
  openNumber: (/** @type {string} */ node, /** @type {number[]} */ index) =>
    change((view, data) => openNumber(view, data, node, index)),
  choose: (/** @type {number} */ unit) => change((view, data) => legal({ ...view, unit }, data.records)),
  enter: () => change(enter),
  look: (/** @type {number | null} */ channel) => change((view) => ({ ...view, channel, step: null, play: false })),
};

/** Actions that are about the page rather than the view. @type {Record<string, () => void>} */
const PAGE = {
  fullscreen: () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => {}),
  language: () => changeLanguage(),
  keys: () => (keys.open ? keys.close() : keys.showModal()),
  toNetwork: () => change((view, data) => ACTIONS.leave({ ...view, at: null }, data)),
  toLayer: () => change((view) => ({ ...view, at: null, step: null })),
};

/** @param {string} action @returns {boolean} whether it did anything */
function perform(action) {
  if (onTour(action)) return true;
  if (PAGE[action]) {
    PAGE[action]();
    return true;
  }
  const { view, data } = store.get();
  if (data && action === 'enter' && levelOf(view) === 'number') return walkBack(view, data);
  if (!data || !ACTIONS[action] || (outside.framed && beyond(view, data, action))) return false;
  change(ACTIONS[action]);
  return toQuery(view) !== toQuery(store.get().view);
}

/**
 * From a number to the one that counts most among those it was made from.
 * @param {ViewState} view
 * @param {Data} data
 * @returns {boolean}
 */
function walkBack(view, data) {
  const record = /** @type {import('./core/types.js').NodeRecord} */ (data.records.get(view.node ?? ''));
  const index = indexOf(view, record);
  const source = data.ready(record, index) ? nextBack(record, explainedBy(data, record, index)) : null;
  if (source) act.openNumber(source.node, source.index);
  return source !== null;
}

function changeLanguage() {
  const lang = document.documentElement.lang.startsWith('zh') ? 'en' : 'zh';
  location.replace(`${location.pathname}?${toQuery({ ...store.get().view, lang, play: false })}`);
}

// The tour

/** @param {number} at */
function goTour(at) {
  keys.close();
  const { data, view } = store.get();
  if (data) store.set({ tour: at, view: stateOf(page.tour[at], view, data.nodes) });
}

function endTour() {
  try {
    localStorage.setItem('unrolled-tour', 'seen');
  } catch {
    /* then it is offered again */
  }
  store.set({ tour: null });
}

/** While the tour is on, the clicker walks the tour. @param {string} action @returns {boolean} whether that was all */
function onTour(action) {
  const { tour } = store.get();
  if (tour === null) return false;
  if (tour === 'invite') {
    if (!PAGE[action]) store.set({ tour: null });
    return false;
  }
  const to = { next: tour + 1, back: tour - 1 }[action];
  if (to === undefined && action !== 'leave') return false;
  if (to !== undefined && page.tour[to]) goTour(to);
  else if (to !== -1) endTour();
  return true;
}

/** Offered once, on a plain visit: not to an address that someone sent, nor inside a deck. */
function offerTour() {
  const { view } = store.get();
  let seen = untoured || view.embed || view.node !== null || view.step !== null;
  try {
    seen ||= localStorage.getItem('unrolled-tour') !== null;
  } catch {
    seen = true;
  }
  if (!seen) store.set({ tour: 'invite' });
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

/** @param {Blob} image */
async function useImage(image) {
  if (await take(inputs.ofImage(image), traceName)) dialog.draw(store.get().data?.trace);
}

/** @param {string} sample */
async function useSample(sample) {
  if (await take(inputs.ofSample(sample), traceName)) dialog.close();
}

/** What the address asks for: a trace, a sample, or what the page brought with it. */
async function begin() {
  const [kind, id] = (store.get().view.input ?? '').split(':');
  const first = read('first-trace');
  if (kind === 'trace' && first?.id !== id) {
    if (await take(inputs.ofTrace(id), traceName)) return;
    const { problem } = store.get();
    if (first)
      store.set({
        data: createData(first),
        problem,
        view: legal({ ...store.get().view, input: null }, createData(first).records),
      });
    return;
  }
  if (!first) {
    await useSample(kind === 'sample' ? id : page.samples[0]?.id);
    return;
  }
  const data = createData(first);
  const gone = kind === 'sample' && first.input.sample !== id;
  store.set({
    data,
    view: legal(gone ? { ...store.get().view, input: null } : store.get().view, data.records),
    problem: gone ? t('ui.sample_gone') : '',
  });
}

// Drawing

const network = networkView({ open: act.openLayer, look: (target) => look(target), input: () => openDialog() });
const dialog = inputDialog(
  { samples: page.samples, drawing: page.model.preparation === 'drawing', classes: page.model.classes },
  { sample: useSample, image: useImage, problem: (code) => store.set({ problem: t(`problems.${code}`) }) },
);
const keys = keysDialog(() => goTour(0));
const tour = tourCard(page.tour, { go: goTour, end: endTour });
const scale = networkLegend((value) => change((view) => ({ ...view, scale: /** @type {any} */ (value) })));
const bar = playerBar(
  perform,
  (step) => change((view) => ({ ...view, step, play: false })),
  (factor) => player.speed(factor),
);
const player = createPlayer(() => change((view, data) => ACTIONS.next(view, data)));
find('player').append(bar.root);
find('words').append(network.readout);
stage.prepend(network.root);
document.body.append(dialog.root, keys, ...tour.parts);
const profiles = profileSwitch((profile) => change((view) => ({ ...view, profile })));
const outside = deck({
  act: perform,
  go: (query) =>
    change((view, data) =>
      legal({ ...fromQuery(query), input: view.input, lang: view.lang, profile: view.profile, embed: true }, data.records),
    ),
});

function openDialog() {
  dialog.draw(store.get().data?.trace);
  dialog.open();
}

/** @param {Data} data @returns {Scene} */
function sceneOf(data) {
  const { view } = store.get();
  const sample = page.samples.find((/** @type {any} */ entry) => entry.id === data.trace.input.sample);
  return {
    state: view,
    data,
    colours,
    model: page.model,
    formulas: page.formulas,
    steps: stepsOf(view, data.nodes, data.records),
    title: sample?.title ?? t('ui.input'),
    act,
  };
}

/** @param {State} state @param {State} previous */
function draw(state, previous) {
  const { view, data } = state;
  document.documentElement.dataset.embed = view.embed ? '1' : '0';
  if (profiles.apply(view.profile)) colours = coloursOf();
  writeAddress(view, previous.view);
  const message = state.busy ? t('ui.loading') : state.problem;
  find('message').textContent = message;
  dialog.say(message, state.busy);
  find('message').className = state.busy ? 'busy' : state.problem ? 'problem' : '';
  if (!data) return;
  const scene = sceneOf(data);
  drawCrumbs(find('crumbs'), scene, perform);
  drawStrip(find('strip'), scene);
  bar.draw(scene);
  player.run(view.play);
  say(captionOf(scene));
  drawScene(scene, previous.view);
  followPlace(find('crumbs'), find('strip'));
  outside.report(view, levelOf(view), scene.steps.length);
  tour.draw(state.tour);
}

/** @param {Scene} scene @param {ViewState} before */
function drawScene(scene, before) {
  const { state, data } = scene;
  const level = levelOf(state);
  const from = levelOf(before) === level ? null : placeOf(before, state);
  if (level === 'network') {
    showNetwork(scene, from);
    return;
  }
  const record = /** @type {any} */ (data.records.get(state.node ?? ''));
  const index = level === 'number' ? indexOf(state, record) : null;
  if (!data.ready(record, index)) {
    departed = from ?? departed;
    load(data, record, index);
    return;
  }
  show(level);
  const place = [level, record.name, data.trace.id].join();
  const onward = state.step === (before.step ?? -1) + 1; // a step back shows what was there before, without motion
  scenes.className = `scene ${level}${level === 'number' && wide(record.op) ? ' wide' : ''}${onward ? ' onward' : ''}`;
  scenes.setAttribute('aria-label', t(`ui.${level}`));
  keepFocus(scenes, () => scenes.replaceChildren(...(level === 'layer' ? layerView(scene) : numberView(scene))));
  drawLegend(scene, record);
  const result = scenes.querySelector('.num.result');
  if (level === 'number' && result && !result.closest('.later'))
    say(`${captionOf(scene)} ${t('ui.result')} ${result.textContent}`);
  if (keepInSight(scenes, place, state.step !== null && state.step !== before.step))
    performance.mark(level === 'number' ? 'card-open' : 'layer-open');
  if (level === 'layer') arrive(from ?? departed);
  departed = null;
}

/** @param {import('./core/types.js').Level} level */
function show(level) {
  stage.dataset.level = level;
  network.root.hidden = network.readout.hidden = level !== 'network';
  scenes.hidden = level === 'network';
}

/** @param {Scene} scene @param {DOMRect | null} from */
function showNetwork(scene, from) {
  const picture = from && scenes.querySelector('.total-map .heatmap canvas');
  show('network');
  network.draw(scene);
  drawLegend(scene, null);
  if (network.pointed) look(network.pointed);
  const to = from && network.pointed && network.rectOf(network.pointed.name, network.pointed.unit);
  if (picture && to) fly(/** @type {HTMLCanvasElement} */ (picture), from, to, [network.root]);
  const drawn = [scene.data.trace.id, scene.state.scale].join();
  if (stage.dataset.drawn !== drawn) performance.mark('overview-drawn', { detail: scene.data.trace.id });
  stage.dataset.drawn = drawn;
}

// A map keeps its identity between the overview and its layer: it travels while the rest fades in.

/** @type {DOMRect | null} where the unit was, while the layer's numbers are still on their way */
let departed = null;

/**
 * Where the unit is just now, before the change is drawn.
 * @param {ViewState} before
 * @param {ViewState} now
 * @returns {DOMRect | null}
 */
function placeOf(before, now) {
  if (levelOf(before) === 'network' && levelOf(now) === 'layer')
    return network.rectOf(/** @type {string} */ (now.node), now.unit);
  if (levelOf(before) === 'layer' && levelOf(now) === 'network')
    return scenes.querySelector('.total-map .heatmap')?.getBoundingClientRect() ?? null;
  return null;
}

/** @param {DOMRect | null} from */
function arrive(from) {
  const map = scenes.querySelector('.total-map .heatmap');
  const picture = map?.querySelector('canvas');
  if (from && map && picture) fly(picture, from, map.getBoundingClientRect(), [...scenes.children]);
}

/**
 * The exact numbers of what is pointed at, once the pointer rests there.
 * @param {{name: string, unit: number} | null} target
 */
function look(target) {
  clearTimeout(resting);
  const { data, view } = store.get();
  const record = target && data?.records.get(target.name);
  if (!data || levelOf(view) !== 'network') return;
  scale.draw(sceneOf(data), network.pointed);
  if (record && !data.values(record.name))
    resting = setTimeout(
      () =>
        data.load(record).then(
          () => store.set({}),
          () => {},
        ),
      150,
    );
}
let resting = 0;

/** @param {Data} data @param {any} record @param {number[] | null} index */
async function load(data, record, index) {
  const late = setTimeout(() => {
    find('message').textContent = t('ui.loading_values');
  }, 500);
  try {
    await data
      .ensure(record, index)
      .catch((error) =>
        error.code === 'trace-expired'
          ? inputs.again(data.trace).then(() => data.ensure(record, index))
          : Promise.reject(error),
      );
    store.set({});
  } catch (error) {
    store.set({ problem: sentence(error), view: { ...store.get().view, node: null, at: null } });
  }
  clearTimeout(late);
}

/** @param {Scene} scene @param {any} record   null: the whole network */
function drawLegend(scene, record) {
  const values = record && scene.data.values(record.name);
  if (!record) {
    if (!scale.root.isConnected) find('legend').replaceChildren(scale.root);
    scale.draw(scene, network.pointed);
    return;
  }
  const { low, high } = spread(/** @type {any} */ (values));
  find('legend').replaceChildren(legend(colours, boundOf(low, high), record.name, low >= 0));
}

/** @param {string} text */
function say(text) {
  if (find('caption').textContent !== text) find('caption').textContent = text;
}

/**
 * A new place is a new entry of the history; a step or a move replaces it.
 * @param {ViewState} view
 * @param {ViewState} before
 */
function writeAddress(view, before) {
  const address = `${location.pathname}?${toQuery(view)}`.replace(/\?$/, '');
  if (address === location.pathname + location.search) return;
  const moved =
    levelOf(view) !== levelOf(before) || view.node !== before.node || (view.input !== before.input && before.input !== null);
  history[moved ? 'pushState' : 'replaceState'](null, '', address);
}

// What people do

listen({ perform, image: useImage, blocked: (key) => dialog.root.open || (keys.open && key !== '?'), unused: outside.key });

for (const button of document.querySelectorAll('[data-action]')) {
  button.addEventListener('click', () =>
    button.getAttribute('data-action') === 'input'
      ? openDialog()
      : perform(/** @type {string} */ (button.getAttribute('data-action'))),
  );
}
addEventListener('popstate', () => {
  const view = fromQuery(location.search);
  const { data, view: now } = store.get();
  if (view.input !== now.input) {
    location.reload();
    return;
  }
  if (data) store.set({ view: legal(view, data.records) });
});
addEventListener('resize', () => store.set({}));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => store.set({}));

store.subscribe(draw);
begin().then(offerTour);
document.fonts?.ready.then(() => store.set({}));
