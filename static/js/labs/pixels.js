/**
 * What a computer sees: a picture as numbers, its red, green and blue, its grey, fewer levels of brightness, and the memory
 * that it takes.
 */
/** @import { Field, Lab, LabScene, Values } from '../core/lab/types.js' */
/** @import { Pixel } from '../core/lab/zoom.js' */
/** @import { PanelShown } from '../view/lab/panels.js' */
/** @import { Paint } from '../view/lab/sheets.js' */
/** @import { Pixels } from './picture.js' */
import { byteBy, METHODS } from '../core/lab/grey.js';
import { codeOf, levelAt } from '../core/lab/levels.js';
import { has, t } from '../i18n.js';
import { h } from '../view/dom.js';
import { fileSizes } from '../view/lab/file-sizes.js';
import { film } from '../view/lab/filter-film.js';
import { zoomPanels } from '../view/lab/panels.js';
import { memoryCode, memoryFigure, memoryRows } from '../view/lab/memory-figure.js';
import { bytesAt, countOf, LEVELS, levelsTable, NAMES, pixelCard, printed, readOf } from '../view/lab/pixel-card.js';
import { inColour, inGrey, plane, sheetShelf } from '../view/lab/sheets.js';
import { chosen, pictureFields, pictureSource } from './picture.js';

const MOST = 64;
const FEW = 16;
const CARDS = 300; // ms: how often the arithmetic follows the camera
const pictures = pictureSource();
const sheetOf = sheetShelf();
/** What the address does not hold: the pixel under the mouse; the camera's frame, when its card was last drawn, and the picture that it stands for.
 * @type {{pointed: Pixel | null, scene: LabScene | null, frame: Pixels | null, told: number, instead: string}} */
const now = { pointed: null, scene: null, frame: null, told: 0, instead: '' };
/** @type {ReturnType<typeof build> | null} */
let stage = null;

const redraw = () => now.scene?.go(now.scene.state.step);
const filesOf = fileSizes(() => now.scene?.set({}));
/** The picture that is drawn: the camera's while it is on. */
const shownPicture = () => now.frame ?? pictures.held();

/** A byte at the nearest of the levels. @param {number} value @param {Values} values */
const levelled = (value, values) => levelAt(codeOf(value, countOf(values)), countOf(values));

/**
 * The panels' pictures by name, and how each is painted.
 * @param {Values} values
 * @param {string} view
 * @returns {{name: string, paint: Paint}} of the last panel: what a file would hold
 */
function painted(values, view) {
  const { method, levels, colour } = values;
  const byte = byteBy(method);
  const change = (/** @type {number} */ value) => levelled(value, values);
  if (view === 'grey') return { name: `grey ${method}`, paint: inGrey(byte) };
  if (view === 'levels')
    return colour
      ? { name: `levels ${levels} colour`, paint: inColour(change) }
      : { name: `levels ${levels} ${method}`, paint: inGrey(byte, change) };
  return { name: 'colour', paint: inColour() };
}

/**
 * A panel of numbers worked out from the bytes of each pixel.
 * @param {Pixels} frame
 * @param {Values} values
 * @param {string} label
 * @param {{name: string, paint: Paint}} sheet
 * @param {(bytes: number[]) => number[]} read   one number, or three
 * @param {((numbers: number[]) => number[])=} tint
 * @returns {PanelShown}
 */
function panelOf(
  frame,
  values,
  label,
  sheet,
  read,
  tint = (numbers) => (numbers.length === 1 ? [numbers[0], numbers[0], numbers[0]] : numbers),
) {
  return {
    label,
    picture: sheetOf(frame, sheet.name, sheet.paint),
    characters: values.scale === 'unit' ? 5 : 3,
    numbers: (pixel) => read(bytesAt(frame, pixel)).map((value) => printed(value, values)),
    shade: (pixel) => tint(read(bytesAt(frame, pixel))),
  };
}

