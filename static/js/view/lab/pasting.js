/** A grid from what people bring: a table as text, a picture; and what to do where it is none. */
/** @import { Field, Nested } from '../../core/lab/types.js' */
import { faultOf, fromText, MOST, shapeOf } from '../../core/lab/grids.js';
import { t } from '../../i18n.js';

/** Why a text is no table, and what to do. @param {string} text @returns {string} */
export function refusalOf(text) {
  const fault = faultOf(text);
  if (!fault) return t('lab.no_table');
  if ('wanted' in fault) return t('lab.no_row', { row: fault.row, count: fault.count, wanted: fault.wanted });
  return fault.text.trim()
    ? t('lab.no_cell', { row: fault.row, text: fault.text.trim().slice(0, 30) })
    : t('lab.empty_cell', { row: fault.row });
}

/**
 * Planes of numbers below each other, an empty line between them, as a grid of the field's rank.
 * @param {string} text
 * @param {Field} field
 * @param {number[]} shape   of the grid as it is: how many channels its kernels have
 * @returns {{grid: Nested, problem: string}}   problem: '' if there is none
 */
export function gridOfText(text, { rank = 2, most = MOST }, shape) {
  const refused = (/** @type {string} */ problem) => ({ grid: null, problem });
  const blocks = text.trim().split(/\n\s*\n/);
  const planes = /** @type {number[][][]} */ (blocks.map(fromText));
  const [first] = planes;
  const wrong = planes.findIndex((plane) => !plane);
  if (wrong >= 0) return refused(refusalOf(blocks[wrong]));
  if (planes.some((plane) => String(shapeOf(plane)) !== String(shapeOf(first)))) return refused(t('lab.no_table'));
  const [rows, columns] = shapeOf(first);
  if (rows > most || columns > most) return refused(t('lab.too_large', { rows, columns, most }));
  const channels = rank === 4 ? shape[1] : 1;
  if (planes.length % channels || (rank < 3 && planes.length > 1) || (rank === 1 && rows > 1))
    return refused(t('lab.wrong_planes', { count: planes.length }));
  const kernels = () =>
    Array.from({ length: planes.length / channels }, (_, i) => planes.slice(i * channels, (i + 1) * channels));
  return { grid: rank === 1 ? first[0] : rank === 2 ? first : rank === 3 ? planes : kernels(), problem: '' };
}

/**
 * Grey values 0 to 255 of a picture, made as small as the grid; three channels take red, green and blue.
 * @param {Blob} blob
 * @param {number[]} shape   of the grid
 * @returns {Promise<Nested | null>} null: the browser cannot read it
 */
export async function gridOfPicture(blob, shape) {
  const [rows, columns] = shape.length === 1 ? [1, shape[0]] : shape.slice(-2);
  const channels = shape.length === 3 ? shape[0] : 1;
  const image = await createImageBitmap(blob).catch(() => null);
  if (!image) return null;
  const canvas = Object.assign(document.createElement('canvas'), { width: columns, height: rows });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.fillStyle = 'white'; // what is transparent shows the paper it lies on
  context.fillRect(0, 0, columns, rows);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, columns, rows);
  const { data } = context.getImageData(0, 0, columns, rows);
  const at = (/** @type {number} */ c, /** @type {number} */ i) =>
    channels === 3 ? data[4 * i + c] : Math.round(0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]);
  const planes = Array.from({ length: channels }, (_, c) =>
    Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => at(c, y * columns + x))),
  );
  if (shape.length === 4) return Array.from({ length: shape[0] }, () => Array.from({ length: shape[1] }, () => planes[0]));
  return [planes[0][0], planes[0], planes][shape.length - 1];
}
