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
      [
        ...(!equal && stride > 1 ? [`${say('stride')} ${stride}`] : []),
        `${grouped(to)} ×`,
        `${size} × ${size} × ${grouped(from)}`,
      ],
      { x: x + 0.34 * width, y, width: 0.32 * width, height: height - 1.6 * text },
      text,
    ),
    block({ side: answer.output[0], channels: to, later: step !== null && step < 3, ...makes }, third(0.66), largest, text),
  ];
}

/**
 * A side as a ruler: the input between its padding, the window at every place where it stops, and what is left over.
 * @param {LabScene} scene
 * @param {Area} area
 * @param {number} text
 */
function ruler(scene, { x, y, width, height }, text) {
  const { step } = scene;
  const { input, before, stride, output, cut, room, reach } = sideOf(scene);
  const shown = (/** @type {string} */ key) => step === null || step >= ALONG.indexOf(key);
  const left = x + 0.5 * text;
  const unit = (width - text) / room;
  const at = (/** @type {number} */ place) => left + place * unit;
  const middle = y + height / 2;
  const tall = Math.min(1.6 * text, height / 5);
  const every = Math.max(1, Math.ceil(output / MOST_TICKS));
  const last = (output - 1) * stride;
  const word = (/** @type {number} */ place, /** @type {number} */ line, /** @type {string} */ said, kind = '') =>
    s(
      'text',
      {
        class: kind,
        x: Math.min(x + width - (emsOf(said) * text) / 2, Math.max(x + (emsOf(said) * text) / 2, at(place))),
        y: line,
        'font-size': text,
        'text-anchor': 'middle',
      },
      said,
    );
  const span = (/** @type {string} */ kind, /** @type {number} */ from, /** @type {number} */ to, more = 0) =>
    s('rect', {
      class: kind,
      x: at(from),
      y: middle - tall / 2 - more,
      width: Math.max(3, (to - from) * unit),
      height: tall + 2 * more,
    });
  return s(
    'g',
    { class: 'size-ruler' },
    span('ruler-padding', 0, room),
    span('ruler-input', before, before + input),
    shown('positions') && cut ? span('ruler-cut', room - cut, room) : null,
    shown('jumps')
      ? Array.from({ length: Math.ceil(output / every) }, (_, i) =>
          s('line', {
            class: 'ruler-tick',
            x1: at(i * every * stride),
            x2: at(i * every * stride),
            y1: middle + tall / 2,
            y2: middle + tall,
          }),
        )
      : null,
    shown('reach')
      ? [span('ruler-window', 0, reach, 3), word(reach / 2, middle - tall / 2 - 0.7 * text, grouped(reach), 'accent')]
      : null,
    shown('jumps') && output > 1 ? span('ruler-window dashed', last, last + reach, 3) : null,
    shown('jumps')
      ? word(last / 2, middle + tall + 1.15 * text, scene.say('ruler_jumps', { count: grouped(output - 1), stride }))
      : null,
    word(room / 2, middle - tall / 2 - 0.7 * text, grouped(room)),
    shown('positions') && cut
      ? word(room, middle + tall + 1.15 * text, scene.say('ruler_cut', { count: cut }), 'warning')
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
