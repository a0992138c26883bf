/** What a picture takes: as numbers of different kinds, multiplied out, and as files; bars of the same scale beside the picture. */
/** @import { LabScene } from '../../core/lab/types.js' */
/** @import { Pixels } from '../../labs/picture.js' */
/** @import { FileSize } from './file-sizes.js' */
import { bitsOf, memoryOf, sizeOf } from '../../core/lab/levels.js';
import { h, s } from '../dom.js';
import { measured } from './curve-stage.js';

/**
 * @typedef {{name: string, sum: string, bytes: number, file?: boolean, many?: boolean}} Row   file: encoded, not multiplied
 *   out; many: of a batch, too long for a bar
 */

/**
 * @param {LabScene} scene
 * @param {Pixels} frame
 * @param {FileSize[] | null} files   of the picture as it is shown; null: not known
 * @returns {Row[]}
 */
export function memoryRows({ values: { levels, batch }, say }, { rows, columns, file }, files) {
  const count = Number(levels);
  const bits = bitsOf(count);
  const colour = memoryOf(rows, columns, 3, batch, 256);
  const grey = memoryOf(rows, columns, 1, batch, count);
  const area = `${rows} × ${columns}`;
  const packed = `${area} × 1 × ${bits} ÷ 8`;
  const reduced = file && file.rows * file.columns > rows * columns;
  return [
    { name: say('memory_grey'), sum: `${area} × 1`, bytes: grey.bytes },
    {
      name: say('memory_levels', { count, bits }),
      sum: (grey.numbers * bits) % 8 ? `⌈${packed}⌉` : packed,
      bytes: grey.packed,
    },
    { name: say('memory_colour'), sum: `${area} × 3`, bytes: colour.bytes },
    { name: say('memory_float'), sum: `${area} × 3 × 4`, bytes: colour.floats },
    { name: say('memory_batch', { batch }), sum: `${batch} × ${area} × 3 × 4`, bytes: colour.batch, many: true },
    ...(file
      ? [{ name: say(reduced ? 'file_larger' : 'file_given', { ...file }), sum: '', bytes: file.bytes, file: true }]
      : []),
    ...(files ?? [])
      .filter(({ kind }) => reduced || kind !== file?.kind)
      .map(({ kind, bytes }) => ({ name: say(`file_${kind}`), sum: '', bytes, file: true })),
  ];
}

/** The same sizes by PyTorch. @param {LabScene['values']} values @param {Pixels} frame */
export const memoryCode = ({ levels, batch }, { rows, columns }) => `import torch

grey = torch.empty(1, ${rows}, ${columns}, dtype=torch.uint8)
colour = torch.empty(3, ${rows}, ${columns}, dtype=torch.uint8)
batch = torch.empty(${batch}, 3, ${rows}, ${columns}, dtype=torch.float32, device="meta")
packed = (grey.numel() * ${bitsOf(Number(levels))} + 7) // 8  # ${levels} levels take ${bitsOf(Number(levels))} bits
output = torch.tensor([grey.nbytes, packed, colour.nbytes, batch[0].nbytes, batch.nbytes])
print(output)
`;

/**
 * A product and its bytes, in larger units too; where there is no room the larger units alone.
 * @param {string} sum   empty: not multiplied out
 * @param {number} bytes
 * @param {boolean} narrow
 */
function written(sum, bytes, narrow) {
  const { text, exact } = sizeOf(bytes);
  const all = `${bytes.toLocaleString('en-US')} B`;
  const sign = exact ? '=' : '≈';
  const left = narrow && bytes >= 1 << 20 ? sum : [sum, all].filter(Boolean).join(' = ');
  if (!left) return exact ? text : `≈ ${text}`;
  return bytes < 1 << 10 ? left : `${left} ${sign} ${text}`;
}

/** Its picture and its table in one SVG, so that both are exported. */
export function memoryFigure() {
  const picture = s('image', {});
  const rows = s('g', {});
  const root = s('svg', { class: 'lab-plot memory-figure', role: 'img' }, picture, rows);
  const place = h('div', { class: 'plot-place whole memory-place' }, root);
  let painted = '';
  return {
    root: place,
    /**
     * @param {LabScene} scene
     * @param {Pixels} frame
     * @param {HTMLCanvasElement} canvas   the picture itself
     * @param {FileSize[] | null} files
     */
    draw(scene, frame, canvas, files) {
      const { width, height, text } = measured(place);
      const narrow = width < 44 * text;
      const list = memoryRows(scene, frame, files);
      const most = Math.max(...list.filter(({ many }) => !many).map(({ bytes }) => bytes));
      const side = narrow ? Math.min(width, height * 0.22) : Math.min(height, width * 0.3);
      const scale = side / Math.max(frame.rows, frame.columns);
      const left = narrow ? 0 : side + 2.4 * text;
      const top = narrow ? side + text : 0;
      for (const [key, value] of Object.entries({
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        'aria-label': scene.say('view_memory'),
      }))
        root.setAttribute(key, String(value));
      if (painted !== frame.key) {
        painted = frame.key;
        picture.setAttribute('href', canvas.toDataURL());
      }
      for (const [key, value] of Object.entries({
        x: narrow ? (width - frame.columns * scale) / 2 : 0,
        y: narrow ? 0 : (height - frame.rows * scale) / 2,
        width: frame.columns * scale,
        height: frame.rows * scale,
      }))
        picture.setAttribute(key, String(value));
      const tall = Math.min(5 * text, (height - top) / list.length);
      const room = width - left;
      const start = top + (height - top - tall * list.length) / 2;
      rows.replaceChildren(
        ...list.map((row, i) => line(row, { x: left, y: start + i * tall, room, tall, text, most, narrow })),
      );
    },
  };
}

/**
 * Name and size above their bar, on a phone one above the other.
 * @param {Row} row
 * @param {{x: number, y: number, room: number, tall: number, text: number, most: number, narrow: boolean}} place
 */
function line({ name, sum, bytes, file, many }, { x, y, room, tall, text, most, narrow }) {
  const size = Math.min(narrow ? text : 1.35 * text, tall * (narrow ? 0.28 : 0.38));
  const thick = Math.max(4, Math.min(0.9 * text, tall * 0.2));
  const long = Math.max(2, (room * bytes) / most);
  const under = y + (narrow ? 2.6 : 1.4) * size;
  return s(
    'g',
    { class: `memory-row ${file ? 'series-3' : 'series-0'}` },
    s('text', { x, y: y + 1.05 * size, 'font-size': size }, name),
    s(
      'text',
      { x: x + room, y: y + (narrow ? 2.25 : 1.05) * size, 'font-size': size, 'text-anchor': 'end', 'data-role': 'memory' },
      written(sum, bytes, narrow),
    ),
    many
      ? s('path', {
          class: 'many',
          d: `M${x},${under + thick / 2}H${x + room - thick}m0,${-thick / 2}l${thick},${thick / 2}l${-thick},${thick / 2}`,
        })
      : s('rect', { class: 'bar', x, y: under, width: long, height: thick }),
  );
}
