/** A lab: one operation on numbers that one can change. Puts store, address, player, engine and views together. */
/** @import { Lab, LabScene, LabState, Spot } from './core/lab/types.js' */
/** @import { Preset } from './core/lab/state.js' */
/** @import { Answered } from './lab-asking.js' */
import { fromQuery, presetValues, queryOf, refusedIn } from './core/lab/state.js';
import { createStore } from './core/store.js';
import { deck } from './embed.js';
import { has, t, useCatalogue } from './i18n.js';
import { createActs, matters } from './lab-acts.js';
import { createAddress } from './lab-address.js';
import { createAsking } from './lab-asking.js';
import { createDrawing } from './lab-drawing.js';
import { listen } from './listen.js';
import { createPlayer, drawn } from './player.js';
import { profileSwitch } from './profiles.js';
import { keysDialog, playerBar } from './view/chrome.js';
import { coloursOf } from './view/colors.js';
import { labControls } from './view/lab/controls.js';
import { cellEditor } from './view/lab/editor.js';
import { labFigure } from './view/lab/figure.js';
import { gridDialog } from './view/lab/grid-dialog.js';
import { refusal } from './view/lab/refusal.js';
import { saver } from './view/lab/saver.js';
import { takeAway } from './view/lab/side.js';

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

const KEY_ROWS = [
  ['Space · → · PageDown', 'next'],
  ['Shift Space · ← · PageUp', 'back'],
  ['K', 'play'],
  ['Home · End', 'ends'],
  ['Esc', 'lab_leave'],
  ['Tab', 'lab_tab'],
  ['← ↑ → ↓', 'lab_arrows'],
  ['0–9 · Enter', 'lab_type'],
  ['Ctrl V', 'lab_paste'],
  ['Ctrl Z · Ctrl Y', 'lab_undo'],
  ['P', 'projector'],
  ['F', 'fullscreen'],
  ['L', 'language'],
  ['?', 'keys'],
];

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const page = JSON.parse(find('page').textContent || 'null');
useCatalogue(page.texts);
/** @type {{id: string, presets: Preset[], texts: Record<string, string>}} */
const content = page.lab;
const { presets } = content;
const lab = (await LABS[content.id]()).default;
const lang = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';

/** The lab's own words, else those of all labs. @param {string} key @param {Record<string, string | number>=} values */
function say(key, values = {}) {
  const text = content.texts[key];
  if (text === undefined) return has(`lab.${key}`) ? t(`lab.${key}`, values) : key.replace(/^[a-z_]+?_(?=[a-z0-9-]+$)/, '');
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** What an address asks for that cannot be, in a sentence each. @param {string} query */
function refusedBy(query) {
  return refusedIn(query, lab)
    .map(({ field, text }) => refusal(field, text, say))
    .join(' ');
}

/**
 * problem: what to put right, until an answer comes; refused: what was typed or sent and could not be taken, until something is
 * set; busy: what is going on
 * @typedef {{state: LabState, answered: Answered | null, problem: string, refused: string, busy: string, hover: Spot | null}} State
 */
/** @type {{get: () => State, set: (changes: Partial<State>) => void, subscribe: (listener: (next: State, previous: State) => void) => () => void}} */
const store = /** @type {any} */ (createStore)({
  state: fromQuery(queryOf(location), lab, presets, lang),
  answered: null,
  problem: '',
  refused: refusedBy(queryOf(location)),
  busy: '',
  hover: null,
});
let colours = coloursOf();
const asking = createAsking(lab, lang, (told) => store.set(told));
const address = createAddress(lab, presets);

/** What is drawn: never numbers beside an answer that is not theirs. @param {State} now @returns {LabScene} */
function sceneOf({ state, answered, hover }) {
  const shown =
    answered && answered.key !== asking.wishOf(state).key ? answered : { ...state, answer: answered?.answer ?? null };
  return {
    state,
    values: shown.values,
    view: shown.view,
    step: state.step,
    hover,
    answer: shown.answer,
    colours,
    lab: content.id,
    texts: content.texts,
    say,
    set: acts.setValues,
    go: acts.go,
  };
}

const scene = () => sceneOf(store.get());
const acts = createActs({ lab, presets, lang, get: store.get, put: store.set, scene });
const { change, go } = acts;

/** @type {Record<string, () => void>} */
const ACTIONS = {
  next: () => acts.advance(1),
  back: () => acts.advance(-1),
  right: () => acts.advance(1),
  left: () => acts.advance(-1),
  first: () => go(acts.count() ? 0 : null),
  last: () => go(acts.count() ? acts.count() - 1 : null),
  leave: () => {
    if (!controls.close()) go(null);
  },
  play: () => change({ play: !store.get().state.play }),
  projector: () => change({ profile: store.get().state.profile === 'projector' ? null : 'projector' }),
  fullscreen: () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => {}),
  language: () => location.replace(address.of({ ...store.get().state, lang: lang === 'zh' ? 'en' : 'zh' })),
  keys: () => (keys.open ? keys.close() : keys.showModal()),
};

