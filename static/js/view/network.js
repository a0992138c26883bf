/** The overview: every map of every layer as columns of thumbnails, their edges, and the answer as bars. */
/** @import { NodeRecord, Picture, ViewState } from '../core/types.js' */
/** @import { Layout, Box, Column } from '../core/layout.js' */
/** @import { Colours } from './colors.js' */
import { boundOf } from './colors.js';
import { kindOf, layout, unitAt } from '../core/layout.js';
import { plane } from '../core/tensor.js';
import { significant } from '../core/numbers.js';
import { opText, t } from '../i18n.js';
import { canvasOf } from './heatmap.js';
import { drawAnswer, drawEdges, drawFocus } from './edges.js';
import { h, s } from './dom.js';

/** @typedef {import('./scene.js').Scene} Scene */
/** @typedef {{open: (node: string, unit: number) => void, point: (node: string, unit: number) => void, input: () => void}} Hooks */

/** @param {Hooks} hooks */
export function networkView(hooks) {
  const heads = h('div', { class: 'heads' });
  const under = s('svg', { class: 'edges', 'aria-hidden': 'true' });
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'thumbs', role: 'img' }));
  const over = s('svg', { class: 'focus' });
  const picture = h('button', { class: 'input-picture', onclick: () => hooks.input() });
  const field = h('div', { class: 'field' }, under, canvas, over, picture);
  const inner = h('div', { class: 'inner' }, heads, field, h('span', { class: 'readout-size' }));
  const root = h('div', { class: 'network', tabindex: '-1' }, inner);
  const readout = h('div', { class: 'readout', 'aria-hidden': 'true' });
  /** @type {Layout | null} */
  let placed = null;
  let painted = '';

  /** @param {PointerEvent | MouseEvent} event */
  const under_pointer = (event) => {
    const box = field.getBoundingClientRect();
    return placed && unitAt(placed, event.clientX - box.left, event.clientY - box.top);
  };
  field.addEventListener('click', (event) => {
    const hit = under_pointer(/** @type {MouseEvent} */ (event));
    if (hit && event.target !== picture && !picture.contains(/** @type {Node} */ (event.target))) hooks.open(hit.name, hit.unit);
  });
  /** @type {(() => void) | null} */
  let hover = null;
  field.addEventListener('pointermove', (event) => hover && /** @type {any} */ (hover)(under_pointer(event)));
  field.addEventListener('pointerleave', () => hover && /** @type {any} */ (hover)(null));

  return {
    root, readout,
    /** @param {Scene} scene */
    draw(scene) {
      const { data, state, colours } = scene;
      drawHeads(heads, scene, hooks);
      placed = layout(data.nodes, roomOf(root, heads, scene));
      place(inner, heads, placed);
      const key = [data.trace.id, placed.width, placed.height, placed.tile, colours.ground, devicePixelRatio].join();
      if (key !== painted) {
        paintThumbs(canvas, placed, scene);
        drawAnswer(under, placed, scene);
        painted = key;
      }
      canvas.setAttribute('aria-label', `${t('ui.network')}: ${data.nodes.map((node) => opText(node.op, 'short')).join(', ')}`);
      placePicture(picture, placed, scene);
      drawEdges(under, placed, data);
      const pointed = state.step === null ? null : { name: data.nodes[Math.min(state.step, data.nodes.length - 1)].name, unit: state.unit };
      const show = (/** @type {{name: string, unit: number} | null} */ target) => {
        drawFocus(over, /** @type {Layout} */ (placed), data, target ?? pointed);
        tell(readout, scene, target ?? pointed);
      };
      hover = /** @type {any} */ (show);
      show(null);
      if (pointed) reveal(root, placed, pointed.name);
    },
  };
}

/** What the unit is and which values it holds. @param {HTMLElement} readout @param {Scene} scene @param {{name: string, unit: number} | null} target */
function tell(readout, { data, model }, target) {
  if (!target) { readout.replaceChildren(); return; }
  const record = /** @type {NodeRecord} */ (data.records.get(target.name));
  const exact = data.values(target.name);
  const low = record.stats.min, high = record.stats.max;
  const unit = record.shape.length === 3 ? t('ui.unit_map', { unit: target.unit }) : record.shape[0] === model.classes.length
    ? model.classes[target.unit].title : t('ui.unit_vector', { unit: target.unit });
  const value = exact && record.shape.length === 1 ? significant(exact.data[target.unit]) : t('ui.range', { low: significant(low), high: significant(high) });
  readout.replaceChildren(h('strong', {}, record.name), ` ${unit} · `, h('span', { class: 'num' }, value));
}

/** @param {HTMLElement} heads @param {Scene} scene @param {Hooks} hooks */
function drawHeads(heads, { data, state }, hooks) {
  if (heads.children.length !== data.nodes.length) {
    heads.replaceChildren(...data.nodes.map((node, i) => h('button', {
      class: 'head', 'data-node': node.name, title: `${node.name} — ${opText(node.op)}`,
      onclick: () => hooks.open(node.name, 0),
    }, h('span', { class: 'op' }, opText(node.op, 'short')), h('span', { class: 'shape' }, ...shapeParts(node.shape)), h('span', { class: 'name' }, node.name))));
  }
  [...heads.children].forEach((head, i) => head.classList.toggle('on', i === state.step));
}

