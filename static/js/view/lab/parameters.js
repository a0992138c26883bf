/**
 * How many parameters whole networks have, layer by layer: a view that the convolution's lab has beside its own. The engine
 * counts torch's modules.
 */
/** @import { Lab, LabScene, Values } from '../../core/lab/types.js' */
import { h, num, s } from '../dom.js';
import { grouped } from './counted.js';
import { measured } from './curve-stage.js';

/** @typedef {{name: string, kind: string, kernel: number[], kernels: number, inputs: number, outputs: number, weights: number, biases: number, output_shape: number[]}} Layer */
/** @typedef {{name: string, layers: Layer[], count: number}} Row   layers that stand together, such as those of a residual block */

const VIEW = 'parameters';
const NETWORKS = [
  'lenet5-1998',
  'alexnet',
  'alexnet-2012',
  'vgg16',
  'resnet18',
  'connected',
  'lenet5',
  'tinyvgg',
  'tinyvgg-wide',
];
const SERIES = /** @type {Record<string, number>} */ ({ conv2d: 0, linear: 1, batch_norm: 3, subsample: 3 });

/** What is multiplied for a layer's weights. @param {Layer} layer @returns {number[]} */
const factorsOf = ({ kind, kernel, inputs, outputs, kernels }) => [
  ...kernel,
  ...(kind === 'conv2d' || kind === 'linear' ? (inputs ? [inputs, outputs] : [kernels]) : [kernels]),
];

/** @param {Layer} layer */
const countOf = ({ weights, biases }) => weights + biases;

/**
 * Layers by the first two parts of their path: layer1.0.conv1 and layer1.0.bn1 are one row.
 * @param {Layer[]} layers
 * @returns {Row[]}
 */
export function rowsOf(layers) {
  /** @type {Map<string, Layer[]>} */
  const rows = new Map();
  for (const layer of layers) {
    const name = layer.name.split('.').slice(0, 2).join('.');
    rows.set(name, [...(rows.get(name) ?? []), layer]);
  }
  return Array.from(rows, ([name, own]) => ({ name, layers: own, count: own.reduce((sum, layer) => sum + countOf(layer), 0) }));
}

/** 5 × 5 × 60 + 16. @param {Layer} layer */
const written = (layer) => `${factorsOf(layer).map(grouped).join(' × ')}${layer.biases ? ` + ${grouped(layer.biases)}` : ''}`;

/** The row looked at: the step's, else the one with the most. @param {LabScene} scene @param {Row[]} rows */
const chosenOf = ({ step }, rows) =>
  step === null ? rows.reduce((most, row, i) => (row.count > rows[most].count ? i : most), 0) : Math.min(step, rows.length - 1);

/** @param {number} share */
const percent = (share) =>
  `${share >= 0.0995 ? (100 * share).toFixed(0) : share >= 0.00095 ? (100 * share).toFixed(1) : '< 0.1'}%`;

/** @type {SVGElement | null} */
let svg = null;

/**
 * Layers down; what comes out of each, how its numbers are counted, and a bar for how many.
 * @param {HTMLElement} place
 * @param {LabScene} scene
 */
function draw(place, scene) {
  if (!svg)
    place.append(
      h('div', { class: 'plot-place whole parameters-place' }, (svg = s('svg', { class: 'lab-plot parameters', role: 'img' }))),
    );
  const { answer, say, step, go } = scene;
  const rows = rowsOf(answer.layers);
  const chosen = chosenOf(scene, rows);
  const { width, height, text } = measured(/** @type {HTMLElement} */ (svg.parentElement));
  const narrow = width < 52 * text;
  const tall = Math.min(4.4 * text, height / (rows.length + 2.4));
  const size = Math.min(text * (narrow ? 1 : 1.3), tall * 0.72);
  const wide = (/** @type {string[]} */ texts) =>
    Math.max(...texts.map((each) => [...each].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.58), 0))) * size;
  const reached = (/** @type {number} */ i) => step === null || i <= step;
  const most = Math.max(...rows.map(({ count }) => count));
  const total = rows.reduce((sum, { count }, i) => sum + (reached(i) ? count : 0), 0);
  const shapes = rows.map(({ layers }) => layers[layers.length - 1].output_shape.map(grouped).join(' × '));
  const sums = rows.map(({ layers }) =>
    layers.length > 1 ? say('several_layers', { count: layers.length }) : written(layers[0]),
  );
  const counts = rows.map(({ count }) => grouped(count));
  const shares = rows.map(({ count }) => percent(count / answer.total));
  const heads = ['layer_name', 'layer_out', 'layer_sum', 'layer_count'].map((key) => say(key));
  const named = wide([...rows.map(({ name }) => name), heads[0], say('layer_total'), say('layer_so_far')]) + size;
  const out = narrow ? 0 : wide([...shapes, heads[1]]) + 1.6 * size;
  const sum = narrow ? 0 : wide([...sums, heads[2]]) + 1.4 * size;
  const number = wide([...counts, heads[3], grouped(answer.total)]) + size;
  const share = wide(['< 0.1%']) + 0.6 * size;
  const left = named + out + sum + number + share;
  const top = tall * 1.2;
  const word = (
    /** @type {number} */ x,
    /** @type {number} */ y,
    /** @type {string} */ said,
    /** @type {Record<string, any>} */ more = {},
  ) => s('text', { x, y: y + tall / 2 + 0.36 * size, 'font-size': size, ...more }, said);
  for (const [key, value] of Object.entries({
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    'aria-label': say('parameters_of', { network: say(`network_${scene.values.network}`), total: grouped(answer.total) }),
  }))
    svg.setAttribute(key, String(value));
  const pad = 0.5 * size;
  const end = named + out + sum + number - size;
  svg.replaceChildren(
    s(
      'g',
      { class: 'axes' },
      word(pad, 0, heads[0]),
      narrow ? null : [word(named, 0, heads[1]), word(named + out, 0, heads[2])],
      word(end, 0, heads[3], { 'text-anchor': 'end' }),
    ),
    ...rows.map((row, i) => {
      const y = top + i * tall;
      const shown = reached(i);
      const thick = tall * 0.6;
      let x = left;
      const parts = shown
        ? kindsOf(row.layers).map(([kind, count]) => {
            const long = Math.max(1, ((width - left - 8) * count) / most);
            x += long;
            return s('rect', {
              class: `bar series-${SERIES[kind]}`,
              x: x - long,
              y: y + (tall - thick) / 2,
              width: long,
              height: thick,
            });
          })
        : [];
      return s(
        'g',
        { class: `layer-row${i === chosen ? ' chosen' : ''}`, 'data-layer': row.name, onclick: () => go(i) },
        s('rect', { class: 'layer-ground', x: 1.5, y: y + 1, width: width - 3, height: tall - 2, rx: 4 }),
        word(pad, y, row.name),
        narrow ? null : [word(named, y, shapes[i]), word(named + out, y, sums[i])],
        shown
          ? [
              word(end, y, counts[i], { 'text-anchor': 'end', 'data-role': 'count' }),
              word(end + share + 0.2 * size, y, shares[i], { 'text-anchor': 'end', class: 'share' }),
            ]
          : null,
        parts,
      );
    }),
    s(
      'g',
      { class: 'layer-total' },
      word(pad, top + rows.length * tall, say(step === null ? 'layer_total' : 'layer_so_far')),
      word(end, top + rows.length * tall, grouped(total), { 'text-anchor': 'end', 'data-role': 'total' }),
    ),
  );
}

