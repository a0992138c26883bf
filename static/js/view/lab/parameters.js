/**
 * How many parameters whole networks have, layer by layer: a view that the convolution's lab has beside its own. The engine
 * counts torch's modules.
 */
/** @import { Lab, LabScene, Values } from '../../core/lab/types.js' */
import { h, num, s } from '../dom.js';
import { grouped } from './counted.js';
import { sheet } from './sheet.js';

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

/** @typedef {{out: number, sum: number, end: number, share: number, left: number}} Columns   where each begins or ends, in px */

/**
 * What stands in the table, and where its columns are.
 * @param {LabScene} scene
 * @param {Row[]} rows
 * @param {number} size   px of letters
 * @param {boolean} narrow
 */
function tableOf({ answer, say }, rows, size, narrow) {
  const wide = (/** @type {string[]} */ texts) => Math.max(...texts.map(widthOf)) * size;
  const shapes = rows.map(({ layers }) => layers[layers.length - 1].output_shape.map(grouped).join(' × '));
  const sums = rows.map(({ layers }) =>
    layers.length > 1 ? say('several_layers', { count: layers.length }) : written(layers[0]),
  );
  const counts = rows.map(({ count }) => grouped(count));
  const heads = ['layer_name', 'layer_out', 'layer_sum', 'layer_count'].map((key) => say(key));
  const out = wide([...rows.map(({ name }) => name), heads[0], say('layer_total'), say('layer_so_far')]) + size;
  const sum = out + (narrow ? 0 : wide([...shapes, heads[1]]) + 1.6 * size);
  const number = sum + (narrow ? 0 : wide([...sums, heads[2]]) + 1.4 * size);
  const end = number + wide([...counts, heads[3], grouped(answer.total)]);
  const share = end + wide(['< 0.1%']) + 0.8 * size;
  return { shapes, sums, counts, heads, at: /** @type {Columns} */ ({ out, sum, end, share, left: share + 0.8 * size }) };
}

/** In letters' sizes: Chinese characters are as wide as they are high. @param {string} text */
const widthOf = (text) => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.58), 0);

/**
 * A bar of its kinds of layers, one after the other.
 * @param {Row} row
 * @param {{x: number, y: number, width: number, height: number}} area   as wide as `most` parameters
 * @param {number} most
 */
function bars({ layers }, { x, y, width, height }, most) {
  let at = x;
  return kindsOf(layers).map(([kind, count]) => {
    const long = Math.max(1, (width * count) / most);
    at += long;
    return s('rect', { class: `bar series-${SERIES[kind]}`, x: at - long, y, width: long, height });
  });
}

/**
 * Layers down; what comes out of each, how its numbers are counted, and a bar for how many.
 * @param {LabScene} scene
 * @param {{width: number, height: number, text: number, narrow: boolean}} sheet
 */
function table(scene, { width, height, text, narrow }) {
  const { answer, say, step, go } = scene;
  const rows = rowsOf(answer.layers);
  const chosen = chosenOf(scene, rows);
  const tall = Math.min(4.4 * text, height / (rows.length + 2.4));
  const size = Math.min(text * (narrow ? 1 : 1.3), tall * 0.72);
  const reached = (/** @type {number} */ i) => step === null || i <= step;
  const most = Math.max(...rows.map(({ count }) => count));
  const { shapes, sums, counts, heads, at } = tableOf(scene, rows, size, narrow);
  const pad = 0.5 * size;
  const right = { 'text-anchor': 'end' };
  /** @type {(x: number, y: number, said: string, more?: Record<string, any>) => SVGElement} */
  const word = (x, y, said, more = {}) => s('text', { x, y: y + tall / 2 + 0.36 * size, 'font-size': size, ...more }, said);
  const line = (/** @type {Row} */ row, /** @type {number} */ i) => {
    const y = 1.2 * tall + i * tall;
    return s(
      'g',
      { class: `layer-row${i === chosen ? ' chosen' : ''}`, 'data-layer': row.name, onclick: () => go(i) },
      s('rect', { class: 'layer-ground', x: 1.5, y: y + 1, width: width - 3, height: tall - 2, rx: 4 }),
      word(pad, y, row.name),
      narrow ? null : [word(at.out, y, shapes[i]), word(at.sum, y, sums[i])],
      reached(i)
        ? [
            word(at.end, y, counts[i], { ...right, 'data-role': 'count' }),
            word(at.share, y, percent(row.count / answer.total), { ...right, class: 'share' }),
            bars(row, { x: at.left, y: y + 0.2 * tall, width: width - at.left - 8, height: 0.6 * tall }, most),
          ]
        : null,
    );
  };
  const foot = 1.2 * tall + rows.length * tall;
  return [
    s(
      'g',
      { class: 'axes' },
      word(pad, 0, heads[0]),
      narrow ? null : [word(at.out, 0, heads[1]), word(at.sum, 0, heads[2])],
      word(at.end, 0, heads[3], right),
    ),
    rows.map(line),
    s(
      'g',
      { class: 'layer-total' },
      word(pad, foot, say(step === null ? 'layer_total' : 'layer_so_far')),
      word(at.end, foot, grouped(soFar(rows, step)), { ...right, 'data-role': 'total' }),
    ),
  ];
}

/** @param {Row[]} rows @param {number | null} step */
const soFar = (rows, step) => rows.slice(0, step === null ? rows.length : step + 1).reduce((sum, { count }) => sum + count, 0);

/** @param {HTMLElement} place @param {LabScene} scene */
function draw(place, scene) {
  const { say, values, answer } = scene;
  const label = say('parameters_of', { network: say(`network_${values.network}`), total: grouped(answer.total) });
  sheet(place, label, (all) => table(scene, all));
}

/** The row of the step, and the sum so far. @param {LabScene} scene */
function caption({ step, answer, say }) {
  if (step === null) return say('caption_parameters');
  const rows = rowsOf(answer.layers);
  const row = rows[Math.min(step, rows.length - 1)];
  return say('caption_step_parameters', {
    step: step + 1,
    count: rows.length,
    name: row.name,
    own: grouped(row.count),
    sum: grouped(soFar(rows, step)),
  });
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
  caption: (scene) => (on(scene) ? caption(scene) : lab.caption(scene)),
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
