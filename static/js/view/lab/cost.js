/**
 * What a convolution costs in multiplications: directly, and through a 1 × 1 bottleneck, as in an inception block (Szegedy et
 * al. 2014); built up factor by factor.
 */
/** @import { LabScene, Values } from '../../core/lab/types.js' */
/** @import { Line } from '../../core/lab/costs.js' */
/** @import { Area, Entry } from './ledger.js' */
import { LAYER_STEPS, PARTS, costs, linesOf, product, reachedAt, timesOf } from '../../core/lab/costs.js';
import { h, num } from '../dom.js';
import { arrow, block } from './blocks.js';
import { grouped, productLine } from './counted.js';
import { ledger } from './ledger.js';
import { halved, sheet } from './sheet.js';

/** Shares of the pictures' width: a block, and the way to the next. */
const BLOCK = 0.2;
const WAY = (1 - 3 * BLOCK) / 2;

/** What the walk writes of a line. @param {Line} line @param {number} upTo   parts @param {number} now */
function written({ factors }, upTo, now) {
  const shown = factors.slice(0, upTo);
  const total = product(shown.flat());
  return shown.length
    ? [
        ...shown.map((part, i) => ({ text: `${i ? ' × ' : ''}${part.map(grouped).join(' × ')}`, now: i === now })),
        { text: ` = ${grouped(total)}` },
      ]
    : [];
}

/** The three products and their sum, as far as the walk has come. @param {LabScene} scene @returns {Entry[]} */
function entriesOf({ values, step, say }) {
  const reached = reachedAt(step);
  const { direct, squeeze, widen, through } = costs(values);
  const most = Number(direct > through ? direct : through);
  const entries = linesOf(values).map((line, i) => {
    const upTo = i < reached.line ? PARTS.length : i === reached.line ? reached.part + 1 : 0;
    const so = upTo ? product(line.factors.slice(0, upTo).flat()) : 0n;
    const from = i === 2 ? Number(squeeze) / most : 0; // what comes second is laid after what comes first
    return {
      key: line.key,
      name: say(line.key),
      parts: written(line, upTo, i === reached.line ? reached.part : -1),
      whole: written(line, PARTS.length, -1)
        .map(({ text }) => text)
        .join(''),
      bar: { from, to: from + Number(so) / most, series: i ? 0 : 1 },
    };
  });
  const sum = `${grouped(squeeze)} + ${grouped(widen)} = ${grouped(through)}`;
  return [
    ...entries,
    { key: 'through', name: say('bottleneck'), parts: reached.line > 2 ? [{ text: sum }] : [], whole: sum, strong: true },
  ];
}

/**
 * Both ways as blocks, the part that is counted marked on them.
 * @param {LabScene} scene
 * @param {Area} area
 * @param {number} text
 */
function ways({ values: { side, from, to, size, between }, step }, { x, y, width, height }, text) {
  const { line, part } = reachedAt(step);
  const counted = PARTS[part] ?? '';
  const largest = { side, channels: Math.max(from, to, between) };
  const tall = height / 2;
  const at = (/** @type {number} */ slot, /** @type {number} */ way) => ({
    x: x + slot * (BLOCK + WAY) * width,
    y: y + way * tall,
    width: BLOCK * width,
    height: tall,
  });
  const reads = (/** @type {number} */ own, /** @type {number} */ kernel) =>
    line === own && (counted === 'window' || counted === 'channels') ? { part: counted, size: kernel } : {};
  const makes = (/** @type {number} */ own) =>
    line === own && (counted === 'places' || counted === 'kernels') ? { part: counted } : {};
  const way = (/** @type {number} */ slot, /** @type {number} */ row, /** @type {number} */ slots) => ({
    x: x + (slot * (BLOCK + WAY) + BLOCK) * width,
    y: y + row * tall,
    width: ((slots - 1) * (BLOCK + WAY) + WAY) * width,
    height: tall - 1.6 * text,
  });
  const kernels = (/** @type {number} */ count, /** @type {number} */ kernel, /** @type {number} */ deep) => [
    `${count} ×`,
    `${kernel} × ${kernel} × ${deep}`,
  ];
  return [
    block({ side, channels: from, ...reads(0, size) }, at(0, 0), largest, text),
    arrow(kernels(to, size, from), way(0, 0, 2), text),
    block({ side, channels: to, ...makes(0) }, at(2, 0), largest, text),
    block({ side, channels: from, later: line < 1, ...reads(1, 1) }, at(0, 1), largest, text),
    arrow(kernels(between, 1, from), way(0, 1, 1), text, { later: line < 1 }),
    block({ side, channels: between, later: line < 1, ...makes(1), ...reads(2, size) }, at(1, 1), largest, text),
    arrow(kernels(to, size, between), way(1, 1, 1), text, { later: line < 2 }),
    block({ side, channels: to, later: line < 2, ...makes(2) }, at(2, 1), largest, text),
  ];
}

