/** 1-D convolution: the kernel is turned round, slides along, multiplies and adds; and the same with smooth curves. */
/** @import { Drawing, Lab, LabScene, Piece, Plane, Values } from '../core/lab/types.js' */
import { RESPONSES, SIGNALS, WIDTHS, cutInto, strips, timeOf } from '../core/lab/continuous.js';
import { boundOfGrid, short } from '../core/lab/grids.js';
import { axisOf, firstWhole, sidesOf, sumOf } from '../core/lab/signal.js';
import { h, num } from '../view/dom.js';
import { curves } from '../view/lab/continuous.js';
import { pooling, spreading } from '../view/lab/series.js';
import { sizeTable } from '../view/lab/side.js';
import { ems, names, places, stems } from '../view/lab/stems.js';
import { termsLine } from '../view/lab/terms.js';

const MODES = ['full', 'same', 'valid', 'causal'];
/** Views that are operations of their own. @type {Record<string, import('../view/lab/series.js').Series>} */
const OTHERS = { pool: pooling, spread: spreading };
const smooth = (/** @type {Values} */ values) => values.view === 'continuous';
const discrete = (/** @type {Values} */ values) => !smooth(values);
const pooled = (/** @type {Values} */ values) => values.view === 'pool';
const spread = (/** @type {Values} */ values) => values.view === 'spread';
const slid = (/** @type {Values} */ values) => values.view === 'slide';
const SHOWN = 3; // the time that is looked at while none is chosen
const ROWS = { f: 1.7, g: 1.25, y: 1.7, axis: 0.62 }; // heights of the charts, in cells

/** Which output is looked at. @param {LabScene} scene */
function lookedAt({ hover, step, values, view }) {
  if (view === 'continuous') {
    const { step: wide, count } = cutInto(values);
    return Math.min(step ?? SHOWN / wide - 1, count - 1);
  }
  const axis = axisOf(values);
  const pointed = hover?.grid === 'y' ? axis.output(hover.index) : -1;
  return pointed >= 0 ? pointed : Math.min(step ?? firstWhole(values), axis.count - 1);
}

/** The rows under each other, as planes of equally wide cells. @param {LabScene} scene */
function rowsOf(scene) {
  const { values, say, hover, step, answer } = scene;
  const { x, k } = values;
  const axis = axisOf(values);
  const n = lookedAt(scene);
  const taps = axis.taps(n);
  const at = (/** @type {number} */ column) => taps.indexOf(column);
  const columns = Array.from({ length: axis.columns }, (_, i) => i);
  const slid = columns.map((i) => (at(i) < 0 ? NaN : axis.weight(at(i))));
  const output = columns.map((i) => (axis.output(i) < 0 ? NaN : answer.output[axis.output(i)]));
  const products = slid.map((weight, i) => weight * axis.value(i));
  const shown = step === null ? axis.count : n + 1;
  const grown = output.map((value, i) => (axis.output(i) < shown ? value : NaN));
  const pointed = hover?.grid === 'x' ? hover.index : -1;
  const reached = (/** @type {number} */ i) =>
    pointed >= 0 && axis.output(i) >= 0 && axis.taps(axis.output(i)).includes(pointed);
  const said = (/** @type {number[]} */ row) =>
    row.map((value, i) =>
      row === slid || row === products
        ? at(i) < 0
          ? ''
          : short(value)
        : row === output && axis.output(i) < 0
          ? ''
          : short(value),
    );
  const signal = columns.map(axis.value);
  const characters = Math.max(3, ...[signal, products, output, slid].flatMap((row) => said(row).map((text) => text.length)));
  const blank = (/** @type {number} */ i) => (at(i) < 0 ? 'blank' : '');
  /** @type {(id: string, cells: number[], bound: any, more: Partial<Plane>) => Plane} */
  const plane = (id, cells, bound, more) => ({
    kind: 'plane',
    id,
    label: '',
    rows: 1,
    columns: axis.columns,
    cells: cells.map((value, i) => (Number.isNaN(value) && !said(cells)[i] ? 0 : value)),
    texts: said(cells),
    bound: boundOfGrid(bound),
    characters,
    ...more,
  });
  return {
    axis,
    n,
    taps,
    signal,
    slid,
    grown,
    output,
    characters,
    x: plane('x', signal, x, {
      edits: { key: 'x', at: [], inner: [0, axis.before, 1, x.length], flat: true },
      mark: (i) =>
        `${i < axis.before || i >= axis.before + x.length ? 'padding' : ''}${at(i) >= 0 && pointed < 0 ? ' window' : ''}${i === pointed ? ' here' : ''}`,
    }),
    slid_row: plane('g', slid, k, { mark: blank }),
    products: plane('p', products, [boundOfGrid(x) * boundOfGrid(k)], { mark: blank }),
    y: plane('y', output, answer.output, {
      pick: (i) => {
        if (axis.output(i) >= 0) scene.go(axis.output(i));
      },
      mark: (i) =>
        axis.output(i) < 0
          ? 'blank'
          : `${axis.output(i) >= shown ? 'later ' : ''}${reached(i) ? 'reach' : i === axis.at(n) && pointed < 0 ? 'here' : ''}`,
    }),
    k: /** @type {Plane} */ ({
      kind: 'plane',
      id: 'k',
      label: say('k'),
      rows: 1,
      columns: k.length,
      cells: k,
      bound: boundOfGrid(k),
      characters,
      edits: { key: 'k', at: [], flat: true },
    }),
  };
}

