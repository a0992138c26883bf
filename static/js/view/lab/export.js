/** What one takes away: the picture as SVG or PNG, the steps as a GIF, the numbers as CSV, the PyTorch lines. */
/** @import { Nested } from '../../core/lab/types.js' */
import { flat, shapeOf } from '../../core/lab/grids.js';

const KEPT = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'fill-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'stroke-opacity',
  'stroke-linejoin',
  'paint-order',
  'font-style',
  'visibility',
  'image-rendering',
];
const LARGEST = 1280; // px: the longer side of a GIF

/** @param {BlobPart} content @param {string} type @param {string} name */
export function download(content, type, name) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** An SVG that stands by itself: the styles in force are written into it. @param {SVGSVGElement} svg @returns {string} */
export function standalone(svg) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const from = svg.querySelectorAll('*');
  const to = copy.querySelectorAll('*');
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of KEPT) to[i].setAttribute(name, style.getPropertyValue(name));
    for (const name of ['class', 'tabindex', 'role']) to[i].removeAttribute(name);
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  if (!copy.hasAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.setAttribute(
    'style',
    `background: ${getComputedStyle(document.body).backgroundColor}; color: ${getComputedStyle(svg).color}`,
  );
  return new XMLSerializer().serializeToString(copy);
}

/**
 * The picture of the stage as pixels: its SVG, or its canvases where they stand.
 * @param {HTMLElement} stage
 * @param {number=} scale
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function painted(stage, scale = 2) {
  const frame = stage.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(frame.width * scale);
  canvas.height = Math.round(frame.height * scale);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const part of stage.querySelectorAll('canvas, svg:not([aria-hidden])')) {
    const { left, top, width, height } = part.getBoundingClientRect();
    if (!width || !height || part.parentElement?.closest('svg')) continue;
    const source = part instanceof SVGSVGElement ? await pictureOf(standalone(part)) : /** @type {HTMLCanvasElement} */ (part);
    context.imageSmoothingEnabled = part instanceof SVGSVGElement;
    context.drawImage(source, (left - frame.left) * scale, (top - frame.top) * scale, width * scale, height * scale);
  }
  return canvas;
}

/** @param {string} svg @returns {Promise<HTMLImageElement>} */
async function pictureOf(svg) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  return picture;
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
export const png = (canvas) =>
  new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no picture'))), 'image/png'));

/**
 * The steps one after the other. Each frame is drawn as the page draws it.
 * @param {HTMLElement} stage
 * @param {number} count
 * @param {(step: number) => Promise<void>} show
 * @param {(done: number) => void} tell
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function animation(stage, count, show, tell) {
  const { GIFEncoder, applyPalette, quantize } = await import('gifenc');
  const gif = GIFEncoder();
  const { width, height } = stage.getBoundingClientRect();
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  for (let step = 0; step < count; step++) {
    await show(step);
    const canvas = await painted(stage, scale);
    const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    const palette = quantize(data, 128);
    gif.writeFrame(applyPalette(data, palette), canvas.width, canvas.height, {
      palette,
      delay: step === count - 1 ? 2000 : 700,
    });
    tell(step + 1);
  }
  gif.finish();
  return gif.bytes();
}

/**
 * Every array under its name, one row of a plane per line; channels are told by their index.
 * @param {Record<string, Nested>} arrays
 * @returns {string}
 */
export function csv(arrays) {
  const blocks = Object.entries(arrays).map(([name, grid]) => {
    const shape = shapeOf(grid);
    const columns = shape[shape.length - 1] ?? 1;
    const rows = shape.length > 1 ? shape[shape.length - 2] : 1;
    const values = flat(grid);
    const lines = Array.from({ length: values.length / columns }, (_, i) => {
      const plane =
        shape.length > 2 && i % rows === 0 ? [`# ${name}[${indexOf(Math.floor(i / rows), shape.slice(0, -2)).join(',')}]`] : [];
      return [...plane, values.slice(i * columns, (i + 1) * columns).join(',')].join('\n');
    });
    return [`# ${name}: ${shape.join(' x ') || 1}`, ...lines].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

/** @param {number} at @param {number[]} shape @returns {number[]} */
function indexOf(at, shape) {
  if (!shape.length) return [];
  const last = shape[shape.length - 1];
  return [...indexOf(Math.floor(at / last), shape.slice(0, -1)), at % last];
}