/** Whether a step would leave what is on the screen: in a deck that turns the slide. @param {string} action */
function beyond(action) {
  const { step } = store.get().state;
  if (action === 'back') return step === null || step === 0;
  return action === 'next' && (!acts.count() || step === acts.count() - 1);
}

/** @param {string} action @returns {boolean} */
function perform(action) {
  if (!ACTIONS[action] || (outside.framed && beyond(action))) return false;
  ACTIONS[action]();
  return true;
}

const stage = find('stage');
const sameSpot = (/** @type {Spot | null} */ spot) => {
  const { hover } = store.get();
  return hover?.grid === spot?.grid && hover?.index === spot?.index;
};
/** @param {Spot | null} hover */
const point = (hover) => {
  if (!sameSpot(hover)) store.set({ hover });
};
const problem = (/** @type {string} */ text) => store.set({ problem: text });
const figure = labFigure({ hover: point, redraw: () => store.set({}) });
const editor = cellEditor(figure, stage, {
  value: acts.valueAt,
  change: acts.changeCell,
  paste: acts.pasteBlock,
  point,
  problem,
});
const grids = gridDialog(
  lab.fields.filter(({ kind, hidden }) => kind === 'grid' && !hidden),
  {
    values: () => store.get().state.values,
    set: acts.setValues,
    say,
    matters: (field) => matters(field, store.get().state),
  },
);
const controls = labControls(lab.fields, lab.views ?? [], presets, {
  set: (key, value) => acts.setValues({ [key]: value }),
  preset: acts.usePreset,
  view: (view) => change({ view, step: null, play: false }),
  say,
  refuse: (field, text) => store.set({ refused: refusal(field, text, say) }),
  title: ({ title }) => title[lang],
  offers: lab.offers,
  last: grids.button,
});
const player = createPlayer(() => acts.advance(1));
const bar = playerBar(perform, go, player.speed);
const keys = keysDialog(null, KEY_ROWS);
const profiles = profileSwitch((profile) => change({ profile }));
const outside = deck({
  act: perform,
  go: (query) => {
    const { profile, embed } = store.get().state;
    const asked = { ...fromQuery(query, lab, presets, lang), profile, embed };
    store.set({ state: asked, problem: '', refused: refusedBy(query), hover: null });
  },
});
const save = saver({
  name: () => `${content.id}-${isOwn(store.get().state) ? 'own' : store.get().state.preset}`,
  stage,
  say: problem,
  busy: (busy) => store.set({ busy }),
  scene,
  lab,
  step: (step) => change({ step, play: false }),
  drawn,
});
const take = takeAway({ save });
const drawing = createDrawing({ lab, say, figure, editor, take, find, now: store.get, sceneOf, around: drawAround });
find('controls').append(controls.root);
find('player').append(bar.root);
find('take').append(take.root);
document.body.append(keys, grids.dialog);

