/** The number view: the cell's place in the maps on one side, the card with its arithmetic on the other. */
/** @import { Scene } from './scene.js' */
/** @import { Explained } from './explained.js' */
import { OPS } from '../core/ops/index.js';
import { isVector } from '../core/graph.js';
import { receptiveField } from '../core/receptive.js';
import { cellsOf } from '../core/shapes.js';
import { opText, t } from '../i18n.js';
import { isLong, nameOf, vectorBars } from './bars.js';
import { cellAround, cellMark, explained, inside, plane, windowMark } from './explained.js';
import { figure } from './figure.js';
import { formula } from './formula.js';
import { heatmap } from './heatmap.js';
import { link } from './linking.js';
import { matrixMaps } from './matrix-map.js';
import { fallback } from './ops/fallback.js';
import { OP_VIEWS } from './ops/index.js';
import { wayOn } from './way.js';
import { h, s } from './dom.js';

/** @param {Scene} scene @returns {HTMLElement[]} */
export function numberView(scene) {
  const e = explained(scene);
  const view = OP_VIEWS[e.record.op] ?? fallback;
  const alone = view.alone?.(e) ?? false;
  const maps = alone ? [] : mapsOf(e, view);
  const aside = h('aside', { class: `maps${wide(e.record.op) ? ' wide' : ''}${maps.length > 2 ? ' three' : ''}` }, maps);
  const card = h(
    'article',
    { class: 'card', 'data-card': e.record.op, 'data-node': e.record.name, 'data-index': e.index.join(',') },
    h(
      'header',
      {},
      h('h2', {}, opText(e.record.op), h('span', { class: 'node' }, e.record.name)),
      h('p', { class: 'where' }, whereText(scene, e)),
      e.record.op === 'input' && e.record.shape.length < 3
        ? null
        : formula(scene.formulas[e.record.op] ?? '', opText(e.record.op, 'line')),
      e.record.op === 'input' ? null : wayOn(e),
    ),
    h('div', { class: 'arithmetic' }, view.card(e)),
  );
  const { resting = null, show } = view.pointing?.(e) ?? {};
  const words = card.querySelector('.cell-line');
  link([aside, card], resting, (cell) => words?.replaceChildren(...(show?.(cell) ?? [])));
  return alone ? [card] : [aside, card];
}

/** Cards that need little room leave it to the maps. @param {string} op */
export const wide = (op) =>
  !['conv2d', 'linear', 'softmax', 'adaptive_avg_pool2d', 'adaptive_max_pool2d', 'matmul', 'embedding', 'cat'].includes(op);

/**
 * What the number was read from, the node that it belongs to, and the part of a picture that it sees.
 * @param {Explained} e
 * @param {import('./ops/index.js').OpView} view
 */
function mapsOf(e, view) {
  const {
    record,
    source,
    scene: { names },
  } = e;
  const own = view.maps?.(e);
  if (record.op === 'input') return matrixMaps(e);
  if (names && record.shape.length < 3) return own?.length ? [...own, outputMap(e)] : matrixMaps(e);
  const slides = OPS[record.op] && source.shape.length === 3;
  return [
    ...(own ?? (slides ? [inputMap(e)] : isVector(source) ? [] : matrixMaps(e).slice(0, -1))),
    outputMap(e),
    ...fieldMap(e),
  ];
}

/** @param {Scene} scene @param {Explained} e */
function whereText(scene, { record, index }) {
  if (isVector(record)) return nameOf(scene, record, index[0]);
  if (record.shape.length === 2)
    return index.map((i, d) => scene.names?.part(record, d, i) ?? t('ui.unit_vector', { unit: i })).join(' · ');
  return `${t('ui.unit_map', { unit: index[0] })} · ${t('ui.position', { y: index[1], x: index[2] })}`;
}

/** @param {Explained} e */
function inputMap(e) {
  const { scene, source, record, input, inputBound, index } = e;
  const channel = record.op === 'conv2d' ? e.channel : index[0];
  const map = heatmap({
    plane: plane(input, channel),
    bound: inputBound,
    colours: scene.colours,
    label: t('ui.input_map'),
    marks: [windowMark(e)],
    onCell: (y, x) => scene.act.openNumber(record.name, record.op === 'flatten' ? index : cellAround(e, y, x)),
  });
  map.append(underWindow(e));
  return figure(map, `${source.name} · ${channel}`, source.shape.slice(1).join('×'), 'in');
}

/** The pixels under the window, each to be pointed at. @param {Explained} e */
function underWindow({ record, index, input }) {
  const [, height, width] = input.shape;
  const [window] = OPS[record.op].window(record, index, input.shape);
  const cells = cellsOf({ ...window, start: [0, ...window.start.slice(1)], stop: [1, ...window.stop.slice(1)] });
  const counted = record.op === 'conv2d' ? cells : cells.filter((at) => inside(input.shape, at)); // pooling skips padding
  return s(
    'svg',
    { class: 'under-window', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    counted.map(([, y, x], i) => s('rect', { x, y, width: 1, height: 1, 'data-cell': i })),
  );
}

/** @param {Explained} e */
function outputMap(e) {
  const { scene, record, output, outputBound, index } = e;
  if (isVector(record))
    return figure(
      vectorBars(scene, record, output, index[0], 1),
      record.name,
      String(record.shape[0]),
      `out vector${isLong(record) ? '' : ' listed'}`,
    );
  return figure(
    heatmap({
      plane: plane(output, index[0]),
      bound: outputBound,
      colours: scene.colours,
      label: t('ui.output_map'),
      marks: [cellMark(index)],
      onCell: (y, x) => scene.act.openNumber(record.name, [index[0], y, x]),
    }),
    `${record.name} · ${index[0]}`,
    record.shape.slice(1).join('×'),
    'out',
  );
}

/** The part of the picture that the number can see. @param {Explained} e @returns {HTMLElement[]} */
function fieldMap({ scene, record, index }) {
  const box = receptiveField(scene.data.records, record.name, index);
  const values = scene.data.values('input') ?? scene.data.pictures.get('input');
  if (!box || !values || record.inputs[0] === 'input') return [];
  const [height, width] = [box.bottom - box.top, box.right - box.left];
  const mark = { x: box.left, y: box.top, width, height, kind: /** @type {'field'} */ ('field') };
  const shown = heatmap({
    plane: plane(values, 0),
    bound: 1,
    colours: scene.colours,
    label: t('ui.receptive', { height, width }),
    marks: [mark],
  });
  const photo = scene.data.trace.input.preparation.at(-1)?.picture;
  if (photo) shown.replaceChild(h('img', { src: photo, alt: '' }), /** @type {Node} */ (shown.firstChild));
  return [figure(shown, t('ui.receptive', { height, width }), '', 'seen')];
}
