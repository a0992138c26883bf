/** What a computer sees: a picture as numbers, its red, green and blue, its grey, fewer levels of brightness, and the memory that it takes. */
/** @import { Lab, LabScene, Values } from '../core/lab/types.js' */
/** @import { Pixel } from '../core/lab/zoom.js' */
/** @import { PanelShown } from '../view/lab/panels.js' */
/** @import { Pixels } from './picture.js' */
import { greyOf } from '../core/lab/filter.js';
import { bitsOf, codeOf, levelAt, memoryOf, sizeText } from '../core/lab/levels.js';
import { has, t } from '../i18n.js';
import { camera } from '../view/camera.js';
import { h, num } from '../view/dom.js';
import { zoomPanels } from '../view/lab/panels.js';
import { termsLine } from '../view/lab/terms.js';
import { chosen, pictureFields, pictureSource } from './picture.js';

const LUMA = [0.299, 0.587, 0.114], NAMES = ['R', 'G', 'B'], LEVELS = ['2', '4', '8', '16', '32', '64', '128', '256'], MOST = 64, FEW = 16;
const pictures = pictureSource();
/** What the address does not hold. @type {{pointed: Pixel | null, scene: LabScene | null}} */
const now = { pointed: null, scene: null };
/** @type {ReturnType<typeof zoomPanels> | null} */
let panels = null;

const redraw = () => now.scene?.go(now.scene.state.step);

/** Red, green and blue of a pixel, bytes. @param {Pixels} frame @param {Pixel} pixel */
const bytesAt = ({ rgba, columns }, { row, column }) => Array.from(rgba.subarray(4 * (row * columns + column), 4 * (row * columns + column) + 3));

/** @param {Pixels} frame @param {Pixel} pixel */
const greyAt = (frame, pixel) => { const [r, g, b] = bytesAt(frame, pixel); return greyOf(r, g, b); };

/** A byte on the chosen scale, as it is printed. @param {number} value @param {Values} values */
const printed = (value, { scale }) => (scale === 'unit' ? (value / 255).toFixed(3) : String(Math.round(value)));

/** @param {Values} values */
const countOf = ({ levels }) => Number(levels);

/** A byte at the nearest of the levels. @param {number} value @param {Values} values */
const levelled = (value, values) => levelAt(codeOf(value, countOf(values)), countOf(values));

/** @type {Map<string, HTMLCanvasElement>} */
const sheets = new Map();