/** Whether the numbers are no longer those of the preset. @param {LabState} state */
function isOwn({ preset, values }) {
  const base = presetValues(
    lab,
    presets.find(({ id }) => id === preset),
  );
  return lab.fields.some(({ key }) => values[key] !== base[key]);
}

/** @type {any[]} */
let set = [];

/** The controls show what is set, which a step leaves as it is. @param {LabState} state @param {boolean} asks   whether the engine is asked */
function drawControls(state, asks) {
  const now = [state.values, state.view, state.preset];
  if (now.every((each, i) => each === set[i])) return;
  set = now;
  if (grids.button) grids.button.hidden = !asks || !lab.fields.some((field) => matters(field, state));
  controls.draw({ ...scene(), values: state.values, view: state.view }, isOwn(state));
}

/** The look, also of the other labs that one may go to from here. @param {string | null} profile */
function drawProfile(profile) {
  if (profiles.apply(profile)) colours = coloursOf();
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.switch a'))) {
    const to = new URL(link.href);
    if (profile) to.searchParams.set('profile', profile);
    else to.searchParams.delete('profile');
    if (link.href !== to.href) link.href = to.href;
  }
}

/** Address, profile, controls, player, messages; and the engine is asked. @param {State} now @param {State} before */
function drawAround(now, before) {
  const { state, answered } = now;
  document.documentElement.dataset.embed = state.embed ? '1' : '0';
  drawProfile(state.profile);
  if (state !== before.state) address.write(state, before.state);
  asking.ask(state);
  const { request, key } = asking.wishOf(state);
  const ready = answered !== null && !answered.refused;
  const count = ready ? lab.steps(sceneOf(now)) : 0;
  const wrong = now.problem || now.refused;
  find('message').textContent = wrong || now.busy;
  find('message').className = wrong ? 'problem' : '';
  if (count && (state.step ?? 0) >= count && answered?.key === key) {
    change({ step: count - 1 });
    return;
  } // an address may ask for more steps than there are
  drawControls(state, request !== null);
  player.run(state.play);
  find('player').hidden = !count;
  bar.draw(/** @type {any} */ ({ state, steps: Array.from({ length: count }) }));
  stage.classList.toggle('stale', !ready);
  if (ready) outside.report(/** @type {any} */ (state), 'lab', count, address.queryOf(state));
}

// What people do

listen({
  perform,
  image: (file) => (lab.picture ? lab.picture(file, scene()) : grids.picture(file)),
  blocked: (key) => (keys.open && key !== '?') || grids.dialog.open,
  unused: outside.key,
});
document.addEventListener('keydown', (event) => {
  const typing = /** @type {HTMLElement} */ (event.target).closest('input:not([type=range], [type=checkbox]), textarea');
  if (!(event.ctrlKey || event.metaKey) || event.altKey || typing || grids.dialog.open) return;
  const key = event.key.toLowerCase();
  if (key === 'z' && !event.shiftKey) address.undo();
  else if (key === 'y' || key === 'z') address.redo();
  else return;
  event.preventDefault();
});
for (const button of document.querySelectorAll('[data-action]'))
  button.addEventListener('click', () => perform(/** @type {string} */ (button.getAttribute('data-action'))));
addEventListener('popstate', () => {
  address.moved();
  const { profile } = store.get().state;
  if (location.hash && !location.hash.includes('='))
    history.replaceState(history.state, '', address.of(store.get().state)); // a link within the page, which leaves the numbers alone
  else {
    const query = queryOf(location);
    const asked = { ...fromQuery(query, lab, presets, lang), profile };
    store.set({ state: asked, problem: '', refused: refusedBy(query), hover: null });
  }
});
new ResizeObserver(() => {
  if (drawing.measure()) store.set({});
}).observe(stage);
new ResizeObserver(controls.refit).observe(find('controls'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => store.set({}));

store.subscribe(drawing.draw);
store.set({});
document.fonts?.ready.then(() => store.set({}));
