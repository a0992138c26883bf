/** The overview's maps on one canvas, each by the range that its unit, its layer or the whole network has. */
/** @import { NodeRecord, Picture } from '../core/types.js' */
/** @import { Layout, Box, Column } from '../core/layout.js' */
/** @import { Colours } from './colors.js' */
/** @import { Data } from '../data.js' */
import { isVector } from '../core/graph.js';
import { plane, range } from '../core/tensor.js';
import { boundOf, paint } from './colors.js';

const TALLEST = 8192; // canvas that every browser makes

/** @typedef {'unit' | 'layer' | 'global'} Scale */

/**
 * The end of the range that colours a unit. Probabilities and logits are not maps: they keep their own.
 * @param {Data} data @param {Scale} scale @param {string} name @param {number} unit
 */
export function boundFor(data, scale, name, unit) {
  const record = /** @type {NodeRecord} */ (data.records.get(name));
  const picture = /** @type {Picture} */ (data.pictures.get(name));
  if (scale === 'layer' || isVector(record)) return boundOf(picture.low, picture.high);
  return scale === 'unit' ? boundOf(...range(plane(picture, unit).data)) : globalBound(data);
}

/** @param {Data} data */
export const globalBound = (data) =>
  Math.max(...data.nodes.filter((node) => !isVector(node)).map(({ stats }) => boundOf(stats.min, stats.max)));

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

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Column} column
 * @param {Picture} picture
 * @param {(unit: number) => number} boundOfUnit
 * @param {Colours} colours
 * @param {boolean} lying
 */
function paintColumn(context, { kind, units }, picture, boundOfUnit, colours, lying) {
  const length = picture.data.length;
  if (kind === 'bars') return;
  if (kind === 'strip') {
    paintPlanes(
      context,
      units,
      [{ height: lying ? 1 : length, width: lying ? length : 1, data: picture.data }],
      boundOfUnit,
      colours,
    );
    return;
  }
  const planes = units.map((_, unit) =>
    kind === 'maps' ? plane(picture, unit) : { height: 1, width: 1, data: picture.data.subarray(unit, unit + 1) },
  );
  const most = Math.max(1, Math.floor(TALLEST / planes[0].height));
  for (let from = 0; from < planes.length; from += most) {
    paintPlanes(
      context,
      units.slice(from, from + most),
      planes.slice(from, from + most),
      (unit) => boundOfUnit(from + unit),
      colours,
    );
  }
}

/** Planes of one size, one below the other on a sheet of their own, from which each goes to its box: a canvas per plane
 * would take most of the time of a wide network.
 * @param {CanvasRenderingContext2D} context
 * @param {Box[]} boxes
 * @param {import('./heatmap.js').Plane[]} planes
 * @param {(unit: number) => number} boundOfUnit
 * @param {Colours} colours
 */
function paintPlanes(context, boxes, planes, boundOfUnit, colours) {
  const { height, width } = planes[0];
  const size = height * width;
  const sheet = document.createElement('canvas');
  sheet.width = width;
  sheet.height = height * planes.length;
  const on = /** @type {CanvasRenderingContext2D} */ (sheet.getContext('2d'));
  const image = on.createImageData(sheet.width, sheet.height);
  const pixels = new Uint32Array(image.data.buffer);
  planes.forEach(({ data }, i) => paint(data, boundOfUnit(i), colours, pixels.subarray(i * size)));
  on.putImageData(image, 0, 0);
  const square = height > 1 && width > 1;
  boxes.forEach((box, i) => {
    const scale = Math.min(box.width / width, box.height / height);
    const wide = square ? width * scale : box.width;
    const high = square ? height * scale : box.height;
    context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
    context.drawImage(
      sheet,
      0,
      i * height,
      width,
      height,
      box.x + (box.width - wide) / 2,
      box.y + (box.height - high) / 2,
      wide,
      high,
    );
  });
}