/** @param {LabScene} scene @param {Pixels} frame @returns {PanelShown[]} */
function panelsOf({ values, view, say, step }, frame) {
  const grey = { ...values, colour: false };
  const colour = panelOf(frame, values, say('in_colour'), painted(values, 'numbers'), (bytes) => bytes);
  if (view === 'numbers')
    return [
      { ...colour, label: say('whole'), whole: true },
      { ...colour, label: say('numbers') },
    ];
  if (view === 'planes')
    return [0, 1, 2].map((c) =>
      panelOf(
        frame,
        values,
        say(`plane_${NAMES[c].toLowerCase()}`),
        { name: `plane ${c}`, paint: plane(c) },
        (bytes) => [bytes[c]],
        ([value]) => [0, 1, 2].map((each) => (each === c ? value : 0)),
      ),
    );
  const crop = cropOf(values, frame);
  const later = (/** @type {Pixel} */ { row, column }) => {
    const at = (row - crop.top) * crop.columns + column - crop.left;
    const inside = row >= crop.top && row < crop.top + crop.rows && column >= crop.left && column < crop.left + crop.columns;
    return step !== null && inside && at > step;
  };
  const bright = panelOf(frame, values, say(`method_${values.method}`), painted(values, 'grey'), (bytes) =>
    readOf(grey, bytes),
  );
  if (view === 'grey') return [colour, { ...bright, later }];
  const read = (/** @type {number[]} */ bytes) => readOf(values, bytes).map((value) => levelled(value, values));
  return [
    values.colour ? colour : { ...bright, label: say('grey') },
    { ...panelOf(frame, values, say('levels_of', { count: countOf(values) }), painted(values, 'levels'), read), later },
  ];
}

/**
 * The crop that the engine works out: what is enlarged, and no more than it takes; around the pixel looked at.
 * @param {Values} values
 * @param {Pixels} frame
 */
function cropOf({ across, row, column }, frame) {
  const along = (/** @type {number} */ size, /** @type {number} */ at) => {
    const side = Math.min(across ? Math.min(across, MOST) : FEW, size);
    return [side, Math.min(Math.max(0, at - 1 - (side >> 1)), size - side)];
  };
  const [rows, top] = along(frame.rows, row);
  const [columns, left] = along(frame.columns, column);
  return { top, left, rows, columns };
}

/**
 * What `read` gives at every pixel of the crop, on the chosen scale, as planes.
 * @param {Values} values
 * @param {Pixels} frame
 * @param {(bytes: number[]) => number[]} read
 * @returns {number[][][]}
 */
function cropped(values, frame, read) {
  const { top, left, rows, columns } = cropOf(values, frame);
  const unit = values.scale === 'unit' ? 255 : 1;
  const cells = Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x) => read(bytesAt(frame, { row: top + y, column: left + x }))),
  );
  return cells[0][0].map((_, c) => cells.map((line) => line.map((numbers) => numbers[c] / unit)));
}

/** What the levels are made of: three planes, or the grey one alone. @param {Values} values @param {Pixels} frame */
const levelInput = (values, frame) => {
  const planes = cropped(values, frame, (bytes) => readOf(values, bytes));
  return values.colour ? planes : planes[0];
};

/** The pixel that the card tells of. @param {LabScene} scene @param {Pixels} frame @returns {Pixel} */
function lookedAt({ values, step, view }, frame) {
  if (step !== null && stepping(view) && !now.pointed) {
    const crop = cropOf(values, frame);
    const at = Math.min(step, crop.rows * crop.columns - 1);
    return { row: crop.top + Math.floor(at / crop.columns), column: crop.left + (at % crop.columns) };
  }
  const { row, column } = now.pointed ?? { row: values.row - 1, column: values.column - 1 };
  return { row: Math.min(row, frame.rows - 1), column: Math.min(column, frame.columns - 1) };
}

// The camera

