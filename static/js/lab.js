/** A lab: one operation on numbers that one can change. Puts store, address, player, engine and views together. */
/** @import { Lab, LabScene, LabState, Plane, Spot, Values } from './core/lab/types.js' */
/** @import { Preset } from './core/lab/state.js' */
import { operate } from './api.js';
import { changed, MOST } from './core/lab/grids.js';
import { given, pasted, placeOf } from './core/lab/planes.js';
import { fromQuery, presetValues, toQuery } from './core/lab/state.js';
import { createStore } from './core/store.js';
import { has, t, useCatalogue } from './i18n.js';
import { listen } from './listen.js';
import { createPlayer, drawn } from './player.js';
import { profileSwitch } from './profiles.js';
import { keysDialog, playerBar } from './view/chrome.js';
import { coloursOf } from './view/colors.js';
import { keepFocus } from './view/focus.js';
import { patch } from './view/patch.js';
import { h } from './view/dom.js';
import { labControls } from './view/lab/controls.js';
import { cellEditor } from './view/lab/editor.js';
import { labFigure } from './view/lab/figure.js';
import { gridDialog } from './view/lab/grid-dialog.js';
import { saver } from './view/lab/saver.js';
import { notesOf, takeAway } from './view/lab/side.js';

/** Each lab is fetched when its page is open. @type {Record<string, () => Promise<{default: Lab}>>} */
const LABS = {
  softmax: () => import('./labs/softmax.js'),
  activation: () => import('./labs/activation.js'),
  signal: () => import('./labs/signal.js'),
  conv2d: () => import('./labs/conv2d.js'),
  kernels: () => import('./labs/kernels.js'),
  pixels: () => import('./labs/pixels.js'),
  pool: () => import('./labs/pool.js'),
  upsample: () => import('./labs/upsample.js'),
  norm: () => import('./labs/norm.js'),
};

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const page = JSON.parse(find('page').textContent || 'null');
useCatalogue(page.texts);
/** @type {{id: string, presets: Preset[], texts: Record<string, string>}} */
const content = page.lab;
const lab = (await LABS[content.id]()).default;
const lang = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';

/** The lab's own words, else those of all labs. @param {string} key @param {Record<string, string | number>=} values */
function say(key, values = {}) {
  const text = content.texts[key];
  if (text === undefined) return has(`lab.${key}`) ? t(`lab.${key}`, values) : key.replace(/^[a-z_]+?_(?=[a-z0-9-]+$)/, '');
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The last answer with the numbers that it belongs to: they are drawn until the next one comes. answer: null when there was nothing to ask, or a refusal
 * @typedef {{key: string, values: Values, view: string, answer: any, refused: boolean}} Answered */
/** @typedef {{state: LabState, answered: Answered | null, problem: string, hover: Spot | null}} State */
/** @type {{get: () => State, set: (changes: Partial<State>) => void, subscribe: (listener: (next: State, previous: State) => void) => () => void}} */
const store = /** @type {any} */ (createStore)({
  state: fromQuery(location.search, lab, content.presets, lang),
  answered: null,
  problem: '',
  hover: null,
});
let colours = coloursOf();

/** What is drawn: never numbers beside an answer that is not theirs. @param {State} now @returns {LabScene} */
function sceneOf({ state, answered, hover }) {
  const drawn = answered && answered.key !== wishOf(state).key ? answered : { ...state, answer: answered?.answer ?? null };
  return {
    state,
    values: drawn.values,
    view: drawn.view,
    step: state.step,
    hover,
    answer: drawn.answer,
    colours,
    lab: content.id,
    texts: content.texts,
    say,
    set: setValues,
    go,
  };
}

// What may be asked for

/** @param {Partial<LabState>} changes */
const change = (changes) => store.set({ state: { ...store.get().state, ...changes } });

/** New numbers: the address gets a new entry, and the engine is asked. @param {Values} values */
function setValues(values) {
  const { state } = store.get();
  const wanted = { ...state.values, ...values };
  store.set({ state: { ...state, values: lab.adapt?.(wanted, Object.keys(values)) ?? wanted }, problem: '' });
}

/** @param {number | null} step */
const go = (step) => change({ step, play: false });

/** @param {string} id */
function usePreset(id) {
  const preset = content.presets.find((each) => each.id === id);
  const { state } = store.get();
  if (preset?.elsewhere) {
    location.assign(`/lab/${preset.elsewhere}?preset=${id}&lang=${lang}${state.profile ? `&profile=${state.profile}` : ''}`);
    return;
  }
  store.set({
    state: {
      ...state,
      preset: id,
      values: presetValues(lab, preset),
      view: preset?.view ?? lab.views?.[0] ?? '',
      step: null,
      play: false,
    },
    problem: '',
    hover: null,
  });
}

/** @param {number} by */
function advance(by) {
  const { state, answered } = store.get();
  const count = answered && !answered.refused ? lab.steps(sceneOf(store.get())) : 0;
  if (!count) return;
  const next = state.step === null ? (by > 0 ? 0 : count - 1) : state.step + by;
  if (next < 0 || next >= count) change({ step: state.play || next < 0 ? null : count - 1, play: false });
  else change({ step: next });
}

/** @type {Record<string, () => void>} */
const ACTIONS = {
  next: () => advance(1),
  back: () => advance(-1),
  right: () => advance(1),
  left: () => advance(-1),
  first: () => go(0),
  last: () => go(lab.steps(sceneOf(store.get())) - 1),
  leave: () => {
    if (!controls.close()) go(null);
  },
  play: () => change({ play: !store.get().state.play }),
  projector: () => change({ profile: store.get().state.profile === 'projector' ? null : 'projector' }),
  fullscreen: () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => {}),
  language: () =>
    location.replace(
      `${location.pathname}?${toQuery({ ...store.get().state, lang: lang === 'zh' ? 'en' : 'zh', play: false }, lab, content.presets)}`,
    ),
  keys: () => (keys.open ? keys.close() : keys.showModal()),
};

