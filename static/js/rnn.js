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
import { createPlayer } from './player.js';
import { sentence } from './problems.js';
import { profileSwitch } from './profiles.js';
import { createSequenceData } from './sequence-data.js';
import { numbersOf, numberScene } from './sequence-numbers.js';
import { createExtras } from './sequence-extras.js';
import { knownRun, loadRun } from './sequence-run.js';
import { ofAddress, ofPicture, ofText, ofValues } from './sequence-inputs.js';
import { range } from './core/tensor.js';
import { keysDialog, playerBar } from './view/chrome.js';
import { cellView, gateOperand, gateView } from './view/cell/index.js';
import { boundOf, coloursOf } from './view/colors.js';
import { keepFocus } from './view/focus.js';
import { keepInSight } from './view/in-sight.js';
import { layerView } from './view/layer.js';
import { legend } from './view/legend.js';
import { matrixLayer } from './view/matrix-layer.js';
import { numberView, wide } from './view/number.js';
import { compareView } from './view/sequence/compare.js';
import { inputBar } from './view/sequence/input.js';
import { freeRunView, readView, writeView } from './view/sequence/more.js';
import { networkView } from './view/sequence/network.js';
import { crumbs, tabs } from './view/sequence/places.js';
import { whatIfView } from './view/sequence/what-if.js';

const read = (/** @type {string} */ id) => JSON.parse(document.getElementById(id)?.textContent || 'null');
const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

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
  fullscreen: () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => {}),
  language: () => {
    const lang = document.documentElement.lang.startsWith('zh') ? 'en' : 'zh';
    location.replace(`${location.pathname}?${toQuery({ ...store.get().view, lang, play: false })}`);
  },
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

const stage = find('stage');
const scenes = find('scene');
const network = networkView(acts);
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
stage.prepend(network.root);
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
  writeAddress(view, previous.view);
  find('message').textContent = state.busy ? t('ui.loading') : state.problem;
  find('message').className = state.busy ? 'busy' : state.problem ? 'problem' : '';
  if (!data) return;
  const scene = sceneOf(data);
  input.draw(scene);
  drawPlaces(scene);
  drawBar(scene);
  player.run(view.play);
  stage.ariaBusy = 'true'; // until drawn, what stands there may be of an earlier input
  if (!scene.gates) {
    later(`gates ${data.trace.id} ${scene.part.node}`, () => data.loadGates(scene.part.node));
    return;
  }
  say(captionOf(scene));
  drawScene(scene, previous);
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

/** @param {SequenceScene} scene @param {State} previous */
function drawScene(scene, previous) {
  const { state, data, part } = scene;
  const over = state.view === 'network';
  if (state.view === 'layer' || state.view === 'number') {
    drawNumber(scene, previous.view);
    return;
  }
  if (['cell', 'gate'].includes(state.view) && !scene.run) {
    later(`run ${data.trace.id} ${part.node}`, () => loadRun(data, part.node, model));
    return;
  }
  show(state.view);
  drawLegends(scene);
  if (over) {
    network.draw(scene);
    keepInSight(scenes, 'network', false);
    if (previous.data !== data) performance.mark('overview-drawn', { detail: data.trace.id });
    return;
  }
  const made = VIEWS[state.view](scene);
  if (
    scenes.dataset.view === 'write' &&
    state.view === 'write' &&
    scenes.contains(document.activeElement) &&
    document.activeElement?.matches('textarea, input')
  ) {
    scenes.querySelector('.written')?.replaceWith(made[1]);
    return;
  }
  if (scenes.dataset.view === 'whatif' && state.view === 'whatif' && document.activeElement?.matches('textarea')) {
    scenes.querySelector('.both-runs')?.replaceWith(made[1]);
    return;
  }
  keepFocus(scenes, () => scenes.replaceChildren(...made.filter(Boolean)));
  scenes.className = `scene seq-${state.view}`;
  scenes.dataset.view = state.view;
  scenes.setAttribute('aria-label', t(`seq.tab_${state.view}`));
  keepInSight(scenes, [state.view, part.node, data.trace.id].join(), stepped(state, previous.view));
}

/** What was asked for is here: its place in the page. @param {string} view */
function show(view) {
  stage.ariaBusy = 'false';
  stage.dataset.level = view;
  network.root.hidden = view !== 'network';
  scenes.hidden = view === 'network';
}

/** Whether the player took a step. @param {SequenceState} now @param {SequenceState} before */
const stepped = (now, before) => now.step !== null && now.step !== before.step;