/** Channels and size; the projector sets them on two lines. @param {number[]} shape */
const shapeParts = ([count, ...size]) => [h('span', {}, String(count)), size.length ? h('span', {}, h('i', {}, '×'), size.join('×')) : ''];

/** @param {HTMLElement} root @param {HTMLElement} heads @param {Scene} scene */
function roomOf(root, heads, scene) {
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name) => parseFloat(style.getPropertyValue(name));
  const widths = new Map([...heads.children].map((head) => [head.getAttribute('data-node'), textWidth(head)]));
  return {
    width: root.clientWidth - 2 * read('--edge'), height: Math.max(180, root.clientHeight - heads.offsetHeight - 2 * read('--edge')),
    tile: read('--tile-least'), gap: read('--tile-gap'), aisle: read('--aisle'), bars: Math.max(read('--bars'), answerWidth(root, scene)), strip: read('--strip'),
    label: (/** @type {NodeRecord} */ node) => widths.get(node.name) ?? 0,
  };
}

/** Room for the longest class name beside its share. @param {HTMLElement} root @param {Scene} scene */
function answerWidth(root, { model }) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
  const style = getComputedStyle(/** @type {Element} */ (root.querySelector('.readout-size')));
  context.font = `700 ${style.fontSize} ${style.fontFamily}`;
  return Math.max(...model.classes.map(({ title }) => context.measureText(title).width)) + context.measureText('  100.0 %').width + 8;
}

/** Width of the widest line of a head. @param {Element} head */
const textWidth = (head) => Math.max(...[...head.children].map((line) => /** @type {HTMLElement} */ (line).offsetWidth)) + 6;

/** @param {HTMLElement} inner @param {HTMLElement} heads @param {Layout} placed */
function place(inner, heads, placed) {
  inner.style.width = `${placed.width}px`;
  const field = /** @type {HTMLElement} */ (inner.lastElementChild);
  field.style.height = `${placed.height}px`;
  for (const column of placed.columns) {
    const head = /** @type {HTMLElement} */ (heads.querySelector(`[data-node="${CSS.escape(column.name)}"]`));
    head.style.left = `${column.box.x + column.box.width / 2}px`;
  }
}

/** @param {HTMLCanvasElement} canvas @param {Layout} placed @param {Scene} scene */
function paintThumbs(canvas, placed, { data, colours }) {
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
    const record = /** @type {NodeRecord} */ (data.records.get(column.name));
    paintColumn(context, column, record, /** @type {Picture} */ (data.pictures.get(column.name)), colours);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Column} column @param {NodeRecord} record @param {Picture} picture @param {Colours} colours */
function paintColumn(context, column, record, picture, colours) {
  const bound = boundOf(picture.low, picture.high);
  if (column.kind === 'bars') return;
  if (column.kind === 'maps') {
    column.units.forEach((box, unit) => paintPlane(context, box, plane(picture, unit), bound, colours));
  } else if (column.kind === 'strip') {
    paintPlane(context, column.units[0], { height: picture.data.length, width: 1, data: picture.data }, bound, colours);
  } else {
    column.units.forEach((box, unit) => paintPlane(context, box, { height: 1, width: 1, data: picture.data.subarray(unit, unit + 1) }, bound, colours));
  }
}

/** @param {CanvasRenderingContext2D} context @param {Box} box @param {import('./heatmap.js').Plane} values @param {number} bound @param {Colours} colours */
function paintPlane(context, box, values, bound, colours) {
  const scale = Math.min(box.width / values.width, box.height / values.height);
  const square = values.height > 1 && values.width > 1;
  context.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  const width = square ? values.width * scale : box.width, height = square ? values.height * scale : box.height;
  context.drawImage(canvasOf(values, bound, colours), box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height);
}

/** The picture that went in, above its planes. @param {HTMLElement} picture @param {Layout} placed @param {Scene} scene */
function placePicture(picture, placed, { data, title }) {
  const steps = data.trace.input.preparation;
  const first = placed.columns[0], top = first.units[0];
  const side = Math.min(first.box.width, Math.max(placed.tile, 64), top.y - 10);
  picture.hidden = !steps.length || side < 40;
  if (picture.hidden) return;
  picture.setAttribute('aria-label', `${t('ui.choose_input')}: ${title}`);
  picture.title = t('ui.choose_input');
  picture.style.cssText = `left:${first.box.x + (first.box.width - side) / 2}px;top:${top.y - side - 10}px;width:${side}px;height:${side}px`;
  const shown = steps[Math.min(1, steps.length - 1)].picture;
  const image = picture.querySelector('img') ?? picture.appendChild(h('img', { alt: '' }));
  if (image.getAttribute('src') !== shown) image.setAttribute('src', shown);
}

/** Keep the pointed column in sight. @param {HTMLElement} root @param {Layout} placed @param {string} name */
function reveal(root, placed, name) {
  const box = placed.columns.find((column) => column.name === name)?.box;
  if (!box) return;
  const left = box.x - 40, right = box.x + box.width + 60;
  if (left < root.scrollLeft) root.scrollLeft = left;
  else if (right > root.scrollLeft + root.clientWidth) root.scrollLeft = right - root.clientWidth;
}