const eye = film({
  busy: () => false,
  frame(frame) {
    const start = performance.now();
    const first = !now.frame;
    now.frame = frame;
    if (first) {
      now.instead = pictureKey();
      now.scene?.set({});
    } // nothing is asked of the engine while it runs
    if (now.scene) drawStage(now.scene);
    if (start - now.told > CARDS) {
      now.told = start;
      redraw();
    }
    eye.developed(performance.now() - start);
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

const pictureKey = () => {
  const { photo, sample } = now.scene?.state.values ?? {};
  return `${photo} ${sample}`;
};

/** The frame that is shown becomes one's own picture. */
const freeze = () =>
  eye.freeze(async (picture) => {
    if (picture && now.scene) await pictures.bring(picture, now.scene);
  });

// Drawing

/** @param {HTMLElement} place @param {LabScene} first */
function build(place, first) {
  const { say } = first;
  const scene = () => /** @type {LabScene} */ (now.scene);
  const made = zoomPanels({
    settle: ({ pixel, across }) => scene().set({ row: pixel.row + 1, column: pixel.column + 1, across }),
    point(pixel) {
      now.pointed = pixel;
      redraw();
    },
  });
  const file = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'file',
      accept: 'image/*',
      id: 'lab-file',
      class: 'file',
      onchange: () => {
        if (file.files?.[0]) bring(file.files[0], scene());
        file.value = '';
      },
    })
  );
  const camera = h('button', {
    class: 'plain',
    'data-camera': '',
    onclick: () => {
      pictures.say('');
      if (eye.on()) eye.stop();
      else eye.start();
    },
  });
  const keep = h('button', { class: 'primary', 'data-freeze': '', onclick: freeze }, say('freeze'));
  const button = (/** @type {string} */ key, /** @type {() => void} */ does, text = say(key)) =>
    h('button', { class: 'plain', 'data-zoom': key, 'aria-label': say(key), onclick: does }, text);
  const memory = memoryFigure();
  const zooms = [
    button('zoom_out', () => made.by(1 / 1.6), '−'),
    button('zoom_in', () => made.by(1.6), '+'),
    button('zoom_whole', () => made.by(0)),
    button('zoom_pixels', () => scene().set({ across: 8 })),
  ];
  place.append(
    h(
      'div',
      { class: 'zoom-stage' },
      made.root,
      h(
        'div',
        { class: 'compare-tools' },
        zooms,
        h('label', { class: 'upload', for: 'lab-file' }, say('choose')),
        file,
        camera,
        keep,
      ),
    ),
  );
  return {
    ...made,
    memory,
    /** What is to be seen now. @param {string} view @param {boolean} live */
    turn(view, live) {
      const sizes = view === 'memory';
      const [there, gone] = sizes ? [memory.root, made.root] : [made.root, memory.root];
      if (!there.isConnected) gone.replaceWith(there);
      for (const zoom of zooms) zoom.hidden = sizes;
      camera.textContent = say(live ? 'camera_off' : 'camera_on');
      keep.hidden = !live;
    },
  };
}

/** @param {Blob} file @param {LabScene} scene */
function bring(file, scene) {
  eye.stop();
  pictures.bring(file, scene);
}

/** How large the picture is as a file; not while the camera runs. @param {Pixels} frame */
const filesFor = (frame) => (now.frame ? null : filesOf(sheetOf(frame, 'colour', inColour()), frame.key));

/** @param {LabScene} scene */
function drawStage(scene) {
  const frame = shownPicture();
  if (!frame || !stage) return;
  const {
    values,
    colours: { accent, ground, line },
    step,
  } = scene;
  const pixel = lookedAt(scene, frame);
  const middle = { row: Math.min(values.row - 1, frame.rows - 1), column: Math.min(values.column - 1, frame.columns - 1) };
  stage.turn(scene.view, eye.on());
  if (scene.view === 'memory') {
    stage.memory.draw(scene, frame, sheetOf(frame, 'colour', inColour()), filesFor(frame));
    return;
  }
  stage.draw({
    panels: panelsOf(scene, frame),
    rows: frame.rows,
    columns: frame.columns,
    pixel: middle,
    pointed: now.pointed ?? (step === null ? null : pixel),
    across: values.across,
    colours: { accent, ground, line },
    label: scene.say('canvas', { row: pixel.row + 1, column: pixel.column + 1 }),
  });
}

