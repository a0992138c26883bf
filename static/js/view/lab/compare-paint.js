/** What is drawn on the pictures before and after a filter. */
/** @import { Pixel } from '../../core/lab/zoom.js' */

/** @typedef {{left: number, top: number, columns: number, rows: number}} Seen   the part of a picture that is shown, in its pixels */
/** @typedef {{from: number, wide: number, tall: number, seen: Seen}} Sheet   where a picture lies on the canvas, px, and what part of it */

/**
 * Around the pixels that make the one looked at; never so small that it is lost.
 * @param {CanvasRenderingContext2D} context
 * @param {Pixel} pixel
 * @param {number[][]} kernel
 * @param {Sheet} sheet
 * @param {string[]} colours
 * @param {number} ratio
 */
export function frame(context, { row, column }, kernel, sheet, [accent, ground], ratio) {
  const { from, seen } = sheet;
  const scale = sheet.wide / seen.columns;
  const [tall, wide] = [kernel.length, kernel[0].length];
  const least = 9 * ratio;
  const width = Math.max(wide * scale, least);
  const height = Math.max(tall * scale, least);
  const x = from + (column - seen.left + 0.5 - (wide % 2 ? 0 : 0.5)) * scale - width / 2;
  const y = (row - seen.top + 0.5 - (tall % 2 ? 0 : 0.5)) * scale - height / 2;
  context.save();
  context.beginPath();
  context.rect(from, 0, sheet.wide, sheet.tall);
  context.clip();
  for (const [colour, thick] of /** @type {[string, number][]} */ ([
    [ground, 4.5],
    [accent, 2],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = thick * ratio;
    context.strokeRect(x, y, width, height);
  }
  context.restore();
}

/**
 * The line between before and after, with something to take hold of.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} tall
 * @param {string[]} colours
 * @param {number} ratio
 */
export function handle(context, x, tall, [accent, ground], ratio) {
  context.fillStyle = ground;
  context.fillRect(x - 2.5 * ratio, 0, 5 * ratio, tall);
  context.fillStyle = accent;
  context.fillRect(x - ratio, 0, 2 * ratio, tall);
  context.beginPath();
  context.arc(x, tall / 2, 13 * ratio, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = ground;
  for (const side of [-1, 1]) {
    context.beginPath();
    context.moveTo(x + side * 9 * ratio, tall / 2);
    context.lineTo(x + side * 3.5 * ratio, tall / 2 - 5 * ratio);
    context.lineTo(x + side * 3.5 * ratio, tall / 2 + 5 * ratio);
    context.fill();
  }
}
