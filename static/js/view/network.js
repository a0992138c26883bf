/** The overview: every map of every layer as columns of thumbnails, block by block, their edges, and the answer as bars. */
/** @import { NodeRecord } from '../core/types.js' */
/** @import { Layout, Room } from '../core/layout.js' */
/** @import { Scene } from './scene.js' */
/** @import { Target } from './lens.js' */
import { boxOf, layout, unitAt } from '../core/layout.js';
import { stacked } from '../core/stacked.js';
import { opText, t } from '../i18n.js';
import { answerSize, drawAnswer } from './answer.js';
import { drawEdges, drawFocus } from './edges.js';
import { drawHeads, headWidths, placeHeads } from './heads.js';
import { drawLens, rangeText, unitName } from './lens.js';
import { minimap } from './minimap.js';
import { paintThumbs } from './thumbs.js';
import { h, s } from './dom.js';

const NARROW = 640;

/** @typedef {{open: (node: string, unit: number) => void, look: (target: Target | null) => void, input: () => void}} Hooks */

/** @param {Hooks} hooks */
export function networkView(hooks) {
  const parts = makeParts(hooks);
  const { root, field, over, lens, readout } = parts;
  const map = minimap(root);
  /** @type {Layout | null} */
  let placed = null;
  /** @type {Scene | null} */
  let scene = null;
  /** @type {Target | null} under the pointer */
  let hovered = null;
  let painted = '';

  const show = () => {
    if (!scene || !placed) return;
    const target = hovered ?? pointedIn(scene);
    drawFocus(over, placed, scene.data, target);
    drawLens(lens, scene, target, placed, target && boxOf(placed, target.name, target.unit), root);
    tell(readout, scene, target);
  };
  const hover = (/** @type {Target | null} */ target) => {
    if (target?.name === hovered?.name && target?.unit === hovered?.unit) return;
    hovered = target;
    show();
    hooks.look(target);
  };
  listen(field, () => placed, hover, hooks.open);

  return {
    root: h('div', { class: 'network-frame' }, root, map.root),
    readout,
    /** Where a unit is on the screen. @param {string} node @param {number} unit @returns {DOMRect | null} */
    rectOf(node, unit) {
      const box = placed && boxOf(placed, node, unit);
      const at = field.getBoundingClientRect();
      return box && new DOMRect(at.left + box.x, at.top + box.y, box.width, box.height);
    },
    /** What the pointer or the walk is at. @returns {Target | null} */
    get pointed() {
      return hovered ?? (scene && pointedIn(scene));
    },
    /** @param {Scene} next */
    draw(next) {
      scene = next;
      placed = arrange(parts, map, scene);
      const { data, state, colours } = scene;
      const key = [
        data.trace.id,
        state.scale,
        placed.width,
        placed.height,
        placed.tile,
        placed.rows,
        colours.ground,
        devicePixelRatio,
      ].join();
      if (key !== painted) repaint(parts, map, placed, scene);
      painted = key;
      const pointed = pointedIn(scene);
      show();
      if (pointed) reveal(root, placed, pointed.name);
      map.follow();
    },
  };
}

/** @param {Hooks} hooks */
function makeParts(hooks) {
  const blocks = h('div', { class: 'blocks', 'aria-hidden': 'true' });
  const heads = h('div', { class: 'heads' });
  const under = s('svg', { class: 'edges', 'aria-hidden': 'true' });
  const over = s('svg', { class: 'focus', 'aria-hidden': 'true' });
  const canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'thumbs', role: 'img' }));
  const letters = h('div', { class: 'letters', 'aria-hidden': 'true' });
  const picture = h('button', {
    class: 'input-picture',
    onclick: (/** @type {Event} */ event) => {
      event.stopPropagation();
      hooks.input();
    },
  });
  const lens = h('div', { class: 'lens', 'aria-hidden': 'true', hidden: true });
  const field = h('div', { class: 'field' }, under, canvas, over, letters, picture, lens);
  const inner = h('div', { class: 'inner' }, blocks, heads, field, h('span', { class: 'readout-size' }));
  return {
    root: h('div', { class: 'network', tabindex: '-1' }, inner),
    inner,
    blocks,
    heads,
    under,
    canvas,
    over,
    letters,
    picture,
    lens,
    field,
    readout: h('div', { class: 'readout unseen' }),
  };
}