/** @param {LabScene} scene @returns {Piece[]} */
function slideFigure(scene) {
  const { say, colours, values } = scene;
  const rows = rowsOf(scene);
  const { axis, taps, characters, n } = rows;
  const band = /** @type {[number, number]} */ ([taps[0], taps[taps.length - 1]]);
  const name = {
    f: say('row_f'),
    g: say(values.flip ? 'row_flipped' : 'row_slid'),
    p: say('row_products'),
    y: say(values.flip ? 'row_output' : 'row_correlation'),
  };
  const chart = (
    /** @type {string} */ id,
    /** @type {string} */ label,
    /** @type {number} */ tall,
    /** @type {Drawing['draw']} */ draw,
  ) => /** @type {Drawing} */ ({ kind: 'drawing', id, label, rows: tall, columns: axis.columns, characters, draw });
  /**
   * Where there is no room for names at the left they stand above, and the kernel is in numbers alone.
   * @param {boolean} narrow
   */
  const charts = (narrow) => [
    chart('f', narrow ? name.f : '', narrow ? 1 : ROWS.f, (frame) =>
      stems(frame, rows.signal, { colours, band, mark: (i) => (taps.includes(i) ? 'on' : 'quiet') }),
    ),
    rows.x,
    ...(narrow
      ? []
      : [chart('g.', '', ROWS.g, (frame) => stems(frame, rows.slid, { colours, kind: 'kernel', band, range: values.k }))]),
    { ...rows.slid_row, label: narrow ? name.g : '' },
    { ...rows.products, label: narrow ? name.p : '' },
    chart('y.', narrow ? name.y : '', narrow ? 1 : ROWS.y, (frame) =>
      stems(frame, rows.grown, { colours, mark: (i) => (i === axis.at(n) ? 'on' : 'quiet'), range: rows.output }),
    ),
    rows.y,
    chart('t', '', ROWS.axis, (frame) => places(frame, -axis.before, axis.at(n))),
  ];
  const heights = [ROWS.f, 1, ROWS.g, 1, 1, ROWS.y, 1, ROWS.axis];
  const total = heights.reduce((a, b) => a + b, 0);
  const middle = (/** @type {number} */ from, /** @type {number} */ to) =>
    (heights.slice(0, from).reduce((a, b) => a + b, 0) + heights.slice(0, to).reduce((a, b) => a + b, 0)) / 2;
  /** @type {[string, number][]} */
  const beside = [
    [name.f, middle(0, 2)],
    [name.g, middle(2, 4)],
    [name.p, middle(4, 5)],
    [name.y, middle(5, 7)],
    ['t', middle(7, 8)],
  ];
  /** @type {Piece} */
  const labels = {
    kind: 'drawing',
    id: 'names',
    label: '',
    rows: total,
    columns: 1,
    characters: Math.ceil(Math.max(...beside.map(([text]) => ems(text))) / 0.58),
    draw: (frame) => names(frame, beside),
  };
  const main = /** @type {Piece} */ ({
    kind: 'row',
    gap: 0.3,
    items: [labels, { kind: 'column', gap: 0, items: charts(false) }],
  });
  if (innerWidth <= 900) return [{ kind: 'column', gap: 0, items: [rows.k, ...charts(true)] }];
  return [
    { kind: 'column', gap: 0.5, items: [rows.k, main] },
    { kind: 'row', gap: 1, items: [{ ...rows.k, rows: values.k.length, columns: 1 }, main] },
  ];
}

/** The definition with the numbers of this place. @param {LabScene} scene */
function definition({ values, say }, /** @type {number} */ t) {
  return h('p', { class: 'quiet' }, values.flip ? say('sum_convolution', { t }) : say('sum_correlation', { t }));
}

/** @param {LabScene} scene */
function discreteCard(scene) {
  const n = lookedAt(scene);
  const axis = axisOf(scene.values);
  return [
    definition(scene, axis.at(n) - axis.before),
    termsLine(sumOf(scene.values, n, scene.answer.output[n]), { columns: 1 }),
  ];
}

/** So many significant digits: more for a factor than for the product, so that the printed line is true. @param {number} value @param {number} count */
const digits = (value, count) => String(Number(value.toPrecision(count))).replace('-', '−');