/** The picture with every pixel changed, made once. @param {Pixels} frame @param {string} kind @param {(bytes: number[]) => number[]} change @returns {HTMLCanvasElement} */
function sheetOf(frame, kind, change) {
  const key = `${frame.key} ${kind}`, found = sheets.get(key);
  if (found) return found;
  const canvas = Object.assign(document.createElement('canvas'), { width: frame.columns, height: frame.rows }), image = new ImageData(frame.columns, frame.rows);
  for (let i = 0; i < image.data.length; i += 4) {
    const [r, g, b] = change([frame.rgba[i], frame.rgba[i + 1], frame.rgba[i + 2]]);
    image.data[i] = r; image.data[i + 1] = g; image.data[i + 2] = b; image.data[i + 3] = 255;
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  if (sheets.size > 12) sheets.delete(/** @type {string} */ (sheets.keys().next().value));
  sheets.set(key, canvas);
  return canvas;
}

/** A panel of numbers worked out from the bytes of each pixel. @param {Pixels} frame @param {Values} values @param {string} label @param {string} kind @param {(bytes: number[]) => number[]} read   one number, or three @param {((numbers: number[]) => number[])=} tint @returns {PanelShown} */
function panelOf(frame, values, label, kind, read, tint = (numbers) => (numbers.length === 1 ? [numbers[0], numbers[0], numbers[0]] : numbers)) {
  return {
    label, picture: sheetOf(frame, kind, (bytes) => tint(read(bytes))), characters: values.scale === 'unit' ? 5 : 3,
    numbers: (pixel) => read(bytesAt(frame, pixel)).map((value) => printed(value, values)), shade: (pixel) => tint(read(bytesAt(frame, pixel))),
  };
}

/** @param {number[]} bytes */
const greyed = ([r, g, b]) => [greyOf(r, g, b)];

/** @param {LabScene} scene @param {Pixels} frame @returns {PanelShown[]} */
function panelsOf({ values, view, say, step }, frame) {
  const colour = panelOf(frame, values, say('in_colour'), 'colour', (bytes) => bytes), grey = panelOf(frame, values, say('grey'), 'grey', greyed);
  if (view === 'numbers') return [{ ...colour, label: say('whole'), whole: true }, { ...colour, label: say('numbers') }];
  if (view === 'planes') return [0, 1, 2].map((c) => panelOf(frame, values, say(`plane_${NAMES[c].toLowerCase()}`), `plane ${c}`, (bytes) => [bytes[c]], ([value]) => [0, 1, 2].map((each) => (each === c ? value : 0))));
  const crop = cropOf(values, frame), later = (/** @type {Pixel} */ { row, column }) => {
    const at = (row - crop.top) * crop.columns + column - crop.left, inside = row >= crop.top && row < crop.top + crop.rows && column >= crop.left && column < crop.left + crop.columns;
    return step !== null && inside && at > step;
  };
  if (view === 'grey') return [colour, { ...grey, later }];
  const base = values.colour ? colour : grey, read = (/** @type {number[]} */ bytes) => (values.colour ? bytes : greyed(bytes)).map((value) => levelled(value, values));
  return [base, { ...panelOf(frame, values, say('levels_of', { count: countOf(values) }), `levels ${values.levels} ${values.colour}`, read), later }];
}

/** The crop that the engine works out: what is enlarged, and no more than it takes; around the pixel looked at. @param {Values} values @param {Pixels} frame */
function cropOf({ across, row, column }, frame) {
  const along = (/** @type {number} */ size, /** @type {number} */ at) => {
    const side = Math.min(across ? Math.min(across, MOST) : FEW, size);
    return [side, Math.min(Math.max(0, at - 1 - (side >> 1)), size - side)];
  };
  const [rows, top] = along(frame.rows, row), [columns, left] = along(frame.columns, column);
  return { top, left, rows, columns };
}

/** The crop's planes on the chosen scale. @param {Values} values @param {Pixels} frame @returns {number[][][]} red, green and blue */
function cropped(values, frame) {
  const { top, left, rows, columns } = cropOf(values, frame), unit = values.scale === 'unit' ? 255 : 1;
  return [0, 1, 2].map((c) => Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => bytesAt(frame, { row: top + y, column: left + x })[c] / unit)));
}

/** The grey crop, rounded to bytes as pictures hold it. @param {Values} values @param {Pixels} frame */
const greyCrop = (values, frame) => { const planes = cropped({ ...values, scale: 'bytes' }, frame); return planes[0].map((line, y) => line.map((r, x) => greyOf(r, planes[1][y][x], planes[2][y][x]) / (values.scale === 'unit' ? 255 : 1))); };

/** The pixel that the card tells of. @param {LabScene} scene @param {Pixels} frame @returns {Pixel} */
function lookedAt({ values, step, view }, frame) {
  if (step !== null && (view === 'grey' || view === 'levels') && !now.pointed) {
    const crop = cropOf(values, frame), at = Math.min(step, crop.rows * crop.columns - 1);
    return { row: crop.top + Math.floor(at / crop.columns), column: crop.left + (at % crop.columns) };
  }
  const { row, column } = now.pointed ?? { row: values.row - 1, column: values.column - 1 };
  return { row: Math.min(row, frame.rows - 1), column: Math.min(column, frame.columns - 1) };
}