/** @param {string} action @returns {boolean} */
function perform(action) {
  if (!ACTIONS[action]) return false;
  ACTIONS[action]();
  return true;
}

// The engine

let asked = '';
let flying = false;
/** @type {Omit<Answered, 'answer' | 'refused'> & {request: import('./core/lab/types.js').Asked} | null} */
let next = null;
/** @type {{values: Values, view: string, request: import('./core/lab/types.js').Asked | null, key: string} | null} */
let wish = null;

/** What is to be asked now; worked out once for the same numbers, for pointing draws often. @param {LabState} state */
function wishOf({ values, view }) {
  if (wish?.values !== values || wish.view !== view) {
    const request = lab.ask(values, view);
    wish = {
      values,
      view,
      request,
      key: JSON.stringify(request, (_, value) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      ),
    };
  }
  return wish;
}

/** What the engine refuses is said in its own words, which name the field and its range. @param {any} error */
function sentence(error) {
  return (
    error.text?.[lang] ??
    (error.code === 'malformed-operation' || !has(`problems.${error.code}`) ? error.message : t(`problems.${error.code}`))
  );
}

/**
 * Asks when what is asked has changed. One request is on its way at a time; while one drags, the latest numbers go next.
 * @param {LabState} state
 */
function ask({ values, view }) {
  const { request, key } = wishOf(store.get().state);
  if (key === asked) return;
  asked = key;
  if (request) next = { key, values, view, request };
  else store.set({ answered: { key, values, view, answer: null, refused: false } });
  if (!flying) fly();
}

async function fly() {
  flying = true;
  while (next) {
    const { request, ...about } = next;
    next = null;
    try {
      const answer = await operate(request.op, request.body);
      store.set({ answered: { ...about, answer, refused: false }, problem: '' });
    } catch (error) {
      store.set({ answered: { ...about, answer: null, refused: true }, problem: sentence(error) });
    }
  }
  flying = false;
}

// Changing numbers

/**
 * The number as it is set now, which may be ahead of what is drawn.
 * @param {Plane} plane
 * @param {number} index
 * @returns {number}
 */
const valueAt = (plane, index) =>
  (placeOf(plane, index) ?? []).reduce((part, place) => part?.[place], store.get().state.values[plane.edits?.key ?? '']) ?? 0;

/** @param {Plane} plane @param {number} index @param {number} value */
function changeCell(plane, index, value) {
  const key = plane.edits?.key ?? '';
  setValues({ [key]: changed(store.get().state.values[key], /** @type {number[]} */ (placeOf(plane, index)), value) });
}

/**
 * Into the grid from that cell on; a table pasted at its first cell makes the grid as large as itself.
 * @param {Plane} plane
 * @param {number} index
 * @param {number[][]} block
 */
function pasteBlock(plane, index, block) {
  const key = plane.edits?.key ?? '';
  const field = lab.fields.find((each) => each.key === key);
  const most = field?.most ?? MOST;
  if (block.length > most || block[0].length > most) {
    store.set({ problem: t('lab.too_large', { rows: block.length, columns: block[0].length, most }) });
    return;
  }
  setValues({ [key]: pasted(store.get().state.values[key], plane, index, block) });
}

