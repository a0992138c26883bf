/**
 * Image filters: a picture of one's own or the camera, convolved live; every pixel's sum; and a crop worked off pixel by pixel
 * by the engine.
 */
/** @import { Lab, LabScene, Values } from '../core/lab/types.js' */
/** @import { Development, Frame } from '../core/lab/develop.js' */
/** @import { Source } from '../core/lab/filter.js' */
/** @import { Developed } from '../view/lab/darkroom.js' */
/** @import { Pixel } from '../core/lab/zoom.js' */
import { sourceOf } from '../core/lab/develop.js';
import { windowAt } from '../core/lab/filter.js';
import { flat } from '../core/lab/grids.js';
import { FILTERS, kernelsOf, rangeOf, sumOf } from '../core/lab/kernels.js';
import { compareStage } from '../view/lab/compare.js';
import { darkroom } from '../view/lab/darkroom.js';
import { h } from '../view/dom.js';
import { cropOf, filterRequest, lengths, outputPlanes, pixelFigure } from '../view/lab/filter-figure.js';
import { film } from '../view/lab/filter-film.js';
import { pictureChoice } from '../view/lab/picture-tools.js';
import { sumsOf } from '../view/lab/filter-sums.js';
import { chosen, pictureFields, pictureSource, sizeOf } from './picture.js';

const IDENTITY = [
  [0, 0, 0],
  [0, 1, 0],
  [0, 0, 0],
];
const SIZED = ['box', 'gaussian', 'gabor'];
const CARDS = 300; // ms: how often the sums follow the camera
const WIPES = 11; // steps in which the line goes over the picture, from the original to the result
const pictures = pictureSource();
const room = darkroom(arrived);

/** What the address does not hold: the pixel under the mouse, the camera's frame, and when the sums were last written.
 * @type {{pointed: Pixel | null, scene: LabScene | null, frame: Frame | null, told: number}} */
const now = { pointed: null, scene: null, frame: null, told: 0 };
/** @type {ReturnType<typeof compareStage> | null} */
let compare = null;
/** @type {{values: Values | null, key: string, how: Development | null}} */
let kept = { values: null, key: '', how: null };

/** @param {Values} values */
const kernelsFor = (values) => kernelsOf(/** @type {any} */ (values));

/**
 * How results become brightness: the sign matters with filters that answer 0 to even areas.
 * @param {Values} values
 * @returns {{look: import('../core/lab/develop.js').Look, gain: number, signed: boolean}}
 */
function lookOf(values) {
  const kernels = kernelsFor(values);
  if (kernels.length > 1) return { look: 'plain', gain: values.gain, signed: false };
  const signed = rangeOf(kernels)[0] < 0 && Math.abs(sumOf(kernels[0])) < 1e-6;
  return signed
    ? { look: values.look, gain: values.gain * (values.look === 'middle' ? 0.5 : 1), signed }
    : { look: 'plain', gain: 1, signed };
}

/**
 * What is to be done with the picture: the same object for as long as it says the same, for pointing and stepping ask often.
 * @param {Values} values
 * @returns {Development}
 */
function howOf(values) {
  if (kept.values === values && kept.how) return kept.how;
  const { colour, noise, seed } = values;
  const { look, gain } = lookOf(values);
  const how = { kernels: kernelsFor(values), colour, noise, seed, look, gain };
  const key = JSON.stringify(how);
  kept = { values, key, how: kept.how && key === kept.key ? kept.how : how };
  return kept.how ?? how;
}

/**
 * Both pictures of what is set, or the last ones while these are on their way; null before the first.
 * @param {Values} values
 * @returns {Developed | null}
 */
function developed(values) {
  const frame = now.frame ?? pictures.held();
  return frame && room.develop(frame, howOf(values));
}

/**
 * The picture before the filter, in numbers: what is set, or what the camera shows.
 * @param {Values} values
 * @returns {Source | null}
 */
function sourceNow(values) {
  if (now.frame) return room.shown()?.source ?? null;
  const frame = pictures.held();
  return frame && sourceOf(frame, howOf(values));
}

/** Draws again what has changed beside the state. */
const redraw = () => now.scene?.go(now.scene.state.step);

/** Which result of the crop is looked at. @param {LabScene} scene */
const position = ({ hover, step }) => (hover && /^y/.test(hover.grid) ? hover.index : (step ?? 0));

/** The pixel whose sum is shown. @param {LabScene} scene @param {Source} source @returns {Pixel} */
function lookedAt(scene, { rows, columns }) {
  if (scene.view === 'pixels') {
    const crop = cropOf(scene.values, rows, columns);
    const at = Math.min(position(scene), crop.rows * crop.columns - 1);
    return { row: crop.top + Math.floor(at / crop.columns), column: crop.left + (at % crop.columns) };
  }
  const { row, column } = now.pointed ?? { row: scene.values.row - 1, column: scene.values.column - 1 };
  return { row: Math.min(row, rows - 1), column: Math.min(column, columns - 1) };
}

// The camera