/** @param {LabScene} scene @param {Pixels} frame @returns {HTMLElement[]} */
function cardOf(scene, frame) {
  const { values, view, say } = scene, pixel = lookedAt(scene, frame), bytes = bytesAt(frame, pixel), unit = values.scale === 'unit' ? 255 : 1;
  const place = h('p', { class: 'quiet' }, say('at', { row: pixel.row + 1, column: pixel.column + 1 }));
  const swatch = h('span', { class: 'swatch', style: { background: `rgb(${bytes.join(', ')})` } });
  const parts = h('div', { class: 'lab-terms' }, swatch, bytes.map((value, c) => h('span', { class: 'term' }, `${NAMES[c]} = `, num(printed(value, values), 'value', { class: 'num' }))));
  if (view === 'levels') return [place, ...(values.colour ? bytes : [greyAt(frame, pixel)]).map((value, i) => levelLine(value, values, values.colour ? NAMES[i] : '', say))];
  if (view !== 'grey') return [place, parts, h('p', { class: 'quiet' }, unit === 1 ? say('hex', { hex: `#${bytes.map((value) => value.toString(16).padStart(2, '0')).join('').toUpperCase()}`, bits: bytes.map((value) => value.toString(2).padStart(8, '0')).join(' ') }) : say('unit', { byte: bytes[0], value: printed(bytes[0], values) }))];
  const terms = bytes.map((value, c) => ({ label: '', weight: LUMA[c], value: value / unit, product: (LUMA[c] * value) / unit, source: null })), sum = terms.reduce((total, { product }) => total + product, 0);
  return [place, parts, termsLine({ op: 'grey', node: 'output', index: [], terms, groups: [], bias: null, result: sum, extra: {} }),
    unit === 1 ? h('p', { class: 'quiet' }, say('rounded', { value: greyAt(frame, pixel) })) : h('p', { class: 'quiet' }, say('rounded_unit', { value: greyAt(frame, pixel) }))];
}

/** value ÷ step, rounded to a level, times step. @param {number} value   byte @param {Values} values @param {string} name @param {(key: string, values?: Record<string, string | number>) => string} say */
function levelLine(value, values, name, say) {
  const count = countOf(values), high = values.scale === 'unit' ? 1 : 255, step = high / (count - 1), code = codeOf(value, count), own = (value / 255) * high;
  const shown = (/** @type {number} */ number) => String(Number(number.toFixed(4)));
  return h('div', { class: 'lab-terms' }, name ? h('span', { class: 'group-name' }, name) : null,
    h('span', { class: 'term' }, num(shown(own), 'value'), ' ÷ ', num(shown(step), 'weight'), ' = ', num((own / step).toFixed(2), 'value')), h('span', { class: 'term' }, '→ ', say('level'), ' ', num(String(code), 'value')),
    h('span', { class: 'term' }, h('span', { class: 'quiet' }, `(${code.toString(2).padStart(bitsOf(count), '0')}₂)`)),
    h('span', { class: 'term total' }, `→ ${code} × ${shown(step)} = `, num(shown(levelAt(code, count, high)), 'result', { class: 'num result' })));
}

/** Sizes and memory, multiplied out. @param {LabScene} scene @param {Pixels} frame */
function memoryTable({ values, view, say }, { rows, columns }) {
  const channels = view === 'grey' || (view === 'levels' && !values.colour) ? 1 : 3, count = view === 'levels' ? countOf(values) : 256, found = memoryOf(rows, columns, channels, values.batch, count);
  const line = (/** @type {string} */ name, /** @type {string} */ sum, /** @type {number} */ bytes) => h('p', {}, h('span', { class: 'axis' }, name), h('span', { class: 'num' }, bytes < 1 << 20 ? `${sum} = ${bytes.toLocaleString('en-US')} B = ${sizeText(bytes)}` : `${sum} = ${sizeText(bytes)}`));
  const numbers = `${rows} × ${columns} × ${channels}`;
  return h('section', { class: 'lab-sizes memory' }, h('h3', {}, say('memory')), line(say('as_bytes'), numbers, found.bytes), line('float32', `${numbers} × 4`, found.floats),
    line(say('as_batch'), `${values.batch} × ${numbers} × 4`, found.batch), count < 256 ? line(say('as_bits', { bits: bitsOf(count) }), `${numbers} × ${bitsOf(count)} ÷ 8`, found.packed) : null);
}