/** @typedef {ReturnType<typeof makeParts>} Parts */

/**
 * Point, and open with a click; a finger that scrolls does not point.
 * @param {HTMLElement} field
 * @param {() => Layout | null} placed
 * @param {(target: Target | null) => void} hover
 * @param {(node: string, unit: number) => void} open
 */
function listen(field, placed, hover, open) {
  const under = (/** @type {PointerEvent | MouseEvent} */ event) => {
    const box = field.getBoundingClientRect();
    const now = placed();
    return now && unitAt(now, event.clientX - box.left, event.clientY - box.top);
  };
  field.addEventListener('pointermove', (event) => event.pointerType !== 'touch' && hover(under(event)));
  field.addEventListener('pointerleave', () => hover(null));
  field.addEventListener('click', (event) => {
    const hit = under(/** @type {MouseEvent} */ (event));
    if (hit) open(hit.name, hit.unit);
  });
}

/** The unit that the walk has reached. @param {Scene} scene @returns {Target | null} */
const pointedIn = ({ data, state }) =>
  state.step === null ? null : { name: data.nodes[Math.min(state.step, data.nodes.length - 1)].name, unit: state.unit };

/**
 * Everything to its place.
 * @param {Parts} parts
 * @param {ReturnType<typeof minimap>} map
 * @param {Scene} scene
 * @returns {Layout}
 */
function arrange(parts, map, scene) {
  const { root, inner, heads, field, blocks } = parts;
  const { nodes } = scene.data;
  const rows = root.clientWidth < NARROW;
  root.classList.toggle('rows', rows);
  drawHeads(heads, scene, scene.act.openLayer);
  map.show(false);
  const widths = headWidths(heads);
  heads.style.height = rows ? '0' : `${widths.high + widths.title}px`;
  let placed = rows ? stacked(nodes, roomOf(parts, scene, widths)) : layout(nodes, roomOf(parts, scene, widths));
  if (!rows && placed.width > root.clientWidth - 24) {
    map.show(true);
    placed = layout(nodes, roomOf(parts, scene, widths));
  }
  inner.style.width = `${placed.width}px`;
  field.style.height = `${placed.height}px`;
  placeHeads(heads, placed, widths.high);
  blocks.replaceChildren(
    ...placed.blocks.map(({ box }) =>
      h('span', {
        style: {
          left: `${box.x}px`,
          width: `${box.width}px`,
          ...(rows ? { top: `${box.y}px`, height: `${box.height}px` } : {}),
        },
      }),
    ),
  );
  return placed;
}

/** @param {Parts} parts @param {ReturnType<typeof minimap>} map @param {Layout} placed @param {Scene} scene */
function repaint({ canvas, under, picture, letters }, map, placed, scene) {
  const { data, colours, state } = scene;
  paintThumbs(canvas, placed, data, state.scale, colours);
  drawAnswer(under, placed, scene);
  drawEdges(under, placed, data);
  placePicture(picture, placed, scene);
  placeLetters(letters, placed, data.nodes[0]);
  map.paint(canvas, placed);
  canvas.setAttribute('aria-label', `${t('ui.network')}: ${data.nodes.map((node) => opText(node.op, 'short')).join(', ')}`);
}

/**
 * What the unit is and which values it holds, as text.
 * @param {HTMLElement} readout
 * @param {Scene} scene
 * @param {Target | null} target
 */