const camera = film({
  busy: room.busy,
  frame(frame) {
    now.frame = frame;
    const before = room.shown();
    if (now.scene && now.scene.view !== 'pixels' && developed(now.scene.values) !== before) arrived();
  },
  stopped() {
    now.frame = null;
    now.scene?.set({});
  },
  problem(code) {
    pictures.say(code);
    redraw();
  },
});

/** New pictures are there: those of a film are painted at once, and all that is said about them follows when there is time. */
function arrived() {
  const pair = room.shown();
  const time = performance.now();
  if (!pair) return;
  if (camera.on() && compare) {
    compare.repaint(pair);
    camera.developed(pair.took);
    if (time - now.told < CARDS) return;
    now.told = time;
  }
  redraw();
}

/** The frame that is shown becomes one's own picture. @param {LabScene} scene */
const freeze = (scene) =>
  camera.freeze(async (picture) => {
    if (picture) await pictures.bring(picture, scene);
  });

// Drawing

/** @param {LabScene} scene @param {Developed} pair */
function readout({ say }, { rows, columns }) {
  const size = sizeOf(say, now.frame ? { rows, columns } : { rows, columns, file: pictures.held()?.file });
  const rate = camera.rate();
  return rate ? `${size} · ${say('rate', { rate })}` : size;
}

/** Percent of the width that is left of the line at a step. @param {number} step */
const lineAt = (step) => Math.max(0, 100 - (100 * step) / (WIPES - 1));

/** @param {LabScene} scene @param {Developed} pair */
function drawStage(scene, pair) {
  const source = sourceNow(scene.values);
  if (!compare || !source) return;
  const { values, colours } = scene;
  const pixel = lookedAt(scene, source);
  const kernels = kernelsFor(values);
  compare.draw({
    developed: pair,
    beside: scene.view === 'beside',
    divider: scene.step === null ? values.divider : lineAt(scene.step),
    look: { across: values.across, middle: { row: values.middle_row - 1, column: values.middle_column - 1 } },
    pixel,
    kernels: values.filter === 'own' ? [values.k] : kernels,
    own: values.filter === 'own',
    guide: isGabor(values) ? /** @type {any} */ (values) : null,
    live: camera.on(),
    readout: readout(scene, pair),
    problem: pictures.problem(scene.say),
    pending: room.pending(),
    windows: Array.from({ length: source.colours }, (_, c) => windowAt(source, c, kernels[0], pixel.row, pixel.column)),
    accent: colours.accent,
    ground: colours.ground,
  });
}

/** What people do to the picture always acts on the scene that is shown. @returns {ReturnType<typeof compareStage>} */
function stageOf() {
  const scene = () => /** @type {LabScene} */ (now.scene);
  return compareStage({
    say: (key, values) => scene().say(key, values),
    divide(divider) {
      scene().go(null);
      scene().set({ divider });
    },
    look: ({ across, middle: { row, column } }) => scene().set({ across, middle_row: row + 1, middle_column: column + 1 }),
    pin: ({ row, column }) => scene().set({ row: row + 1, column: column + 1 }),
    point(pixel) {
      now.pointed = pixel;
      redraw();
    },
    file: (file) => pictures.bring(file, scene()),
    freeze: () => freeze(scene()),
    camera: () => {
      pictures.say('');
      if (camera.on()) camera.stop();
      else camera.start();
    },
    kernel: (k) => scene().set({ filter: 'own', k, ...(scene().values.filter === 'own' ? {} : { normalise: false }) }),
  });
}

const isGabor = (/** @type {Values} */ { filter }) => filter === 'gabor';
const isSized = (/** @type {Values} */ values) => SIZED.includes(values.filter);
const inPixels = (/** @type {Values} */ values) => values.view === 'pixels';