// Drawing

const NARROW = 900; // px of windows whose page scrolls, so that the stage may grow
const stage = find('stage');
const cards = find('card');
const side = find('side');
let text = 16;
let room = { width: stage.clientWidth, height: stage.clientHeight }; // px; measured when they change, for asking makes the browser lay everything out
const figure = labFigure({
  hover: (hover) => {
    if (hover?.grid !== store.get().hover?.grid || hover?.index !== store.get().hover?.index) store.set({ hover });
  },
  redraw: () => store.set({}),
});
const drawing = h('div', { class: 'lab-drawing' });
stage.append(drawing);
const editor = cellEditor(figure, stage, {
  value: (plane, index) => valueAt(plane, index),
  change: changeCell,
  paste: pasteBlock,
  problem: (problem) => store.set({ problem }),
});
const grids = gridDialog(
  lab.fields.filter(({ kind, hidden }) => kind === 'grid' && !hidden),
  {
    values: () => store.get().state.values,
    set: setValues,
    say,
    matters: ({ when }) => when?.({ ...store.get().state.values, view: store.get().state.view }) ?? true,
  },
);
const controls = labControls(lab.fields, lab.views ?? [], content.presets, {
  set: (key, value) => setValues({ [key]: value }),
  preset: usePreset,
  view: (view) => change({ view, step: null, play: false }),
  say,
  title: ({ title }) => title[lang],
  offers: lab.offers,
  last: grids.button,
});
const bar = playerBar(
  perform,
  (step) => go(step),
  (factor) => player.speed(factor),
);
const player = createPlayer(() => advance(1));
const keys = keysDialog(null);
const profiles = profileSwitch((profile) => change({ profile }));
const save = saver({
  id: content.id,
  stage,
  say: (problem) => store.set({ problem }),
  scene: () => sceneOf(store.get()),
  lab,
  step: (step) => change({ step, play: false }),
  drawn,
});
const take = takeAway({ copy: (text) => navigator.clipboard?.writeText(text), save });
find('controls').append(controls.root);
find('player').append(bar.root);
find('take').append(take.root);
document.body.append(keys, grids.dialog);

/**
 * While one points, nothing but the arithmetic and the figure can change: the rest is left alone.
 * @param {State} now
 * @param {State} before
 */
function draw(now, before) {
  const { state, answered } = now;
  const pointing = now.hover !== before.hover && state === before.state && answered === before.answered;
  if (!pointing) drawAround(now, before);
  if (!answered || now !== store.get()) return; // what was asked may be answered at once, and is drawn then
  const scene = sceneOf(now);
  if (answered.refused) {
    drawRefused(scene);
    return;
  }
  const caption = lab.caption(scene);
  if (find('caption').textContent !== caption) find('caption').textContent = caption;
  const moving = answered === before.answered && state.values === before.state.values && state.view === before.state.view; // nothing but the place that is looked at
  keepFocus(cards, () => replace(cards, lab.card(scene), moving));
  replace(side, [...(lab.side?.(scene) ?? []), notesOf(scene)], moving);
  side.hidden = !side.firstChild;
  take.draw(lab.code?.(scene) ?? scene.answer?.code ?? '');
  const pieces = lab.figure?.(scene) ?? null;
  turn(pieces === null);
  if (pieces) show(pieces, scene);
  else lab.stage?.(drawing, scene);
}

/**
 * New parts; while one points or steps, only where they differ.
 * @param {HTMLElement} place
 * @param {(HTMLElement | null)[]} wanted
 * @param {boolean} moving
 */
function replace(place, wanted, moving) {
  const parts = /** @type {HTMLElement[]} */ (wanted.filter((part) => part !== null));
  if (moving) patch(place, parts);
  else place.replaceChildren(...parts);
}

/** @type {any[]} */
let set = [];

/**
 * The controls show what is set, which a step leaves as it is.
 * @param {LabState} state
 * @param {LabScene} scene
 * @param {boolean} asks   whether the engine is asked
 */
function drawControls(state, scene, asks) {
  const now = [state.values, state.view, state.preset];
  if (now.every((each, i) => each === set[i])) return;
  set = now;
  if (grids.button)
    grids.button.hidden =
      !asks ||
      !lab.fields.some(
        ({ kind, when, hidden }) => kind === 'grid' && !hidden && (when?.({ ...state.values, view: state.view }) ?? true),
      );
  const base = presetValues(
    lab,
    content.presets.find(({ id }) => id === state.preset),
  );
  controls.draw(
    { ...scene, values: state.values, view: state.view },
    lab.fields.some(({ key }) => state.values[key] !== base[key]),
  );
}

