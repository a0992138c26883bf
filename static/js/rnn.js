/** The explorer of one sequence network: puts store, address, player, data and views together. */
/** @import { SequenceState } from './core/sequence/state.js' */
/** @import { SequenceData } from './sequence-data.js' */
/** @import { SequenceScene } from './view/sequence/scene.js' */
import { CELLS } from './core/recurrent/cells.js';
import { cellSteps, gateSteps } from './core/recurrent/steps.js';
import { actInside, backTo, here, out, visit, walk } from './core/sequence/places.js';
import { act, fromQuery, goTo, legal, sectionOf, timeOf, toQuery } from './core/sequence/state.js';
import { createStore } from './core/store.js';
import { opText, t, useCatalogue } from './i18n.js';
import { createLater } from './later.js';
import { listen } from './listen.js';
import { find, fullscreen, otherLanguage, read, say, tell, writeAddress } from './page.js';
import { createPlayer } from './player.js';
import { sentence } from './problems.js';
import { profileSwitch } from './profiles.js';
import { createSequenceData } from './sequence-data.js';
import { numbersOf } from './sequence-numbers.js';
import { createExtras } from './sequence-extras.js';
import { knownRun } from './sequence-run.js';
import { createStage } from './sequence-stage.js';
import { ofAddress, ofPicture, ofText, ofValues } from './sequence-inputs.js';
import { keysDialog, playerBar } from './view/chrome.js';
import { gateOperand } from './view/cell/index.js';
import { coloursOf } from './view/colors.js';
import { inputBar } from './view/sequence/input.js';
import { crumbs, tabs } from './view/sequence/places.js';

const page = read('page');
useCatalogue(page.texts);
const { model } = page;

/** @typedef {{view: SequenceState, data: SequenceData | null, busy: boolean, problem: string}} State */
/** @type {{get: () => State, set: (changes: Partial<State>) => void, subscribe: (listener: (next: State, previous: State) => void) => () => void}} */
const store = /** @type {any} */ (createStore)({ view: fromQuery(location.search), data: null, busy: false, problem: '' });
let colours = coloursOf();

/** What the player steps through here; an empty list: time itself. @param {SequenceState} view @param {SequenceData} data */
function stepsOf(view, data) {
  if (view.view === 'number') return numbersOf(data, model).steps(view);
  const { cell } = sectionOf(view, data.parts);
  return view.view === 'cell' ? cellSteps(cell) : view.view === 'gate' ? gateSteps(cell, view.gate ?? CELLS[cell].told[0]) : [];
}

// What may be asked for

/** @param {(view: SequenceState, data: SequenceData) => SequenceState} change */
function change(change) {
  const { view, data } = store.get();
  if (data) store.set({ view: legal(change(view, data), data.parts), problem: '' });
}

const acts = {
  go: (/** @type {Partial<SequenceState>} */ wanted) => change((view) => ({ ...view, ...wanted })),
  perform: (/** @type {string} */ action) => {
    perform(action);
  },
  /**
   * To a number, or to the cell that made it; from a number or a cell as a step of the way back.
   * @param {import('./core/types.js').Source} source
   */
  walk: (source) => change((view, data) => walk(view, source, numbersOf(data, model).network)),
  /** The same with nothing behind one. @param {import('./core/types.js').Source} source */
  visit: (source) => change((view, data) => visit({ ...view, trail: [] }, source, numbersOf(data, model).network)),
  back: (/** @type {number} */ place) => change((view, data) => backTo(view, place, numbersOf(data, model).network)),
};

/** What views of numbers may ask for: another number of the same node, or an operand, which is a step back. */
const inside = {
  openNumber: (/** @type {string} */ node, /** @type {number[]} */ index) =>
    change((view, data) => {
      const { network } = numbersOf(data, model);
      const source = { node, index };
      return here(view, network)?.node === node || view.view === 'layer'
        ? visit(view, source, network)
        : walk(view, source, network);
    }),
  openLayer: (/** @type {string} */ of, /** @type {number} */ unit) =>
    change((view) => ({
      ...view,
      view: 'layer',
      of,
      at: null,
      trail: [],
      step: null,
      play: false,
      ...(unit ? { at: [unit, 0, 0] } : {}),
    })),
  choose: (/** @type {number} */ unit) => change((view) => ({ ...view, at: [unit, ...(view.at ?? [0, 0, 0]).slice(1)] })),
  enter: () => {
    perform('enter');
  },
  look: (/** @type {number | null} */ channel) => acts.go({ channel, step: null, play: false }),
};

