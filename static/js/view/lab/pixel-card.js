/** One pixel written out: its bytes, the sum that makes it grey, the level it gets, and its bits at every number of levels. */
/** @import { LabScene, Values } from '../../core/lab/types.js' */
/** @import { Pixel } from '../../core/lab/zoom.js' */
/** @import { Pixels } from '../../labs/picture.js' */
import { byteBy, greyOf, weightsOf } from '../../core/lab/grey.js';
import { bitsOf, codeOf, levelAt } from '../../core/lab/levels.js';
import { h, num } from '../dom.js';
import { termsLine } from './terms.js';

export const NAMES = ['R', 'G', 'B'];
export const LEVELS = ['2', '4', '8', '16', '32', '64', '128', '256'];

/** Red, green and blue of a pixel, bytes. @param {Pixels} frame @param {Pixel} pixel */
export const bytesAt = ({ rgba, columns }, { row, column }) =>
  Array.from(rgba.subarray(4 * (row * columns + column), 4 * (row * columns + column) + 3));

/** A byte on the chosen scale, as it is printed. @param {number} value @param {Values} values */
export const printed = (value, { scale }) => (scale === 'unit' ? (value / 255).toFixed(3) : String(Math.round(value)));

/** @param {Values} values */
export const countOf = ({ levels }) => Number(levels);

/** What a pixel holds on the way to its levels: three bytes, or its grey one. @param {Values} values @param {number[]} bytes */
export const readOf = ({ colour, method }, bytes) => (colour ? bytes : [byteBy(method)(bytes[0], bytes[1], bytes[2])]);

const shown = (/** @type {number} */ number) => String(Number(number.toFixed(4)));
const line = (/** @type {any[]} */ ...parts) => h('div', { class: 'lab-terms' }, ...parts);
const term = (/** @type {any[]} */ ...parts) => h('span', { class: 'term' }, ...parts);

/** @param {LabScene} scene @param {Pixels} frame @param {Pixel} pixel @returns {HTMLElement[]} */
export function pixelCard({ values, view, say }, frame, pixel) {
  const bytes = bytesAt(frame, pixel);
  const place = say('at', { row: pixel.row + 1, column: pixel.column + 1 });
  const swatch = h('span', { class: 'swatch', style: { background: `rgb(${bytes.join(', ')})` } });
  const parts = line(
    h('span', { class: 'quiet' }, place),
    swatch,
    bytes.map((value, c) => term(`${NAMES[c]} = `, num(printed(value, values), 'value', { class: 'num' }))),
  );
  if (view === 'levels') {
    const read = readOf(values, bytes);
    return [parts, ...read.map((value, i) => levelLine(value, values, values.colour ? NAMES[i] : '', say))];
  }
  const written =
    values.scale === 'unit'
      ? say('unit', { byte: bytes[0], value: printed(bytes[0], values) })
      : say('hex', {
          hex: `#${bytes
            .map((value) => value.toString(16).padStart(2, '0'))
            .join('')
            .toUpperCase()}`,
          bits: bytes.map((value) => value.toString(2).padStart(8, '0')).join(' '),
        });
  return view === 'grey'
    ? [parts, ...greyLines(bytes, values, say)]
    : [parts, h('p', { class: 'quiet' }, written), ...greyLines(bytes, values, say)];
}

/**
 * The sum, or the half of the strongest and the weakest; and the byte that is stored.
 * @param {number[]} bytes
 * @param {Values} values
 * @param {LabScene['say']} say
 */
function greyLines(bytes, values, say) {
  const { method, scale } = values;
  const unit = scale === 'unit' ? 255 : 1;
  const weights = weightsOf(method);
  const byte = byteBy(method)(bytes[0], bytes[1], bytes[2]);
  const result = greyOf(method, bytes) / unit;
  const stored = term(h('span', { class: 'quiet' }, say(unit === 1 ? 'rounded' : 'rounded_unit', { value: byte })));
  const head = h('span', { class: 'group-name' }, say('grey_is'));
  const total = term('= ', num(shown(result), 'result', { class: 'num result' }));
  const divided = (/** @type {string[]} */ names, /** @type {number[]} */ numbers) =>
    line(
      head,
      term('('),
      numbers.map((value, i) => term(i ? '+ ' : '', names[i] ? `${names[i]} ` : '', num(printed(value, values), 'value'))),
      term(`) ÷ ${numbers.length}`),
      total,
      stored,
    );
  if (method === 'average') return [divided([], bytes)];
  if (!weights) return [divided([say('strongest'), say('weakest')], [Math.max(...bytes), Math.min(...bytes)])];
  const terms = bytes.map((value, c) => ({
    label: '',
    weight: weights[c],
    value: value / unit,
    product: (weights[c] * value) / unit,
    source: null,
  }));
  const sum = termsLine({ op: 'grey', node: 'output', index: [], terms, groups: [], bias: null, result, extra: {} });
  sum.prepend(head);
  sum.append(stored);
  return [sum];
}

/**
 * value ÷ step, rounded to a level, times step.
 * @param {number} value   byte
 * @param {Values} values
 * @param {string} name
 * @param {LabScene['say']} say
 */
function levelLine(value, values, name, say) {
  const count = countOf(values);
  const high = values.scale === 'unit' ? 1 : 255;
  const step = high / (count - 1);
  const code = codeOf(value, count);
  const own = (value / 255) * high;
  return line(
    name ? h('span', { class: 'group-name' }, name) : null,
    term(num(shown(own), 'value'), ' ÷ ', num(shown(step), 'weight'), ' = ', num((own / step).toFixed(2), 'value')),
    term('→ ', say('level'), ' ', num(String(code), 'value')),
    term(h('span', { class: 'quiet' }, `(${code.toString(2).padStart(bitsOf(count), '0')}₂)`)),
    term(`→ ${code} × ${shown(step)} = `, num(shown(levelAt(code, count, high)), 'result', { class: 'num result' })),
  );
}

/**
 * The same number with 1 to 8 bits: which level it gets, in binary, and what is left of it.
 * @param {LabScene} scene
 * @param {Pixels} frame
 * @param {Pixel} pixel
 */
export function levelsTable({ values, say }, frame, pixel) {
  const [value] = readOf(values, bytesAt(frame, pixel));
  const name = `${values.colour ? 'R' : say('grey')} ${printed(value, values)}`;
  const high = values.scale === 'unit' ? 1 : 255;
  const counts = LEVELS.map(Number);
  const here = (/** @type {number} */ count) => (count === countOf(values) ? 'chosen' : '');
  const row = (/** @type {string} */ name, /** @type {(count: number) => string} */ text, role = '') =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      counts.map((count) =>
        h('td', { class: here(count) }, role ? num(text(count), role, { 'data-levels': count }) : text(count)),
      ),
    );
  return h(
    'div',
    { class: 'wide-table', tabindex: 0, role: 'group', 'aria-label': say('all_levels') },
    h(
      'table',
      { class: 'stable-table levels-table' },
      h('caption', {}, name),
      h(
        'tbody',
        {},
        row(say('levels'), (count) => String(count)),
        row(say('bits'), (count) => codeOf(value, count).toString(2).padStart(bitsOf(count), '0'), 'bits'),
        row(
          say('left'),
          (count) => shown(Number(levelAt(codeOf(value, count), count, high).toFixed(high === 1 ? 2 : 0))),
          'left',
        ),
      ),
    ),
  );
}