/** @param {HTMLElement} place @param {LabScene} first */
function build(place, first) {
  const { say } = first, scene = () => /** @type {LabScene} */ (now.scene);
  const made = zoomPanels({
    settle: ({ pixel, across }) => scene().set({ row: pixel.row + 1, column: pixel.column + 1, across }),
    point(pixel) { now.pointed = pixel; redraw(); },
  });
  const file = /** @type {HTMLInputElement} */ (h('input', { type: 'file', accept: 'image/*', id: 'lab-file', class: 'file', onchange: () => { if (file.files?.[0]) pictures.bring(file.files[0], scene()); file.value = ''; } }));
  const eye = camera({ image: (picture) => pictures.bring(picture, scene()), problem(code) { pictures.say(code); redraw(); } });
  const button = (/** @type {string} */ key, /** @type {() => void} */ does, text = say(key)) => h('button', { class: 'plain', 'data-zoom': key, 'aria-label': say(key), onclick: does }, text);
  place.append(h('div', { class: 'zoom-stage' }, made.root, h('div', { class: 'compare-tools' },
    button('zoom_out', () => made.by(1 / 1.6), '−'), button('zoom_in', () => made.by(1.6), '+'), button('zoom_whole', () => made.by(0)), button('zoom_pixels', () => scene().set({ across: 8 })),
    h('label', { class: 'upload', for: 'lab-file' }, say('choose')), file, eye.root)));
  return made;
}

const inLevels = (/** @type {Values} */ { view }) => view === 'levels', stepping = (/** @type {string} */ view) => view === 'grey' || view === 'levels';

/** @type {Lab} */
export default {
  fields: [
    ...pictureFields('ladybug'),
    { key: 'levels', kind: 'choice', options: LEVELS, start: '4', when: inLevels }, { key: 'colour', kind: 'flag', start: false, when: inLevels },
    { key: 'scale', kind: 'choice', options: ['bytes', 'unit'], start: 'bytes' }, { key: 'batch', kind: 'whole', start: 32, least: 1, most: 4096 },
    { key: 'row', kind: 'whole', start: 59, least: 1, most: 4096 }, { key: 'column', kind: 'whole', start: 149, least: 1, most: 4096 },
    { key: 'across', kind: 'whole', start: 4, least: 0, most: 4096, hidden: true },
  ],
  views: ['numbers', 'planes', 'grey', 'levels'],
  adapt: chosen,
  ask(values, view) {
    const frame = pictures.of(values, () => now.scene?.set({}));
    if (!frame) return null;
    if (view !== 'levels') return { op: 'grey', body: { input: cropped(values, frame), steps: false } };
    return { op: 'quantise', body: { input: values.colour ? cropped(values, frame) : greyCrop(values, frame), levels: countOf(values), high: values.scale === 'unit' ? 1 : 255, steps: false } };
  },
  steps(scene) {
    const frame = stepping(scene.view) && scene.answer ? pictures.held() : null, crop = frame && cropOf(scene.values, frame);
    return crop ? crop.rows * crop.columns : 0;
  },
  stage(place, scene) {
    now.scene = scene;
    const frame = pictures.held();
    if (!frame) return;
    panels ??= build(place, scene);
    const { values, colours: { accent, ground, line }, step } = scene, pixel = lookedAt(scene, frame);
    const shown = { row: Math.min(values.row - 1, frame.rows - 1), column: Math.min(values.column - 1, frame.columns - 1) };
    panels.draw({ panels: panelsOf(scene, frame), rows: frame.rows, columns: frame.columns, pixel: shown, pointed: now.pointed ?? (step === null ? null : pixel), across: values.across, colours: { accent, ground, line }, label: scene.say('canvas', { row: pixel.row + 1, column: pixel.column + 1 }) });
  },
  picture: (file, scene) => { pictures.bring(file, scene); },
  card(scene) {
    now.scene = scene;
    const frame = pictures.held();
    return frame ? cardOf(scene, frame) : [];
  },
  side(scene) {
    const frame = pictures.held(), problem = pictures.problem();
    return [problem ? h('p', { class: 'warning', role: 'status' }, has(`problems.${problem}`) ? t(`problems.${problem}`) : scene.say(problem)) : null, frame && memoryTable(scene, frame)];
  },
  caption: ({ view, step, values, say }) => { const frame = pictures.held(), crop = frame && cropOf(values, frame); return step !== null && crop && stepping(view) ? say('caption_step', { step: step + 1, count: crop.rows * crop.columns }) : say(`caption_${view}`); },
  numbers({ values, view, answer }) {
    const frame = pictures.held();
    if (!frame || !answer) return {};
    const [red, green, blue] = cropped(values, frame);
    return view === 'levels' ? { input: values.colour ? [red, green, blue] : greyCrop(values, frame), levels: answer.levels, codes: answer.codes, output: answer.output } : { red, green, blue, grey: answer.output };
  },
};