/**
 * A layer's numbers, or one of them with its arithmetic, as in the explorer of pictures.
 * @param {SequenceScene} scene
 * @param {SequenceState} before
 */
function drawNumber(scene, before) {
  const { state, data } = scene;
  const numbers = numbersOf(data, model);
  const { record, index } = numbers.at(state);
  const level = state.view;
  if (!numbers.ready(record, level === 'number' ? index : null)) {
    later(`number ${data.trace.id} ${record.name} ${level === 'number' ? index : ''}`, () =>
      numbers.load(record, level === 'number' ? index : null),
    );
    return;
  }
  show(level);
  const about = { colours, model, formulas: page.formulas, steps: scene.steps, act: inside };
  const drawn = numberScene(state, numbers, about);
  keepFocus(scenes, () => scenes.replaceChildren(...(level === 'number' ? numberView(drawn) : layerOf(drawn, record, index))));
  scenes.className = `scene ${level}${level === 'number' && wide(record.op) ? ' wide' : ''}`;
  scenes.dataset.view = level;
  scenes.setAttribute('aria-label', t(`ui.${level}`));
  keepInSight(scenes, [level, record.name, data.trace.id].join(), stepped(state, before));
  legended = [];
  find('legend').replaceChildren(
    legend(
      colours,
      boundOf(...range(/** @type {import('./core/types.js').Tensor} */ (numbers.exact.values(record.name)).data)),
      record.name,
    ),
  );
}

/**
 * @param {import('./view/scene.js').Scene} drawn
 * @param {import('./core/types.js').NodeRecord} record
 * @param {number[]} index
 */
function layerOf(drawn, record, index) {
  if (record.op === 'input' && index.length === 1) return numberView({ ...drawn, state: { ...drawn.state, at: index } }); // the text itself
  return index.length === 2 ? matrixLayer(drawn, index) : layerView(drawn);
}

/** @type {any[]} */
let legended = [];

/** Each state's own range; reading a unit colours the memory alone. @param {SequenceScene} scene */
function drawLegends({ gates, state }) {
  const now = [state.view === 'read' && gates?.c ? null : gates?.h, gates?.c, colours];
  const place = find('legend');
  if (place.firstChild && now.every((each, i) => each === legended[i])) return;
  legended = now;
  place.replaceChildren(
    ...['h', 'c'].flatMap((name, i) =>
      now[i]
        ? [
            legend(
              colours,
              boundOf(...range(/** @type {import('./core/types.js').Tensor} */ (now[i]).data)),
              t(`seq.state_${name}`),
            ),
          ]
        : [],
    ),
  );
}

/** @type {Record<string, (scene: SequenceScene) => HTMLElement[]>} */
const VIEWS = {
  cell: (scene) => cellView(/** @type {any} */ (scene)),
  gate: (scene) => gateView(/** @type {any} */ (scene)),
  compare: (scene) => compareView(scene, extras.compared(scene), extras.failed),
  read: (scene) => readView(scene, extras.correlations(scene)),
  whatif: (scene) => whatIfView(scene, extras.wish(scene), extras.other(scene), extras.whatIf),
  write: (scene) =>
    model.task === 'forecast'
      ? freeRunView(scene, extras.horizon, extras.ahead(scene), extras.free)
      : writeView(scene, extras.writing(scene), extras.written, extras.write),
};

/** @param {SequenceScene} scene */
function captionOf({ state, data, steps, part, t: at }) {
  const step = state.step === null ? null : steps[state.step];
  if (!step && (state.view === 'number' || state.view === 'layer'))
    return opText(numbersOf(data, model).at(state).record.op, 'line');
  return step ? t(`steps.${step.key}`, step.values) : t('seq.caption', { t: at + 1, count: part.steps, unit: state.unit });
}

/** @param {string} text */
function say(text) {
  if (find('caption').textContent !== text) find('caption').textContent = text;
}

/**
 * A new view or input is a new entry of the history; a step replaces it.
 * @param {SequenceState} view
 * @param {SequenceState} before
 */
function writeAddress(view, before) {
  const address = `${location.pathname}?${toQuery({ ...view, play: false })}`.replace(/\?$/, '');
  if (address === location.pathname + location.search) return;
  history[
    view.view !== before.view ||
    view.trail.length !== before.trail.length ||
    (view.input !== before.input && before.input !== null)
      ? 'pushState'
      : 'replaceState'
  ](null, '', address);
}

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
