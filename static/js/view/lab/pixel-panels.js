/** What the panels of each view show of a picture, and the crop of it that the engine works out. */
/** @import { LabScene, Values } from '../../core/lab/types.js' */
/** @import { Pixel } from '../../core/lab/zoom.js' */
/** @import { Pixels } from '../../labs/picture.js' */
/** @import { PanelShown } from './panels.js' */
/** @import { Paint } from './sheets.js' */
import { byteBy } from '../../core/lab/grey.js';
import { codeOf, levelAt } from '../../core/lab/levels.js';
import { bytesAt, countOf, NAMES, printed, readOf } from './pixel-card.js';
import { inColour, inGrey, plane, sheetShelf } from './sheets.js';

const MOST = 64;
const FEW = 16; // pixels along a side of the crop: what the engine takes, and when the whole picture is shown
export const sheetOf = sheetShelf();

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
export function panelsOf({ values, view, say, step }, frame) {
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
export function cropOf({ across, row, column }, frame) {
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
export function cropped(values, frame, read) {
  const { top, left, rows, columns } = cropOf(values, frame);
  const unit = values.scale === 'unit' ? 255 : 1;
  const cells = Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x) => read(bytesAt(frame, { row: top + y, column: left + x }))),
  );
  return cells[0][0].map((_, c) => cells.map((line) => line.map((numbers) => numbers[c] / unit)));
}

/** What the levels are made of: three planes, or the grey one alone. @param {Values} values @param {Pixels} frame */
export const levelInput = (values, frame) => {
  const planes = cropped(values, frame, (bytes) => readOf(values, bytes));
  return values.colour ? planes : planes[0];
};