/** @param {HTMLElement} place @param {LabScene} scene */
function draw(place, scene) {
  sheet(place, scene.say('caption_cost'), (all) => {
    const { pictures, words } = halved(all, all.narrow ? 0.5 : 0.56);
    return [ways(scene, pictures, all.text), ledger(entriesOf(scene), words, all.text)];
  });
}

/** Fewer, or more: a bottleneck too wide costs. @param {LabScene['say']} say @param {{direct: bigint, through: bigint}} both */
export const savedBy = (say, { direct, through }) =>
  direct >= through ? say('saved', { times: timesOf(direct, through) }) : say('dearer', { times: timesOf(through, direct) });

/** What the part that is reached counts. @param {LabScene} scene */
function caption({ values, step, say }) {
  if (step === null) return say('caption_cost');
  const { line, part } = reachedAt(step);
  const both = costs(values);
  if (line > 2) return say('cost_sum', { through: grouped(both.through), saved: savedBy(say, both) });
  const { key, factors } = linesOf(values)[line];
  const [[side], [kernels], [size], [channels]] = factors;
  const so = (/** @type {number} */ parts) => grouped(product(factors.slice(0, parts).flat()));
  return say('cost_part', {
    way: say(key),
    said: say(`cost_${PARTS[part]}`, { side, kernels, size, channels, numbers: so(2), cells: size * size, count: so(4) }),
  });
}

/** The multiplication of the step; else all of them. @param {LabScene} scene @returns {HTMLElement} */
function card({ values, step, say }) {
  const { line, part } = reachedAt(step);
  const lines = linesOf(values);
  const both = costs(values);
  if (step !== null && line < 3) {
    const { key, factors } = lines[line];
    const before = product(factors.slice(0, part).flat());
    return h('div', { class: 'lab-sums large' }, productLine(say, say(key), part ? [before, ...factors[part]] : factors[0]));
  }
  return h(
    'div',
    { class: 'lab-sums' },
    step === null ? lines.map(({ key, factors }) => productLine(say, say(key), factors.flat())) : null,
    h(
      'div',
      { class: 'lab-terms' },
      h('span', { class: 'group-name' }, say('named', { name: say('bottleneck') })),
      h(
        'span',
        { class: 'term' },
        num(grouped(both.squeeze), 'product'),
        ' + ',
        num(grouped(both.widen), 'product'),
        ' = ',
        num(grouped(both.through), 'result', { class: 'num result' }),
      ),
      h('span', { class: 'term quiet' }, savedBy(say, both)),
    ),
  );
}

/**
 * The same count by PyTorch: the elements of a layer's output times those of one kernel.
 * @param {Values} values
 */
const codeOf = ({ side, from, to, size, between }) => `import torch
from torch import nn

def multiplications(layer, x):
    return layer(x).numel() * layer.weight[0].numel()

side = ${side}
direct = nn.Conv2d(${from}, ${to}, ${size}, padding="same", bias=False, device="meta")
squeeze = nn.Conv2d(${from}, ${between}, 1, bias=False, device="meta")
widen = nn.Conv2d(${between}, ${to}, ${size}, padding="same", bias=False, device="meta")
x = torch.empty(1, ${from}, side, side, device="meta")
between = torch.empty(1, ${between}, side, side, device="meta")
output = torch.tensor([multiplications(direct, x), multiplications(squeeze, x) + multiplications(widen, between)])
print(output)
`;

/** @type {import('./sheet.js').CountedView} */
export const layerCost = {
  steps: () => LAYER_STEPS,
  draw,
  card: (scene) => [card(scene)],
  caption,
  code: ({ values }) => codeOf(values),
  numbers: ({ values }) => costs(values),
};
