/** The explorer of one network: puts store, address, player, data and views together. */
/** @import { ViewState } from './core/types.js' */
/** @import { Data } from './data.js' */
/** @import { Scene } from './view/scene.js' */
import { ACTIONS, beyond, enter, openLayer, openNumber } from './core/navigate.js';
import { stepsOf } from './core/steps.js';
import { createStore } from './core/store.js';
import { fromQuery, indexOf, legal, levelOf, toQuery } from './core/viewstate.js';
import { explainedBy, nextBack } from './core/walk.js';
import { createData } from './data.js';
import { deck } from './embed.js';
import { t, useCatalogue } from './i18n.js';
import { createInputs, traceName } from './inputs.js';
import { listen } from './listen.js';
import { createStage } from './network-stage.js';
import { createTour } from './network-tour.js';
import { find, fullscreen, otherLanguage, read, say, tell, writeAddress } from './page.js';
import { createPlayer } from './player.js';
import { sentence } from './problems.js';
import { profileSwitch } from './profiles.js';
import { captionOf, drawCrumbs, drawStrip, followPlace, keysDialog, playerBar } from './view/chrome.js';
import { coloursOf } from './view/colors.js';
import { inputDialog } from './view/input.js';

const page = read('page');
useCatalogue(page.texts);

/** @typedef {{view: ViewState, data: Data | null, busy: boolean, problem: string, tour: import('./network-tour.js').Stop}} State */
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
  fullscreen,
  language: () => otherLanguage((lang) => toQuery({ ...store.get().view, lang, play: false })),
  keys: () => (keys.open ? keys.close() : keys.showModal()),
  toNetwork: () => change((view, data) => ACTIONS.leave({ ...view, at: null }, data)),
  toLayer: () => change((view) => ({ ...view, at: null, step: null })),
};

/** @param {string} action @returns {boolean} whether it did anything */
function perform(action) {
  if (tour.takes(action)) return true;
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

const stage = createStage({
  open: act.openLayer,
  input: () => openDialog(),
  scale: (scale) => change((view) => ({ ...view, scale: /** @type {any} */ (scale) })),
  scene: () => {
    const { data } = store.get();
    return data && sceneOf(data);
  },
  load,
  redraw: () => store.set({}),
});
const dialog = inputDialog(
  { samples: page.samples, drawing: page.model.preparation === 'drawing', classes: page.model.classes },
  { sample: useSample, image: useImage, problem: (code) => store.set({ problem: t(`problems.${code}`) }) },
);
const keys = keysDialog(() => tour.start());
const tour = createTour(page.tour, {
  get: store.get,
  set: store.set,
  clear: () => keys.close(),
  aside: (action) => action in PAGE,
});
const bar = playerBar(
  perform,
  (step) => change((view) => ({ ...view, step, play: false })),
  (factor) => player.speed(factor),
);
const player = createPlayer(() => change((view, data) => ACTIONS.next(view, data)));
find('player').append(bar.root);
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
  writeAddress(toQuery(view), isElsewhere(view, previous.view));
  const message = state.busy ? t('ui.loading') : state.problem;
  tell(message, state.busy);
  dialog.say(message, state.busy);
  if (!data) return;
  const scene = sceneOf(data);
  drawCrumbs(find('crumbs'), scene, perform);
  drawStrip(find('strip'), scene);
  bar.draw(scene);
  player.run(view.play);
  say(captionOf(scene));
  stage.draw(scene, previous.view);
  followPlace(find('crumbs'), find('strip'));
  outside.report(view, levelOf(view), scene.steps.length);
  tour.draw(state.tour);
}

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

/** Whether a view is another place, or the same one a step on. @param {ViewState} view @param {ViewState} before */
const isElsewhere = (view, before) =>
  levelOf(view) !== levelOf(before) || view.node !== before.node || (view.input !== before.input && before.input !== null);

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
begin().then(() => tour.offer(untoured));
document.fonts?.ready.then(() => store.set({}));
