/**
 * The size calculator for layers of any size: how the windows come to lie along a side, what is cut off, and how many weights
 * each kind of connection takes.
 */
/** @import { LabScene, Values } from '../../core/lab/types.js' */
/** @import { Area, Entry } from './ledger.js' */
import { product } from '../../core/lab/costs.js';
import { h, num, s } from '../dom.js';
import { arrow, block } from './blocks.js';
import { emsOf, ledger } from './ledger.js';
import { halved, sheet } from './sheet.js';

export const grouped = (/** @type {number | bigint} */ count) => count.toLocaleString('en-US');

/** The walk: along a side, then the weights. */
const ALONG = ['room', 'reach', 'jumps', 'positions'];
const WEIGHTS = ['full', 'local', 'shared'];
const MOST_TICKS = 240;

/**
 * A product written out, exactly.
 * @param {LabScene['say']} say
 * @param {string} name
 * @param {(number | bigint)[]} factors
 * @returns {HTMLElement}
 */
export const productLine = (say, name, factors) =>
  h(
    'div',
    { class: 'lab-terms' },
    h('span', { class: 'group-name' }, say('named', { name })),
    factors.map((factor, i) => h('span', { class: 'term' }, i ? '× ' : '', num(grouped(factor), 'factor'))),
    h('span', { class: 'term' }, '= ', num(grouped(product(factors)), 'product', { class: 'num result' })),
  );

/** What the engine is asked. @param {Values} values */
export const sizesAsked = ({ side, size, stride, padding, dilation, equal, from, to }) => ({
  op: 'conv2d_size',
  body: {
    input: side,
    kernel: size,
    stride: equal ? 1 : stride,
    padding: equal ? 'same' : padding,
    dilation,
    in_channels: from,
    out_channels: to,
    steps: false,
  },
});

/** How the windows lie along a side, in input cells. @param {LabScene} scene */
function sideOf({ answer }) {
  const { input, kernel, stride, padding, dilation, output, cut } = answer.sizes.rows;
  const [before, after] = padding;
  return {
    input,
    kernel,
    stride,
    before,
    after,
    dilation,
    output,
    cut,
    room: input + before + after,
    reach: dilation * (kernel - 1) + 1,
  };
}

/** The size of the output in four lines. @param {LabScene} scene @returns {Entry[]} */
function alongEntries(scene) {
  const { say, step } = scene;
  const { input, kernel, stride, before, after, dilation, output, room, reach } = sideOf(scene);
  const exact = (room - reach) / stride;
  const jumps = Number.isInteger(exact) ? grouped(exact) : `${exact.toFixed(2)} → ${grouped(output - 1)}`;
  const sums = [
    `${grouped(input)} + ${before} + ${after} = ${grouped(room)}`,
    `${dilation} × (${grouped(kernel)} − 1) + 1 = ${grouped(reach)}`,
    `(${grouped(room)} − ${grouped(reach)}) / ${stride} = ${jumps}`,
    `${grouped(output - 1)} + 1 = ${grouped(output)}`,
  ];
  return ALONG.map((key, i) => ({
    key,
    name: say(`along_${key}`),
    parts: step === null || i <= step ? [{ text: sums[i], now: i === step }] : [],
    whole: sums[i],
    strong: key === 'positions',
  }));
}

/** What is multiplied for each kind of connection. @param {LabScene} scene @returns {{key: string, factors: number[]}[]} */
function connections({ values: { side, size, from, to }, answer }) {
  const [high, wide] = answer.output;
  return [
    { key: 'full', factors: [side, side, from, high, wide, to] },
    { key: 'local', factors: [high, wide, to, size, size, from] },
    { key: 'shared', factors: [size, size, from, to] },
  ];
}

/** @param {LabScene} scene @returns {Entry[]} */
function weightEntries(scene) {
  const reached = (scene.step ?? 0) - ALONG.length;
  return connections(scene).map(({ key, factors }, i) => {
    const whole = `${factors.map(grouped).join(' × ')} = ${grouped(product(factors))}`;
    return {
      key,
      name: scene.say(`connected_${key}`),
      parts: i <= reached ? [{ text: whole, now: i === reached }] : [],
      whole,
    };
  });
}

/** Input and output as blocks, what the walk speaks of marked on them. @param {LabScene} scene @param {Area} area @param {number} text */
function twoBlocks({ values: { side, size, from, to, stride, equal }, answer, say, step }, { x, y, width, height }, text) {
  const largest = { side: Math.max(side, ...answer.output), channels: Math.max(from, to, 64) };
  const weights = WEIGHTS[(step ?? 0) - ALONG.length];
  const third = (/** @type {number} */ at) => ({ x: x + at * width, y, width: 0.34 * width, height });
  const reads = { full: { part: 'all' }, local: { part: 'channels', size }, shared: { part: 'channels', size } }[weights];
  const makes = weights ? { part: weights === 'shared' ? 'places' : 'window', size: 1 } : {};
  return [
    block({ side, channels: from, ...reads }, third(0), largest, text),
    arrow(
      [`${grouped(to)} ×`, `${size} × ${size} × ${grouped(from)}`],
      { x: x + 0.34 * width, y, width: 0.32 * width, height: height - 1.6 * text },
      text,
      { under: !equal && stride > 1 ? `${say('stride')} ${stride}` : '' },
    ),
    block({ side: answer.output[0], channels: to, later: step !== null && step < 3, ...makes }, third(0.66), largest, text),
  ];
}