/** The integral as what it is here: strips added up. @param {LabScene} scene */
function continuousCard(scene) {
  const { values, answer, say } = scene;
  const n = lookedAt(scene);
  const { f, g } = strips(values);
  const sum = Array.from({ length: n + 1 }, (_, i) => f[i] * g[n - i]).reduce((a, b) => a + b, 0);
  return [
    h('p', { class: 'quiet' }, say('integral', { t: String(timeOf(n, values)) })),
    h(
      'div',
      { class: 'lab-terms' },
      h(
        'span',
        { class: 'term' },
        say('strips', { count: n + 1 }),
        ' ',
        num(values.strip, 'weight'),
        h('span', { class: 'times' }, '×'),
        num(digits(sum, 6), 'value'),
      ),
      h('span', { class: 'term total' }, '≈ ', num(digits(answer.output[n], 4), 'result', { class: 'num result' })),
    ),
    h('p', { class: 'quiet' }, say('fine', { width: values.strip })),
  ];
}

/** @param {LabScene} scene */
const stepsOf = ({ answer }) => answer?.output.length ?? 0;

/** @type {Lab} */
export default {
  fields: [
    { key: 'x', kind: 'grid', rank: 1, start: [0, 4, 0, 0, 2, 0, 0, 4, 0, 0], most: 64, when: discrete },
    { key: 'k', kind: 'grid', rank: 1, start: [1, 0.5, 0.25], most: 32, when: (values) => slid(values) || spread(values) },
    { key: 'mode', kind: 'choice', options: MODES, start: 'causal', when: slid },
    { key: 'flip', kind: 'flag', start: true, when: slid },
    { key: 'pool', kind: 'choice', options: ['max', 'avg'], start: 'max', when: pooled },
    { key: 'window', kind: 'whole', start: 2, least: 1, most: 16, when: pooled },
    { key: 'hop', kind: 'whole', start: 2, least: 1, most: 16, when: pooled },
    { key: 'margin', kind: 'whole', start: 0, least: 0, most: 8, when: pooled },
    { key: 'stride', kind: 'whole', start: 1, least: 1, most: 8, when: (values) => slid(values) || spread(values) },
    {
      key: 'dilation',
      kind: 'whole',
      start: 1,
      least: 1,
      most: 8,
      when: (values) => slid(values) || spread(values) || (pooled(values) && values.pool === 'max'),
    },
    { key: 'ceil_mode', kind: 'flag', start: false, when: pooled },
    {
      key: 'count_include_pad',
      kind: 'flag',
      start: true,
      when: (values) => pooled(values) && values.pool === 'avg' && values.margin > 0,
    },
    { key: 'cut', kind: 'whole', start: 0, least: 0, most: 8, when: spread },
    { key: 'signal', kind: 'choice', options: Object.keys(SIGNALS), start: 'pulses', when: smooth },
    { key: 'response', kind: 'choice', options: Object.keys(RESPONSES), start: 'decay', when: smooth },
    { key: 'strip', kind: 'choice', options: WIDTHS, start: '0.125', when: smooth },
    { key: 'width', kind: 'number', start: 1, least: 0.25, most: 4, step: 0.25, slider: true, when: smooth },
  ],
  views: ['slide', 'continuous', 'pool', 'spread'],
  ask(values, view) {
    if (OTHERS[view]) return OTHERS[view].ask(values);
    if (view === 'continuous') {
      const { f, kernel } = strips(values);
      return { op: 'conv1d', body: { input: f, kernel, flip: true, causal: true, steps: false } };
    }
    const { x, k, stride, dilation, flip } = values;
    return { op: 'conv1d', body: { input: x, kernel: k, stride, dilation, padding: sidesOf(values), flip, steps: false } };
  },
  steps: (scene) => (scene.answer && OTHERS[scene.view] ? OTHERS[scene.view].steps(scene) : stepsOf(scene)),
  figure: (scene) => (scene.view === 'continuous' ? null : (OTHERS[scene.view]?.figure ?? slideFigure)(scene)),
  stage: (place, scene) => curves(place, scene, lookedAt(scene)),
  card: (scene) => (OTHERS[scene.view]?.card ?? (scene.view === 'continuous' ? continuousCard : discreteCard))(scene),
  side(scene) {
    const { view, answer, say } = scene;
    if (view === 'continuous' || !answer?.sizes) return [];
    return OTHERS[view]?.side(scene) ?? [sizeTable(Object.values(answer.sizes), [say('steps_axis')])];
  },
  caption(scene) {
    if (OTHERS[scene.view]) return OTHERS[scene.view].caption(scene);
    if (scene.view === 'continuous') return scene.say('caption_continuous');
    return scene.step === null
      ? scene.say(scene.values.flip ? 'caption_convolution' : 'caption_correlation')
      : scene.say('caption_step', { step: scene.step + 1, count: scene.answer.output.length });
  },
  numbers: ({ values, view, answer }) =>
    view === 'continuous'
      ? { ...strips(values), output: answer?.output ?? [] }
      : { signal: values.x, ...(view === 'pool' ? {} : { kernel: values.k }), output: answer?.output ?? [] },
};