/** @type {Record<string, () => void>} */
const PAGE = {
  fullscreen,
  language: () => otherLanguage((lang) => toQuery({ ...store.get().view, lang, play: false })),
  keys: () => (keys.open ? keys.close() : keys.showModal()),
  fold: () => change((view) => ({ ...view, fold: !view.fold })),
};

/** @param {string} action @returns {boolean} */
function perform(action) {
  if (PAGE[action]) {
    PAGE[action]();
    return true;
  }
  change((view, data) => performed(action, view, data));
  return true;
}

/** @param {string} action @param {SequenceState} view @param {SequenceData} data @returns {SequenceState} */
function performed(action, view, data) {
  const inNumber = view.view === 'number' || view.view === 'layer';
  const numbers = inNumber || view.trail.length ? numbersOf(data, model) : null;
  if (action === 'enter' && (view.view === 'number' || view.view === 'gate')) {
    const next = view.view === 'number' ? numbersOf(data, model).next(view) : gateOperand(/** @type {any} */ (sceneOf(data)));
    return next ? walk(view, next, numbersOf(data, model).network) : view;
  }
  if (numbers && action === 'leave' && view.view !== 'gate') return out(view, numbers.network);
  if (numbers && inNumber && !['play', 'projector'].includes(action))
    return actInside(action, view, numbers.network, stepsOf(view, data).length);
  return act(action, view, data.parts, stepsOf(view, data).length);
}

let again = () => Promise.resolve(); // the same input once more

/**
 * @param {() => Promise<any>} run   makes a trace
 * @param {string | null} name   what the address calls its input; null: as it is
 */
async function take(run, name) {
  const late = setTimeout(() => store.set({ busy: true }), 300);
  try {
    const data = createSequenceData(await run());
    const { view } = store.get();
    again = run;
    clearTimeout(late);
    const kept = name === null ? view : { ...view, input: name, t: null, step: null, play: false };
    store.set({ busy: false, problem: '', data, view: legal(kept, data.parts) });
  } catch (error) {
    clearTimeout(late);
    store.set({ busy: false, problem: sentence(error) });
  }
}

const failed = (/** @type {unknown} */ error) => store.set({ problem: sentence(error) });
const later = createLater({ redraw: (recovered) => store.set(recovered ? { problem: '' } : {}), renew: () => again(), failed });
const extras = createExtras(page, later, () => store.set({}), failed);

// Drawing

const stage = createStage(page, acts, inside, later, extras);
const bar = playerBar(
  acts.perform,
  (step) =>
    change((view, data) =>
      stepsOf(view, data).length ? { ...view, step, play: false } : { ...goTo(view, data.parts, step), play: false },
    ),
  (factor) => player.speed(factor),
);
const player = createPlayer(() => perform('next'));
const keys = keysDialog(null);
const profiles = profileSwitch((profile) => acts.go({ profile }));
const input = inputBar(page, {
  text: (text) => take(() => ofText(model.id, text), `text:${text}`),
  values: (text) => take(() => ofValues(model.id, text), `values:${text}`),
  sample: (id, language) => take(() => ofAddress(model.id, `sample:${id}`, language), `sample:${id}`),
  picture: (blob, language) => take(() => ofPicture(model.id, blob, language), null),
});
find('player').append(bar.root);
find('input').append(input.root);
document.body.append(keys);

/** @param {SequenceData} data @returns {SequenceScene} */
function sceneOf(data) {
  const { view } = store.get();
  const part = /** @type {any} */ (sectionOf(view, data.parts));
  const at = timeOf(view, data.parts);
  return {
    state: view,
    data,
    part,
    t: at,
    gates: data.gates(part.node),
    run: knownRun(data, part.node),
    colours,
    model,
    formulas: page.formulas,
    steps: stepsOf(view, data),
    act: acts,
  };
}

