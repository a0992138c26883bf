/** The home page's live figure: the maps of a real trace, one of them in the making, and one of its numbers. */
/** @import { Explanation, NodeRecord, Tensor } from '../core/types.js' */
/** @import { Frame } from '../core/miniature.js' */
/** @import { Data } from '../data.js' */
/** @import { Colours } from './colors.js' */
import { printedSum } from '../core/arithmetic.js';
import { boxOf, layout } from '../core/layout.js';
import { stacked } from '../core/stacked.js';
import { partial } from '../core/ops/conv2d.js';
import { offset, plane, range } from '../core/tensor.js';
import { t } from '../i18n.js';
import { boundOf } from './colors.js';
import { answerSize, drawAnswer } from './answer.js';
import { drawEdges, drawFocus } from './edges.js';
import { heatmap } from './heatmap.js';
import { paintThumbs } from './thumbs.js';
import { h, num, s, sign } from './dom.js';

/** @typedef {{data: Data, colours: Colours, record: NodeRecord, unit: number, weight: Tensor, model: {classes: {title: string}[]}, explain: (index: number[]) => Explanation | undefined}} Shown */

const NARROW = 560;

/** @param {HTMLElement} place @param {Shown} shown @param {Frame} frame */
export function drawMiniature(place, shown, frame) {
  const draw = { network: networkStage, layer: layerStage, number: numberStage }[frame.stage];
  const drawn = draw(shown, frame, place);
  if (drawn) place.replaceChildren(drawn);
  place.dataset.stage = frame.stage;
}

/** @param {Shown} shown @param {Frame} frame @param {HTMLElement} place */
function networkStage({ data, colours, record, unit, model }, { part }, place) {
  const rows = place.clientWidth < NARROW;
  const nodes = rows ? data.nodes.filter(({ shape }) => shape.length === 3) : data.nodes;
  const placed = (rows ? stacked : layout)(nodes, roomIn(place, rows, model.classes));
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'thumbs' }));
  const under = s('svg', { class: 'edges' });
  const over = s('svg', { class: 'focus' });
  paintThumbs(canvas, placed, data, 'layer', colours);
  const part_of = { ...data, nodes };
  drawEdges(under, placed, part_of);
  drawAnswer(under, placed, /** @type {any} */ ({ data, model }));
  if (part && boxOf(placed, record.name, unit)) drawFocus(over, placed, part_of, { name: record.name, unit });
  return h(
    'div',
    { class: 'field', style: { width: `${placed.width}px`, height: `${placed.height}px` } },
    under,
    canvas,
    over,
    photo(data, placed),
  );
}

/**
 * The picture that went in: above its planes, or before them.
 * @param {Data} data
 * @param {import('../core/layout.js').Layout} placed
 */
function photo({ trace }, placed) {
  const [first, second] = placed.columns;
  const [top] = first.units;
  const source = trace.input.preparation[0]?.picture;
  const side = placed.rows ? top.width : Math.min(top.width * 1.4, top.y - 8, second.units[0].x - top.x - 8);
  if (!source || side < 20) return null;
  return h('img', {
    src: source,
    alt: '',
    class: 'photo',
    style: { left: `${placed.rows ? 0 : top.x}px`, top: `${placed.rows ? top.y : top.y - side - 6}px`, width: `${side}px` },
  });
}

/**
 * @param {HTMLElement} place
 * @param {boolean} rows
 * @param {{title: string}[]} classes
 * @returns {import('../core/layout.js').Room}
 */
function roomIn(place, rows, classes) {
  const answer = answerSize(place, classes);
  return {
    width: place.clientWidth,
    height: place.clientHeight - 4,
    rows,
    tile: 10,
    gap: rows ? 4 : 3,
    near: 4,
    pad: rows ? 6 : 3,
    aisle: 14,
    bars: answer.width,
    bar: 1.6 * answer.height,
    strip: 22,
    letter: 0,
    head: 2,
    label: () => 0,
    title: () => 0,
  };
}

