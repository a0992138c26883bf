/** Every component in its main states, from one seeded specimen and with no clock: for developers, and for the picture test. */
/** @import { Scene } from './view/scene.js' */
import { OPS } from './core/ops/index.js';
import { CELLS } from './core/recurrent/cells.js';
import { cellSteps, gateSteps } from './core/recurrent/steps.js';
import { cellSpecimen } from './core/recurrent/specimen.js';
import { specimen } from './core/specimen.js';
import { stepsOf } from './core/steps.js';
import { initialState } from './core/viewstate.js';
import { useCatalogue } from './i18n.js';
import { vectorBars } from './view/bars.js';
import { playerBar, drawCrumbs, drawStrip, keysDialog } from './view/chrome.js';
import { cellView, gateView } from './view/cell/index.js';
import { boundOf, coloursOf } from './view/colors.js';
import { heatmap } from './view/heatmap.js';
import { inputDialog } from './view/input.js';
import { layerView } from './view/layer.js';
import { legend, networkLegend } from './view/legend.js';
import { networkView } from './view/network.js';
import { numberView } from './view/number.js';
import { tourCard } from './view/tour.js';
import { h } from './view/dom.js';
import { plane, range } from './core/tensor.js';

const page = JSON.parse(document.getElementById('page')?.textContent ?? 'null');
useCatalogue(page.texts);
if (page.profile) document.documentElement.dataset.profile = page.profile;

const data = specimen();
const colours = coloursOf();
const nothing = () => {};
const act = { openLayer: nothing, openNumber: nothing, enter: nothing, choose: nothing, look: nothing };
const classes = ['lifeboat', 'bell pepper', 'a very long name of a class', 'koala'].map((title, i) => ({
  key: String(i),
  title,
}));

/** @param {Partial<import('./core/types.js').ViewState>} state @returns {Scene} */
function scene(state) {
  const view = { ...initialState(), ...state };
  return /** @type {any} */ ({
    state: view,
    data,
    colours,
    model: { id: 'specimen', title: 'Specimen', classes, preparation: 'photo' },
    formulas: page.formulas,
    steps: stepsOf(view, data.nodes, data.records),
    title: 'Specimen',
    act,
  });
}

/** @type {[string, () => (Element | null)[] | void, string?][]} name, what to draw, how large */
const TILES = [
  [
    'heatmap',
    () => {
      const values = data.pictures.get('conv');
      const holes = new Float32Array(64).map((_, i) => (i % 7 === 3 ? NaN : (i - 32) / 32));
      if (!values) return;
      const bound = boundOf(...range(values.data));
      return [
        heatmap({ plane: plane(values, 0), bound, colours, label: 'signed' }),
        heatmap({
          plane: plane(/** @type {any} */ (data.pictures.get('relu')), 0),
          bound,
          colours,
          label: 'positive',
          marks: [{ x: 2, y: 3, width: 3, height: 3, kind: 'window' }],
        }),
        heatmap({
          plane: { width: 8, height: 8, data: holes },
          bound: 1,
          colours,
          label: 'not a number',
          marks: [{ x: 4, y: 4, width: 1, height: 1, kind: 'cell' }],
        }),
      ];
    },
    'row',
  ],
  [
    'legends',
    () => [
      legend(colours, 1.83, 'features.0'),
      legend(colours, 0.47, 'features.1', true),
      ...['unit', 'layer', 'global'].map((scale) => {
        const one = networkLegend(nothing);
        one.draw(scene({ scale: /** @type {any} */ (scale) }), scale === 'global' ? null : { name: 'conv', unit: 1 });
        return one.root;
      }),
    ],
    'column',
  ],
  ['network', () => network({}, {}), 'wide'],
  ['network, pointed', () => network({ step: 1, unit: 2 }, {}), 'wide'],
  ['network, rows', () => network({}, { width: '380px', height: '760px' }), 'narrow'],
  ['layer conv2d', () => [h('div', { class: 'scene layer' }, layerView(scene({ node: 'conv', unit: 1 })))], 'wide'],
  ...Object.keys(OPS)
    .filter((op) => op !== 'input' && data.nodes.some((node) => node.op === op))
    .flatMap((op) => numberTiles(op)), // what the specimen has
  [
    'bars',
    () =>
      ['linear', 'softmax'].map((name) =>
        vectorBars(
          scene({ node: name }),
          /** @type {any} */ (data.records.get(name)),
          /** @type {any} */ (data.values(name)),
          1,
        ),
      ),
    'column',
  ],
  [
    'player',
    () =>
      [
        { play: false, step: null },
        { play: true, step: 2 },
      ].map((state) => {
        const bar = playerBar(nothing, nothing, nothing);
        bar.draw(scene({ node: 'conv', at: [3, 3], ...state }));
        return bar.root;
      }),
    'column',
  ],
  [
    'crumbs and strip',
    () => {
      const crumbs = h('nav', { id: 'crumbs' });
      const strip = h('nav', { id: 'strip' });
      drawCrumbs(crumbs, scene({ node: 'conv', unit: 1, at: [3, 4] }), nothing);
      drawStrip(strip, scene({ node: 'conv' }));
      return [crumbs, strip];
    },
    'column',
  ],
  [
    'messages',
    () => [
      h('p', { class: 'message busy' }, page.texts.ui.loading),
      h('p', { class: 'message problem' }, page.texts.problems['not-a-picture']),
    ],
    'column',
  ],
  [
    'input',
    () => [
      opened(
        inputDialog({ samples: page.samples, drawing: true, classes }, { sample: nothing, image: nothing, problem: nothing }),
        (dialog) => {
          dialog.draw(data.trace);
          return dialog.root;
        },
      ),
    ],
    'wide',
  ],
  ['keys', () => [opened(keysDialog(nothing), (dialog) => dialog)], 'wide'],
  [
    'tour',
    () => {
      const tour = tourCard(
        [
          { text: 'overview', show: '', state: {} },
          { text: 'number', show: '', state: {} },
        ],
        { go: nothing, end: nothing },
      );
      tour.draw(0);
      return tour.parts;
    },
    'column',
  ],
  ...Object.keys(CELLS).flatMap((cell) => cellTiles(cell)),
];