/** @param {State} state @param {State} previous */
function draw(state, previous) {
  const { view, data } = state;
  document.documentElement.dataset.embed = view.embed ? '1' : '0';
  if (profiles.apply(view.profile)) colours = coloursOf();
  writeAddress(toQuery({ ...view, play: false }), isElsewhere(view, previous.view));
  tell(state.busy ? t('ui.loading') : state.problem, state.busy);
  if (!data) return;
  const scene = sceneOf(data);
  input.draw(scene);
  drawPlaces(scene);
  drawBar(scene);
  player.run(view.play);
  stage.root.ariaBusy = 'true'; // until drawn, what stands there may be of an earlier input
  if (!scene.gates) {
    later(`gates ${data.trace.id} ${scene.part.node}`, () => data.loadGates(scene.part.node));
    return;
  }
  say(captionOf(scene));
  stage.draw(scene, previous);
}

/** @type {any[]} */
let placed = [];

/**
 * Where one is and can go; over the whole network that is the same at every step, and scrubbing leaves it alone.
 * @param {SequenceScene} scene
 */
function drawPlaces(scene) {
  const { state, data, part } = scene;
  const now = state.view === 'network' ? [data, part, state.gate] : [{}];
  if (now.length === placed.length && now.every((each, i) => each === placed[i])) return;
  placed = now;
  crumbs(find('crumbs'), scene);
  tabs(find('strip'), scene, page);
}

/** @param {SequenceScene} scene */
function drawBar(scene) {
  const { state, part, t: at, steps } = scene;
  const inside = steps.length
    ? scene
    : {
        state: { ...state, step: at },
        steps: Array.from({ length: part.steps }, (_, i) => ({ id: String(i), key: '', values: {} })),
      };
  bar.draw(/** @type {any} */ (inside));
}

/** @param {SequenceScene} scene */
function captionOf({ state, data, steps, part, t: at }) {
  const step = state.step === null ? null : steps[state.step];
  if (!step && (state.view === 'number' || state.view === 'layer'))
    return opText(numbersOf(data, model).at(state).record.op, 'line');
  return step ? t(`steps.${step.key}`, step.values) : t('seq.caption', { t: at + 1, count: part.steps, unit: state.unit });
}

/** Whether a view is another place, or the same one a step on. @param {SequenceState} view @param {SequenceState} before */
const isElsewhere = (view, before) =>
  view.view !== before.view ||
  view.trail.length !== before.trail.length ||
  (view.input !== before.input && before.input !== null);

// What people do

listen({
  perform,
  image: (file) => {
    if (model.preparation) take(() => ofPicture(model.id, file, document.documentElement.lang.slice(0, 2)), null);
  },
  blocked: (key) => keys.open && key !== '?',
});
for (const button of document.querySelectorAll('[data-action]'))
  button.addEventListener('click', () => perform(/** @type {string} */ (button.getAttribute('data-action'))));
addEventListener('popstate', () => {
  const view = fromQuery(location.search);
  const { data, view: now } = store.get();
  if (view.input !== now.input) {
    location.reload();
    return;
  }
  if (data) store.set({ view: legal(view, data.parts) });
});
addEventListener('resize', () => store.set({}));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => store.set({}));

store.subscribe(draw);
const first = read('first-trace');
const wanted = store.get().view.input;
/** The trace that came with the page. */
async function takeFirst() {
  await take(() => Promise.resolve(first), null);
  again = () => ofAddress(model.id, `sample:${first.input.sample}`);
}
if (first && (wanted === null || wanted === `sample:${first.input.sample}`)) takeFirst();
else if (wanted !== null)
  take(() => ofAddress(model.id, wanted), wanted).then(() => {
    if (!store.get().data && first) {
      const { problem } = store.get();
      takeFirst().then(() => store.set({ problem }));
    }
  });
else input.wait();
document.fonts?.ready.then(() => store.set({}));