/** Parameters by kind of layer, most first. @param {Layer[]} layers @returns {[string, number][]} */
function kindsOf(layers) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const layer of layers) found.set(layer.kind, (found.get(layer.kind) ?? 0) + countOf(layer));
  return [...found].sort((a, b) => b[1] - a[1]);
}

/** Every layer of the row multiplied out. @param {LabScene} scene @returns {HTMLElement[]} */
function card(scene) {
  const rows = rowsOf(scene.answer.layers);
  const row = rows[chosenOf(scene, rows)];
  const { say } = scene;
  const lines = row.layers.map((layer) =>
    h(
      'div',
      { class: 'lab-terms', 'data-layer': layer.name },
      h('span', { class: 'group-name' }, `${layer.name} (${say(`kind_${layer.kind}`)})`),
      factorsOf(layer).map((factor, i) => h('span', { class: 'term' }, i ? '× ' : '', num(grouped(factor), 'factor'))),
      layer.biases ? h('span', { class: 'term' }, '+ ', num(grouped(layer.biases), 'bias')) : null,
      h('span', { class: 'term' }, '= ', num(grouped(countOf(layer)), 'result', { class: 'num result' })),
    ),
  );
  const partial = row.layers.some(({ kind, inputs }) => kind === 'conv2d' && !inputs)
    ? say('layer_partial', { pairs: row.layers[0].kernels })
    : '';
  const [first] = row.layers;
  return [
    h('p', { class: 'quiet' }, partial || say(row.layers.length > 1 ? 'layer_block' : `rule_${first.kind}`)),
    h('div', { class: `lab-sums${lines.length > 2 ? ' layer-sums' : ''}` }, lines),
  ];
}

/** How much of it is which kind of layer. @param {LabScene} scene */
const side = ({ answer, say }) =>
  kindsOf(answer.layers).map(([kind, count]) =>
    h(
      'p',
      { class: `kind-share series-${SERIES[kind]}` },
      h('span', { class: 'curve-swatch' }),
      ` ${say(`kind_${kind}`)}: `,
      num(grouped(count), 'kind'),
      ` (${percent(count / answer.total)})`,
    ),
  );

const on = (/** @type {{view: string}} */ { view }) => view === VIEW;

/** The lab with one view more. @param {Lab} lab @returns {Lab} */
export const withParameters = (lab) => ({
  ...lab,
  fields: [
    ...lab.fields.map((field) => ({
      ...field,
      when: (/** @type {Values} */ values) => values.view !== VIEW && (field.when?.(values) ?? true),
    })),
    { key: 'network', kind: 'choice', options: NETWORKS, start: NETWORKS[0], when: (values) => values.view === VIEW },
  ],
  views: [...(lab.views ?? []), VIEW],
  ask: (values, view) =>
    view === VIEW ? { op: 'network_size', body: { input: values.network, steps: false } } : lab.ask(values, view),
  steps: (scene) => (on(scene) ? rowsOf(scene.answer?.layers ?? []).length : lab.steps(scene)),
  figure: (scene) => (on(scene) ? null : (lab.figure?.(scene) ?? null)),
  stage(place, scene) {
    if (on(scene)) draw(place, scene);
    else lab.stage?.(place, scene);
  },
  card: (scene) => (on(scene) ? card(scene) : lab.card(scene)),
  side: (scene) => (on(scene) ? side(scene) : (lab.side?.(scene) ?? [])),
  caption: (scene) => (on(scene) ? scene.say('caption_parameters') : lab.caption(scene)),
  numbers: (scene) =>
    on(scene)
      ? {
          layers: scene.answer.layers.map((/** @type {Layer} */ { weights, biases }) => [weights, biases]),
          output: scene.answer.output,
          total: scene.answer.total,
        }
      : (lab.numbers?.(scene) ?? { output: scene.answer?.output }),
  code: (scene) => (on(scene) ? (scene.answer?.code ?? '') : (lab.code?.(scene) ?? scene.answer?.code ?? '')),
});
