/**
 * What a computer sees: a picture as numbers, its red, green and blue, its grey, fewer levels of brightness, and the memory
 * that it takes.
 */
/** @import { Field, Lab, LabScene, Values } from '../core/lab/types.js' */
/** @import { Pixel } from '../core/lab/zoom.js' */
/** @import { Pixels } from './picture.js' */
import { METHODS } from '../core/lab/grey.js';
import { h } from '../view/dom.js';
import { fileSizes } from '../view/lab/file-sizes.js';
import { film } from '../view/lab/filter-film.js';
import { zoomPanels } from '../view/lab/panels.js';
import { memoryCode, memoryFigure, memoryRows } from '../view/lab/memory-figure.js';
import { countOf, LEVELS, levelsTable, pixelCard } from '../view/lab/pixel-card.js';
import { cropOf, cropped, levelInput, panelsOf, sheetOf } from '../view/lab/pixel-panels.js';
import { pictureTools } from '../view/lab/picture-tools.js';
import { inColour } from '../view/lab/sheets.js';
import { chosen, pictureFields, pictureSource, sizeOf } from './picture.js';

const CARDS = 300; // ms: how often the arithmetic follows the camera
const pictures = pictureSource();
/** What the address does not hold: the pixel under the mouse; the camera's frame, when its card was last drawn, and the picture that it stands for.
 * @type {{pointed: Pixel | null, scene: LabScene | null, frame: Pixels | null, told: number, instead: string}} */
const now = { pointed: null, scene: null, frame: null, told: 0, instead: '' };
/** @type {ReturnType<typeof build> | null} */
let stage = null;

const redraw = () => now.scene?.go(now.scene.state.step);
const filesOf = fileSizes(() => now.scene?.set({}));
/** The picture that is drawn: the camera's while it is on. */
const shownPicture = () => now.frame ?? pictures.held();

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
  const tools = pictureTools({
    say,
    file: (file) => bring(file, scene()),
    camera: () => {
      pictures.say('');
      if (eye.on()) eye.stop();
      else eye.start();
    },
    freeze,
    zooms: {
      zoom_out: () => made.by(1 / 1.6),
      zoom_in: () => made.by(1.6),
      zoom_whole: () => made.by(0),
      zoom_pixels: () => scene().set({ across: 8 }),
    },
  });
  const memory = memoryFigure();
  place.append(h('div', { class: 'zoom-stage' }, made.root, tools.root));
  return {
    ...made,
    memory,
    /** What is to be seen now. @param {LabScene} now @param {Pixels} frame */
    turn(now, frame) {
      const sizes = now.view === 'memory';
      const [there, gone] = sizes ? [memory.root, made.root] : [made.root, memory.root];
      if (!there.isConnected) gone.replaceWith(there);
      tools.draw({
        live: eye.on(),
        readout: sizeOf(say, frame),
        problem: pictures.problem(say),
        zoomed: sizes ? null : now.values.across > 0,
      });
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
  stage.turn(scene, frame);
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
const stepping = (/** @type {string} */ view) => view !== 'memory';
const inMemory = (/** @type {Values} */ { view }) => view === 'memory';
const greyed = (/** @type {Values} */ { view, colour }) => view === 'grey' || (view === 'levels' && !colour);

/** @type {Lab} */
export default {
  fields: [
    { key: 'method', kind: 'choice', options: METHODS, start: 'luma', when: greyed },
    { key: 'levels', kind: 'choice', options: LEVELS, start: '4', when: (values) => inLevels(values) || inMemory(values) },
    { key: 'colour', kind: 'flag', start: false, when: inLevels },
    ...pictureFields('ladybug'),
    {
      key: 'scale',
      kind: 'choice',
      options: ['bytes', 'unit'],
      start: 'bytes',
      secondary: true,
      when: (values) => !inMemory(values),
    },
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
    return [frame && scene.view === 'levels' ? levelsTable(scene, frame, lookedAt(scene, frame)) : null];
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
