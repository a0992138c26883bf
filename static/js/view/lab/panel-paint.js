/** A panel's part of a picture: its pixels, in cells with their numbers where they are large enough, and outlines around some. */
/** @import { Frame, Part } from '../../core/lab/zoom.js' */
/** @import { PanelShown, Shown } from './panels.js' */
import { digits } from '../../core/lab/zoom.js';

export const LINES = 9; // px of a pixel from which it is drawn as a cell

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Shown} size
 * @param {PanelShown} shown
 * @param {{frame: Frame, part: Part}} place
 */
export function panel(
  context,
  { rows, columns, colours },
  { picture, numbers, shade, characters, later },
  { frame, part: { left, top, scale } },
) {
  const at = (/** @type {number} */ row, /** @type {number} */ column) => [
    frame.x + (column - left) * scale,
    frame.y + (row - top) * scale,
  ];
  const [x, y] = at(0, 0);
  const first = { row: Math.max(0, Math.floor(top)), column: Math.max(0, Math.floor(left)) };
  const last = {
    row: Math.min(rows, Math.ceil(top + frame.height / scale)),
    column: Math.min(columns, Math.ceil(left + frame.width / scale)),
  };
  context.save();
  context.beginPath();
  context.rect(frame.x, frame.y, frame.width, frame.height);
  context.clip();
  context.imageSmoothingEnabled = scale < 1;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, x, y, columns * scale, rows * scale);
  const size = digits(scale, numbers(first).length, characters);
  context.font = `${size}px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  if (scale >= LINES)
    for (let row = first.row; row < last.row; row++)
      for (let column = first.column; column < last.column; column++) {
        const [cx, cy] = at(row, column);
        const hidden = later?.({ row, column }) ?? false;
        if (hidden) {
          context.fillStyle = colours.ground;
          context.fillRect(cx, cy, scale, scale);
        }
        context.strokeStyle = colours.line;
        context.lineWidth = 0.5;
        context.strokeRect(cx, cy, scale, scale);
        if (!size || hidden) continue;
        const [r, g, b] = shade({ row, column });
        const lines = numbers({ row, column });
        context.fillStyle = 0.2126 * r + 0.7152 * g + 0.0722 * b > 115 ? '#000' : '#fff';
        lines.forEach((line, i) =>
          context.fillText(line, cx + scale / 2, cy + scale / 2 + (i - (lines.length - 1) / 2) * size * 1.15),
        );
      }
  context.restore();
}

/**
 * Seen on dark and on light.
 * @param {CanvasRenderingContext2D} context
 * @param {Shown} size
 * @param {Frame} frame
 * @param {Part} part
 * @param {{row: number, column: number, rows: number, columns: number}} what
 */
export function outline(context, { colours }, frame, { left, top, scale }, { row, column, rows, columns }) {
  const width = Math.max(columns * scale, 7);
  const height = Math.max(rows * scale, 7);
  const x = frame.x + (column + columns / 2 - left) * scale - width / 2;
  const y = frame.y + (row + rows / 2 - top) * scale - height / 2;
  context.save();
  context.beginPath();
  context.rect(frame.x, frame.y, frame.width, frame.height);
  context.clip();
  for (const [colour, thick] of /** @type {[string, number][]} */ ([
    [colours.ground, 5],
    [colours.accent, 2.5],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.strokeRect(x, y, width, height);
  }
  context.restore();
}