function tell(readout, scene, target) {
  const record = target && scene.data.records.get(target.name);
  if (!target || !record) {
    readout.replaceChildren();
    return;
  }
  readout.replaceChildren(
    h('strong', {}, record.name),
    ` ${unitName(scene, record, target.unit)} · `,
    h('span', { class: 'num' }, rangeText(scene, record, target.unit)),
  );
}

/** @param {Parts} parts @param {Scene} scene @param {ReturnType<typeof headWidths>} heads @returns {Room} */
function roomOf({ root, heads: place, inner }, scene, heads) {
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name) => parseFloat(style.getPropertyValue(name));
  const edge = read('--edge');
  const colour = scene.data.nodes[0].shape[0] === 3;
  const rows = root.classList.contains('rows');
  const answer = answerSize(/** @type {Element} */ (inner.querySelector('.readout-size')), scene.model.classes);
  return {
    width: root.clientWidth - 2 * edge,
    height: Math.max(180, root.clientHeight - place.offsetHeight - 1.5 * edge),
    rows,
    tile: read('--tile-least'),
    gap: read('--tile-gap'),
    near: read('--near'),
    pad: rows ? 14 : read('--near'),
    aisle: read('--aisle'),
    bars: Math.max(read('--bars'), answer.width),
    bar: answer.height * 1.9,
    strip: read('--strip'),
    letter: colour && !rows ? answer.height * 1.15 : 0,
    head: heads.high,
    label: (node) => heads.labels.get(node.name) ?? 0,
    title: (number) => heads.titles.get(number) ?? 0,
  };
}

/**
 * The picture that went in: above its planes, or before them.
 * @param {HTMLElement} picture
 * @param {Layout} placed
 * @param {Scene} scene
 */
function placePicture(picture, placed, { data, title }) {
  const steps = data.trace.input.preparation;
  const [first] = placed.columns;
  const top = first.units[0];
  const side = placed.rows ? top.width : Math.min(first.box.width, Math.max(placed.tile, 64), top.y - 10);
  picture.hidden = !steps.length || side < 40;
  if (picture.hidden) return;
  picture.setAttribute('aria-label', `${t('ui.choose_input')}: ${title}`);
  picture.title = t('ui.choose_input');
  const left = placed.rows ? 0 : top.x + (top.width - side) / 2;
  const up = placed.rows ? top.y : top.y - side - 10;
  picture.style.cssText = `left:${left}px;top:${up}px;width:${side}px;height:${side}px`;
  const shown = steps[Math.min(1, steps.length - 1)].picture;
  const image = picture.querySelector('img') ?? picture.appendChild(h('img', { alt: '' }));
  if (image.getAttribute('src') !== shown) image.setAttribute('src', shown);
}

/** R, G and B beside the input's planes. @param {HTMLElement} letters @param {Layout} placed @param {NodeRecord} input */
function placeLetters(letters, placed, input) {
  const units = input.shape[0] === 3 ? placed.columns[0].units : [];
  letters.replaceChildren(
    ...units.map((box, i) =>
      h(
        'span',
        {
          style: placed.rows
            ? { left: `${box.x + 4}px`, top: `${box.y + 4}px` }
            : { right: `${placed.width - box.x + 6}px`, top: `${box.y + box.height / 2}px` },
        },
        'RGB'[i],
      ),
    ),
  );
}

/** Keep the pointed layer in sight. @param {HTMLElement} root @param {Layout} placed @param {string} name */
function reveal(root, placed, name) {
  const box = placed.columns.find((column) => column.name === name)?.box;
  if (!box) return;
  const keep = (
    /** @type {'scrollLeft' | 'scrollTop'} */ way,
    /** @type {number} */ start,
    /** @type {number} */ end,
    /** @type {number} */ size,
  ) => {
    if (start < root[way]) root[way] = start;
    else if (end > root[way] + size) root[way] = end - size;
  };
  keep('scrollLeft', box.x - 40, box.x + box.width + 60, root.clientWidth);
  if (placed.rows) keep('scrollTop', box.y - 40, box.y + box.height + 20, root.clientHeight);
}