/** @type {Lab} */
export default {
  fields: [
    { key: 'filter', kind: 'choice', options: FILTERS, start: 'sobel_x' },
    { key: 'size', kind: 'whole', start: 9, least: 3, most: 21, step: 2, when: isSized },
    {
      key: 'sigma',
      kind: 'number',
      start: 2,
      least: 0.3,
      most: 7,
      step: 0.1,
      slider: true,
      when: ({ filter }) => filter === 'gaussian' || filter === 'gabor',
    },
    { key: 'angle', kind: 'whole', start: 0, least: 0, most: 180, step: 5, slider: true, when: isGabor },
    { key: 'wavelength', kind: 'number', start: 6, least: 2, most: 20, step: 0.5, slider: true, when: isGabor },
    { key: 'aspect', kind: 'number', start: 1, least: 0.2, most: 2, step: 0.1, slider: true, secondary: true, when: isGabor },
    { key: 'phase', kind: 'whole', start: 0, least: 0, most: 360, step: 15, slider: true, secondary: true, when: isGabor },
    { key: 'normalise', kind: 'flag', start: false, when: ({ filter }) => filter === 'own' },
    ...pictureFields('school-bus'),
    { key: 'noise', kind: 'whole', start: 0, least: 0, most: 80, slider: true, secondary: true },
    { key: 'seed', kind: 'whole', start: 1, least: 1, most: 999, secondary: true, when: ({ noise }) => noise > 0 },
    { key: 'colour', kind: 'flag', start: false, secondary: true },
    {
      key: 'look',
      kind: 'choice',
      options: ['middle', 'absolute'],
      start: 'middle',
      secondary: true,
      when: (values) => lookOf(values).signed,
    },
    {
      key: 'gain',
      kind: 'number',
      start: 1,
      least: 0.1,
      most: 8,
      step: 0.1,
      slider: true,
      secondary: true,
      when: (values) => lookOf(values).signed || kernelsFor(values).length > 1,
    },
    { key: 'side', kind: 'whole', start: 6, least: 1, most: 64, when: inPixels },
    { key: 'row', kind: 'whole', start: 193, least: 1, most: 4096, when: inPixels },
    { key: 'column', kind: 'whole', start: 63, least: 1, most: 4096, when: inPixels },
    { key: 'k', kind: 'grid', rank: 2, start: IDENTITY, most: 21, hidden: true },
    { key: 'divider', kind: 'whole', start: 50, least: 0, most: 100, hidden: true },
    { key: 'across', kind: 'whole', start: 0, least: 0, most: 4096, hidden: true },
    { key: 'middle_row', kind: 'whole', start: 128, least: 1, most: 4096, hidden: true },
    { key: 'middle_column', kind: 'whole', start: 128, least: 1, most: 4096, hidden: true },
  ],
  views: ['compare', 'beside', 'pixels'],
  adapt: (values, changed) => ({
    ...chosen(values, changed),
    size: values.size % 2 ? values.size : values.size + 1,
    ...(changed.includes('sample') || changed.includes('photo') ? { across: 0 } : {}),
  }),
  ask(values) {
    pictures.of(values, () => now.scene?.set({}));
    const source = sourceNow(values);
    return source && filterRequest(values, source);
  },
  steps({ view, answer }) {
    if (view !== 'pixels') return view === 'compare' ? WIPES : 0;
    if (!answer) return 0;
    return flat(outputPlanes(answer.output)[0]).length;
  },
  figure(scene) {
    now.scene = scene;
    const source = scene.view === 'pixels' && scene.answer ? sourceNow(scene.values) : null;
    if (source && camera.on()) freeze(scene);
    return source && pixelFigure(scene, source, lookOf(scene.values), position(scene));
  },
  stage(place, scene) {
    now.scene = scene;
    const pair = developed(scene.values);
    if (!pair) return;
    if (!compare) place.append((compare = stageOf()).root);
    drawStage(scene, pair);
  },
  picture: (file, scene) => {
    camera.stop();
    pictures.bring(file, scene);
  },
  card(scene) {
    now.scene = scene;
    const source = sourceNow(scene.values);
    return source ? sumsOf(scene, source, lookedAt(scene, source)) : [];
  },
  side(scene) {
    const { values, view, say } = scene;
    const kernels = kernelsFor(values);
    const [low, high] = rangeOf(kernels).map((value) => String(Math.round(value)).replace('-', '−'));
    const problem = view === 'pixels' ? pictures.problem(say) : '';
    const line = (/** @type {string} */ key, /** @type {Record<string, string | number>} */ about) =>
      h('p', { class: 'quiet' }, say(key, about));
    return [
      problem ? h('p', { class: 'warning', role: 'status' }, problem) : null,
      kernels.length === 1 ? line('sum', { sum: String(Number(sumOf(kernels[0]).toFixed(4))).replace('-', '−') }) : null,
      line('range', { low, high }),
      ...['formula', 'turned'].map((key) => {
        const text = scene.texts[`${key}_${values.filter}`];
        return text ? h('p', { class: `quiet num kernel-${key}` }, text) : null;
      }),
      view === 'pixels'
        ? h(
            'div',
            { class: 'compare-tools' },
            pictureChoice(say, (file) => pictures.bring(file, scene), 'crop-file'),
            kernels.length === 1 && values.filter !== 'own' && kernels[0].length <= 7
              ? h(
                  'button',
                  { class: 'plain', onclick: () => scene.set({ filter: 'own', k: kernels[0], normalise: false }) },
                  say('edit_kernel'),
                )
              : null,
          )
        : null,
    ];
  },
  caption({ values, view, step, answer, say }) {
    if (step !== null && view === 'compare') return say('caption_wipe', { percent: 100 - lineAt(step) });
    if (step !== null && view === 'pixels' && answer)
      return say('caption_step', { step: step + 1, count: flat(outputPlanes(answer.output)[0]).length });
    return say(view === 'pixels' ? 'caption_pixels' : 'caption', { about: say(`about_${values.filter}`) });
  },
  numbers({ values, answer }) {
    const asked = answer && sourceNow(values);
    const body = asked ? filterRequest(values, asked).body : null;
    const pair = kernelsFor(values).length === 2;
    return body
      ? {
          input: body.input,
          kernel: kernelsFor(values),
          output: answer.output,
          ...(pair ? { length: lengths(outputPlanes(answer.output)) } : {}),
        }
      : {};
  },
  code({ values, answer }) {
    const pair = kernelsFor(values).length === 2;
    const tail = pair ? 'length = torch.hypot(output[0::2], output[1::2])  # of both directions\nprint(length)\n' : '';
    return answer ? answer.code + tail : '';
  },
};
