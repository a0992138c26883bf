/** One picture made into others, pixel by pixel, on canvases that are kept: its planes, its grey, its levels. */
/** @import { Pixels } from '../../labs/picture.js' */

const OPAQUE = 0xff000000;
const MOST = 12;

/** @typedef {(rgba: Uint8ClampedArray, words: Uint32Array) => void} Paint   words: a pixel each, red in the lowest byte */

/** What a byte becomes. @param {(byte: number) => number} change */
const table = (change) => Uint8Array.from({ length: 256 }, (_, byte) => Math.round(change(byte)));

/** @param {((byte: number) => number)=} change @returns {Paint} */
export const inColour =
  (change = (byte) => byte) =>
  (rgba, words) => {
    const to = table(change);
    for (let p = 0, q = 0; p < words.length; p++, q += 4)
      words[p] = OPAQUE | to[rgba[q]] | (to[rgba[q + 1]] << 8) | (to[rgba[q + 2]] << 16);
  };

/** Red, green or blue alone. @param {number} channel @returns {Paint} */
export const plane = (channel) => (rgba, words) => {
  for (let p = 0, q = channel; p < words.length; p++, q += 4) words[p] = OPAQUE | (rgba[q] << (8 * channel));
};

/** @param {(r: number, g: number, b: number) => number} byte @param {((byte: number) => number)=} change @returns {Paint} */
export const inGrey =
  (byte, change = (value) => value) =>
  (rgba, words) => {
    const to = table(change);
    for (let p = 0, q = 0; p < words.length; p++, q += 4)
      words[p] = OPAQUE | Math.imul(to[byte(rgba[q], rgba[q + 1], rgba[q + 2])], 0x010101);
  };

/** Each kind is painted anew only for another picture. */
export function sheetShelf() {
  /** @type {Map<string, {canvas: HTMLCanvasElement, image: ImageData, of: string}>} */
  const sheets = new Map();

  /** @param {Pixels} frame @param {string} kind @param {Paint} paint @returns {HTMLCanvasElement} */
  return ({ key, rows, columns, rgba }, kind, paint) => {
    let sheet = sheets.get(kind);
    if (sheet?.of === key) return sheet.canvas;
    if (!sheet || sheet.canvas.width !== columns || sheet.canvas.height !== rows) {
      if (sheets.size > MOST) sheets.delete(/** @type {string} */ (sheets.keys().next().value));
      sheets.set(
        kind,
        (sheet = {
          canvas: Object.assign(document.createElement('canvas'), { width: columns, height: rows }),
          image: new ImageData(columns, rows),
          of: '',
        }),
      );
    }
    sheet.of = key;
    paint(rgba, new Uint32Array(sheet.image.data.buffer));
    sheet.canvas.getContext('2d')?.putImageData(sheet.image, 0, 0);
    return sheet.canvas;
  };
}
