/** The overview's maps on one canvas, each by the range that its unit, its layer or the whole network has. */
/** @import { NodeRecord, Picture } from '../core/types.js' */
/** @import { Layout, Box, Column } from '../core/layout.js' */
/** @import { Colours } from './colors.js' */
/** @import { Data } from '../data.js' */
import { isVector } from '../core/graph.js';
import { plane, range } from '../core/tensor.js';
import { boundOf } from './colors.js';
import { canvasOf } from './heatmap.js';

/** @typedef {'unit' | 'layer' | 'global'} Scale */

/**
 * The end of the range that colours a unit. Probabilities and logits are not maps: they keep their own.
 * @param {Data} data @param {Scale} scale @param {string} name @param {number} unit
 */
export function boundFor(data, scale, name, unit) {
  const record = /** @type {NodeRecord} */ (data.records.get(name)), picture = /** @type {Picture} */ (data.pictures.get(name));
  if (scale === 'layer' || isVector(record)) return boundOf(picture.low, picture.high);
  return scale === 'unit' ? boundOf(...range(plane(picture, unit).data)) : globalBound(data);
}

/** @param {Data} data */
export const globalBound = (data) => Math.max(...data.nodes.filter((node) => !isVector(node)).map(({ stats }) => boundOf(stats.min, stats.max)));

/** @param {HTMLCanvasElement} canvas @param {Layout} placed @param {Data} data @param {Scale} scale @param {Colours} colours */
export function paintThumbs(canvas, placed, data, scale, colours) {
  const ratio = Math.min(devicePixelRatio || 1, 2);
  canvas.width = Math.round(placed.width * ratio);
  canvas.height = Math.round(placed.height * ratio);
  canvas.style.width = `${placed.width}px`;
  canvas.style.height = `${placed.height}px`;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = false;
  context.strokeStyle = colours.line;
  for (const column of placed.columns) {
    const bound = (/** @type {number} */ unit) => boundFor(data, scale, column.name, unit);
    paintColumn(context, column, /** @type {Picture} */ (data.pictures.get(column.name)), bound, colours, placed.rows);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Column} column @param {Picture} picture @param {(unit: number) => number} boundOfUnit @param {Colours} colours @param {boolean} lying */
function paintColumn(context, { kind, units }, picture, boundOfUnit, colours, lying) {
  const length = picture.data.length;
  if (kind === 'bars') return;
  if (kind === 'strip') {
    paintPlane(context, units[0], { height: lying ? 1 : length, width: lying ? length : 1, data: picture.data }, boundOfUnit(0), colours);
    return;
  }
  units.forEach((box, unit) => {
    const values = kind === 'maps' ? plane(picture, unit) : { height: 1, width: 1, data: picture.data.subarray(unit, unit + 1) };
    paintPlane(context, box, values, boundOfUnit(unit), colours);
  });
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {import('./heatmap.js').Plane} values @param {number} bound @param {Colours} colours */
function paintPlane(context, box, values, bound, colours) {
  const scale = Math.min(box.width / values.width, box.height / values.height);
  const square = values.height > 1 && values.width > 1;
  context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  const width = square ? values.width * scale : box.width, height = square ? values.height * scale : box.height;
  context.drawImage(canvasOf(values, bound, colours), box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height);
}