/** @param {Shown} shown @param {Frame} frame */
function layerStage({ data, colours, record, unit, weight }, { part }) {
  const input = /** @type {Tensor} */ (data.pictures.get(record.inputs[0]));
  const picture = /** @type {Tensor} */ (data.pictures.get(record.name));
  const parts = Array.from({ length: input.shape[0] }, (_, from) => partial(record, input, weight, unit, from));
  const bounds = [
    boundOf(...range(input.data)),
    boundOf(...range(weight.data)),
    Math.max(...parts.map(({ data: values }) => boundOf(...range(values)))),
    boundOf(...range(picture.data)),
  ];
  const map = (/** @type {any} */ values, /** @type {number} */ bound) => heatmap({ plane: values, bound, colours, label: '' });
  const rows = parts.map((values, i) =>
    h(
      'div',
      { class: `mini-fold${i < part ? '' : ' later'}` },
      h('b', {}, 'RGB'[i] ?? String(i)),
      map(plane(input, i), bounds[0]),
      sign('∗'),
      map(kernel(weight, unit, i), bounds[1]),
      sign('='),
      map(plane(values, 0), bounds[2]),
    ),
  );
  const sum = parts
    .slice(1, part)
    .reduce((total, { data: values }) => total.map((value, i) => value + values[i]), parts[0].data.slice());
  const result = part === parts.length ? plane(picture, unit) : { ...plane(picture, unit), data: sum };
  return h('div', { class: 'mini-layer' }, h('div', { class: 'mini-folds' }, rows), sign('Σ'), map(result, bounds[3]));
}

/** @param {Tensor} weight @param {number} unit @param {number} channel */
function kernel(weight, unit, channel) {
  const [, , height, width] = weight.shape;
  const start = offset(weight.shape, [unit, channel, 0, 0]);
  return { height, width, data: weight.data.subarray(start, start + height * width) };
}

/** Nothing until its numbers have come. @param {Shown} shown @param {Frame} frame */
function numberStage({ data, colours, record, unit, weight, explain }, { index }) {
  const explanation = explain(index);
  if (!explanation) return null;
  const printed = printedSum(explanation, explanation.result);
  const [, , height, width] = weight.shape;
  const sums = printed.groups.map(({ value }) => Math.abs(value));
  const most = sums.indexOf(Math.max(...sums));
  const group = printed.groups[most];
  const input = /** @type {Tensor} */ (data.pictures.get(record.inputs[0]));
  const output = /** @type {Tensor} */ (data.pictures.get(record.name));
  const source = group.terms.find(({ term }) => term.source)?.term.source?.index ?? index;
  const window = { x: source[2], y: source[1], width, height, kind: /** @type {const} */ ('window') };
  const cell = { x: index[2], y: index[1], width: 1, height: 1, kind: /** @type {const} */ ('window') };
  const grid = (/** @type {'value' | 'weight' | 'product'} */ role, /** @type {number} */ bound) =>
    h(
      'div',
      { class: 'mini-matrix', style: { '--columns': width } },
      group.terms.map((term) =>
        num(term[role], role, { style: { background: colours.fill(Number(term.term[role]), 2 * bound) } }),
      ),
    );
  const most_product = Math.max(...group.terms.map(({ term }) => Math.abs(term.product)), 1e-9);
  return h(
    'div',
    { class: 'mini-number' },
    h(
      'div',
      { class: 'mini-maps' },
      heatmap({ plane: plane(input, most), bound: boundOf(...range(input.data)), colours, label: '', marks: [window] }),
      heatmap({ plane: plane(output, unit), bound: boundOf(...range(output.data)), colours, label: '', marks: [cell] }),
    ),
    h(
      'div',
      { class: 'mini-card' },
      h(
        'div',
        { class: 'mini-products' },
        grid('value', 1),
        sign('×'),
        grid('weight', boundOf(...range(weight.data))),
        sign('='),
        grid('product', most_product),
      ),
      h(
        'p',
        { class: 'mini-sum' },
        ...printed.groups.flatMap((one, i) => [
          i ? sign(one.sum.startsWith('−') ? '−' : '+') : null,
          labelled(i ? one.sum.replace('−', '') : one.sum, 'RGB'[i] ?? String(i), i === most),
        ]),
        ...(printed.bias === null
          ? []
          : [sign(printed.bias.startsWith('−') ? '−' : '+'), labelled(printed.bias.replace('−', ''), t('home.bias'))]),
        sign('='),
        num(printed.result, 'result', { class: 'num result' }),
      ),
    ),
  );
}

/** @param {string} text @param {string} name @param {boolean=} on */
const labelled = (text, name, on = false) =>
  h('span', { class: `labelled${on ? ' on' : ''}` }, num(text, 'sum'), h('small', {}, name));