/**
 * What a ruler is drawn with: places along a side as px, bars over it, words above and below.
 * @param {Area} area
 * @param {number} room   cells along it
 * @param {number} text
 */
function rulerTools({ x, y, width, height }, room, text) {
  const unit = (width - text) / room;
  const at = (/** @type {number} */ place) => x + 0.5 * text + place * unit;
  const tall = Math.min(1.6 * text, height / 5);
  const top = y + height / 2 - tall / 2;
  return {
    at,
    low: top + tall,
    tick: tall / 2,
    bar: (/** @type {string} */ kind, /** @type {number} */ from, /** @type {number} */ to, more = 0) =>
      s('rect', { class: kind, x: at(from), y: top - more, width: Math.max(3, (to - from) * unit), height: tall + 2 * more }),
    word(/** @type {number} */ place, /** @type {boolean} */ above, /** @type {string} */ said, kind = '') {
      const half = (emsOf(said) * text) / 2;
      const middle = Math.min(x + width - half, Math.max(x + half, at(place)));
      const line = above ? top - 0.7 * text : top + 1.5 * tall + 1.15 * text;
      return s('text', { class: kind, x: middle, y: line, 'font-size': text, 'text-anchor': 'middle' }, said);
    },
  };
}

/**
 * A side as a ruler: the input between its padding, the window at every place where it stops, and what is left over.
 * @param {LabScene} scene
 * @param {Area} area
 * @param {number} text
 */
function ruler(scene, area, text) {
  const { step, say } = scene;
  const { input, before, stride, output, cut, room, reach } = sideOf(scene);
  const { at, low, tick, bar, word } = rulerTools(area, room, text);
  const shown = (/** @type {string} */ key) => step === null || step >= ALONG.indexOf(key);
  const every = Math.max(1, Math.ceil(output / MOST_TICKS));
  const last = (output - 1) * stride;
  const starts = Array.from({ length: Math.ceil(output / every) }, (_, i) => at(i * every * stride));
  return s(
    'g',
    { class: 'size-ruler' },
    bar('ruler-padding', 0, room),
    bar('ruler-input', before, before + input),
    word(room / 2, true, grouped(room)),
    shown('reach') ? [bar('ruler-window', 0, reach, 3), word(reach / 2, true, grouped(reach), 'accent')] : null,
    shown('jumps')
      ? [
          starts.map((x) => s('line', { class: 'ruler-tick', x1: x, x2: x, y1: low, y2: low + tick })),
          output > 1 ? bar('ruler-window dashed', last, last + reach, 3) : null,
          word(last / 2, false, say('ruler_jumps', { count: grouped(output - 1), stride })),
        ]
      : null,
    shown('positions') && cut
      ? [bar('ruler-cut', room - cut, room), word(room, false, say('ruler_cut', { count: cut }), 'rest')]
      : null,
  );
}

/** @param {HTMLElement} place @param {LabScene} scene */
function draw(place, scene) {
  sheet(place, scene.say('caption_sizes'), (all) => {
    const { pictures, words } = halved(all, all.narrow ? 0.6 : 0.48);
    const upper = 0.58 * pictures.height;
    return [
      twoBlocks(scene, { ...pictures, height: upper }, all.text),
      ruler(scene, { ...pictures, y: pictures.y + upper, height: pictures.height - upper }, all.text),
      ledger(scene.step !== null && scene.step >= ALONG.length ? weightEntries(scene) : alongEntries(scene), words, all.text),
    ];
  });
}

/** @param {LabScene} scene */
function caption(scene) {
  const { step, say } = scene;
  if (step === null) return say('caption_sizes');
  const { input, before, after, stride, output, cut, reach, room } = sideOf(scene);
  if (step >= ALONG.length) return say(`sizes_${WEIGHTS[step - ALONG.length]}`);
  return say(`sizes_${ALONG[step]}${ALONG[step] === 'positions' && cut ? '_cut' : ''}`, {
    input,
    padding: before + after,
    room,
    reach,
    stride,
    jumps: output - 1,
    output,
    cut,
  });
}

/** The line of the step; without a walk the weights, each kind multiplied out. @param {LabScene} scene @returns {HTMLElement[]} */
function card(scene) {
  const { say, step } = scene;
  const along = step === null ? null : alongEntries(scene)[step];
  if (along)
    return [
      h(
        'div',
        { class: 'lab-terms large' },
        h('span', { class: 'group-name' }, say('named', { name: along.name })),
        h('span', { class: 'term num' }, along.whole),
      ),
    ];
  const shown = connections(scene).slice(0, step === null ? WEIGHTS.length : step - ALONG.length + 1);
  return [
    h('p', { class: 'quiet' }, say('weights_line')),
    h(
      'div',
      { class: 'lab-sums' },
      shown.map(({ key, factors }) => productLine(say, say(`connected_${key}`), factors)),
    ),
  ];
}

/** @type {import('./sheet.js').CountedView} */
export const layerSizes = {
  steps: ({ answer }) => (answer ? ALONG.length + WEIGHTS.length : 0),
  draw,
  card,
  caption,
  code: ({ answer }) => answer?.code ?? '',
  numbers: ({ answer }) => ({ output: answer.output, ...answer.weights }),
};