/** Address, profile, controls, player, messages; and the engine is asked. @param {State} now @param {State} before */
function drawAround(now, before) {
  const { state, problem, answered } = now;
  document.documentElement.dataset.embed = state.embed ? '1' : '0';
  if (profiles.apply(state.profile)) colours = coloursOf();
  text = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  if (state !== before.state) writeAddress(state, before.state);
  ask(state);
  const scene = sceneOf(now);
  const { request } = wishOf(state);
  const ready = answered !== null && !answered.refused;
  const count = ready ? lab.steps(scene) : 0;
  find('message').textContent = problem;
  find('message').className = problem ? 'problem' : '';
  if (count && (state.step ?? 0) >= count && answered?.key === wishOf(state).key) {
    change({ step: count - 1 });
    return;
  } // an address may ask for more steps than there are
  drawControls(state, scene, request !== null);
  player.run(state.play);
  find('player').hidden = !count;
  bar.draw(/** @type {any} */ ({ state, steps: Array.from({ length: count }) }));
  stage.classList.toggle('stale', !ready);
}

/** Either the lab draws by itself, or the figure is shown. @param {boolean} own */
function turn(own) {
  drawing.hidden = !own;
  if (own) {
    figure.root.remove();
    stage.style.height = '';
  } else if (!figure.root.isConnected) stage.prepend(figure.root);
}

/** What the engine refuses has no result: the numbers as they are, to be put right. @param {LabScene} scene */
function drawRefused(scene) {
  cards.replaceChildren();
  side.replaceChildren();
  if (!lab.figure) return;
  turn(false);
  show(given(lab.fields, { ...scene.values, view: scene.view }, say), scene);
}

/** @param {import('./core/lab/types.js').Piece | import('./core/lab/types.js').Piece[]} pieces @param {LabScene} scene */
function show(pieces, scene) {
  const narrow = innerWidth <= NARROW;
  const heights = narrow ? [0.42, 0.62, 0.82].map((share) => Math.round(share * innerHeight)) : undefined;
  const least = scene.state.profile === 'projector' ? 24 : narrow ? 11 : 9;
  const tall = figure.show(
    pieces,
    { width: room.width, height: narrow ? 0 : room.height, heights, number: text * 0.94, text, least },
    text * 6.6,
    scene,
  );
  stage.style.height = narrow ? `${tall}px` : '';
  editor.redraw();
}

let lastKey = '';
let lastAt = 0;
let later = 0;

/**
 * A changed number is a new entry of the history, unless it is the same thing changing on; a step replaces.
 * @param {LabState} state
 * @param {LabState} before
 */
function writeAddress(state, before) {
  const address = `${location.pathname}?${toQuery({ ...state, play: false }, lab, content.presets)}`;
  if (address === location.pathname + location.search) return;
  const key =
    lab.fields
      .filter((field) => state.values[field.key] !== before.values[field.key])
      .map((field) => field.key)
      .join() +
    (state.view === before.view ? '' : ' view') +
    (state.preset === before.preset ? '' : ' preset');
  const going = key === '' || (key === lastKey && performance.now() - lastAt < 1500);
  [lastKey, lastAt] = key ? [key, performance.now()] : [lastKey, lastAt];
  clearTimeout(later);
  if (key) history[going ? 'replaceState' : 'pushState'](null, '', address);
  else later = setTimeout(() => history.replaceState(null, '', address), 120); // steps come fast, and long addresses are slow
}

// What people do

listen({
  perform,
  image: (file) => (lab.picture ? lab.picture(file, sceneOf(store.get())) : grids.picture(file)),
  blocked: (key) => (keys.open && key !== '?') || grids.dialog.open,
});
for (const button of document.querySelectorAll('[data-action]'))
  button.addEventListener('click', () => perform(/** @type {string} */ (button.getAttribute('data-action'))));
addEventListener('popstate', () =>
  store.set({ state: { ...fromQuery(location.search, lab, content.presets, lang), profile: store.get().state.profile } }),
);
new ResizeObserver(() => {
  room = { width: stage.clientWidth, height: stage.clientHeight };
  store.set({});
}).observe(stage);
new ResizeObserver(controls.refit).observe(find('controls'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => store.set({}));

store.subscribe(draw);
store.set({});
document.fonts?.ready.then(() => store.set({}));