const inLevels = (/** @type {Values} */ { view }) => view === 'levels';
const stepping = (/** @type {string} */ view) => view === 'grey' || view === 'levels';
const inMemory = (/** @type {Values} */ { view }) => view === 'memory';
const greyed = (/** @type {Values} */ { view, colour }) => view === 'grey' || (view === 'levels' && !colour);

/** @type {Lab} */
export default {
  fields: [
    ...pictureFields('ladybug'),
    { key: 'method', kind: 'choice', options: METHODS, start: 'luma', when: greyed },
    { key: 'levels', kind: 'choice', options: LEVELS, start: '4', when: (values) => inLevels(values) || inMemory(values) },
    { key: 'colour', kind: 'flag', start: false, when: inLevels },
    { key: 'scale', kind: 'choice', options: ['bytes', 'unit'], start: 'bytes', when: (values) => !inMemory(values) },
    { key: 'batch', kind: 'whole', start: 32, least: 1, most: 4096, when: inMemory },
    ...[
      ['row', 59, 1],
      ['column', 149, 1],
      ['across', 4, 0],
    ].map(([key, start, least]) => /** @type {Field} */ ({ key, kind: 'whole', start, least, most: 4096, hidden: true })),
  ],
  views: ['numbers', 'planes', 'grey', 'levels', 'memory'],
  adapt: chosen,
  ask(values, view) {
    const frame = pictures.of(values, () => now.scene?.set({}));
    if (!frame || now.frame || view === 'memory') return null;
    if (view !== 'levels')
      return { op: 'grey', body: { input: cropped(values, frame, (bytes) => bytes), method: values.method, steps: false } };
    return {
      op: 'quantise',
      body: {
        input: levelInput(values, frame),
        levels: countOf(values),
        high: values.scale === 'unit' ? 1 : 255,
        steps: false,
      },
    };
  },
  steps(scene) {
    const frame = stepping(scene.view) && scene.answer ? shownPicture() : null;
    const crop = frame && cropOf(scene.values, frame);
    return crop ? crop.rows * crop.columns : 0;
  },
  stage(place, scene) {
    now.scene = scene;
    if (now.frame && now.instead !== pictureKey()) {
      eye.stop();
      return;
    } // another picture was chosen
    if (!shownPicture()) return;
    stage ??= build(place, scene);
    drawStage(scene);
  },
  picture: bring,
  card(scene) {
    now.scene = scene;
    const frame = shownPicture();
    return !frame
      ? []
      : scene.view === 'memory'
        ? [h('p', { class: 'quiet' }, scene.say('memory_why'))]
        : pixelCard(scene, frame, lookedAt(scene, frame));
  },
  side(scene) {
    const frame = shownPicture();
    const problem = pictures.problem();
    return [
      problem
        ? h(
            'p',
            { class: 'warning', role: 'status' },
            has(`problems.${problem}`) ? t(`problems.${problem}`) : scene.say(problem),
          )
        : null,
      frame && scene.view === 'levels' ? levelsTable(scene, frame, lookedAt(scene, frame)) : null,
    ];
  },
  caption: ({ view, step, values, say }) => {
    const frame = shownPicture();
    const crop = frame && cropOf(values, frame);
    return step !== null && crop && stepping(view)
      ? say('caption_step', { step: step + 1, count: crop.rows * crop.columns })
      : say(`caption_${view}`);
  },
  numbers(scene) {
    const { values, view, answer } = scene;
    const frame = pictures.held();
    if (frame && view === 'memory')
      return Object.fromEntries(memoryRows(scene, frame, filesFor(frame)).map(({ name, bytes }) => [name, bytes]));
    if (!frame || !answer) return {};
    if (view === 'levels')
      return { input: levelInput(values, frame), levels: answer.levels, codes: answer.codes, output: answer.output };
    const [red, green, blue] = cropped(values, frame, (bytes) => bytes);
    return { red, green, blue, grey: answer.output };
  },
  code({ values, view, answer }) {
    const frame = pictures.held();
    return frame && view === 'memory' ? memoryCode(values, frame) : (answer?.code ?? '');
  },
};