/**
 * A card with everything shown and, where it has steps, in the middle of them.
 * @param {string} op
 * @returns {[string, () => Element[], string][]}
 */
function numberTiles(op) {
  const record = /** @type {import('./core/types.js').NodeRecord} */ (data.nodes.find((node) => node.op === op));
  const at = record.shape.length === 1 ? [1] : [1, 1];
  const tile = (/** @type {number | null} */ step) => () => {
    const drawn = h('div', { class: 'scene number' }, numberView(scene({ node: record.name, unit: 1, at, step })));
    return [drawn];
  };
  const steps = stepsOf({ ...initialState(), node: record.name, unit: 1, at }, data.nodes, data.records).length;
  return [
    [`number ${op}`, tile(null), 'wide'],
    ...(steps > 2
      ? [/** @type {[string, () => Element[], string]} */ ([`number ${op}, step`, tile(Math.floor(steps / 2)), 'wide'])]
      : []),
  ];
}

/**
 * A cell whole and in the middle of its steps, and one of its gates.
 * @param {string} cell
 * @returns {[string, () => Element[], string][]}
 */
function cellTiles(cell) {
  const run = cellSpecimen(cell);
  const gate = CELLS[cell].told[0];
  const half = Math.floor(cellSteps(cell).length / 2);
  const tile =
    (
      /** @type {typeof cellView} */ view,
      /** @type {number | null} */ step,
      /** @type {import('./core/types.js').Step[]} */ steps,
    ) =>
    () => [
      h(
        'div',
        { class: 'scene', style: { height: '700px' } },
        view({
          state: { layer: 0, direction: 0, unit: 3, gate, step },
          run,
          t: 2,
          part: { tokens: ['展', '开', '了'].map((text) => ({ text })) },
          colours,
          formulas: page.formulas,
          steps,
          act: { go: nothing },
        }),
      ),
    ];
  return [
    [`cell ${cell}`, tile(cellView, null, cellSteps(cell)), 'wide'],
    [`cell ${cell}, step`, tile(cellView, half, cellSteps(cell)), 'wide'],
    [`gate ${cell}`, tile(gateView, null, gateSteps(cell, gate)), 'wide'],
  ];
}

/** @param {Partial<import('./core/types.js').ViewState>} state @param {Record<string, string>} size */
function network(state, size) {
  const view = networkView({ open: nothing, look: nothing, input: nothing });
  const frame = h('div', { class: 'frame', style: size }, view.root);
  queueMicrotask(() => view.draw(scene(state))); // it lays itself out by the room it has once it stands in the page
  return [frame];
}

/** @template T @param {T} one @param {(one: T) => HTMLElement} rootOf */
function opened(one, rootOf) {
  const root = rootOf(one);
  root.setAttribute('open', '');
  return root;
}

const only = new URLSearchParams(location.search).get('tile');
for (const [name, draw, size = 'row'] of TILES) {
  if (only && only !== name) continue;
  const place = h('div', { class: `tile-body ${size}` });
  document.getElementById('tiles')?.append(h('section', { class: 'tile', 'data-tile': name }, h('h2', {}, name), place));
  place.append(...(draw() ?? []).filter((one) => one !== null));
}
document.body.dataset.tiles = String(TILES.length);
