/** The names above the overview's columns, and those of the blocks they stand in. */
/** @import { Layout } from '../core/layout.js' */
/** @import { Scene } from './scene.js' */
import { blocksOf } from '../core/graph.js';
import { opText, t } from '../i18n.js';
import { h } from './dom.js';

/** @param {HTMLElement} place @param {Scene} scene @param {(node: string, unit: number) => void} open */
export function drawHeads(place, { data, state }, open) {
  if (place.dataset.nodes !== String(data.nodes.length)) {
    const blocks = blocksOf(data.nodes).filter((block) => block.length > 1);
    const inside = new Set(blocks.flat().map(({ name }) => name));
    place.dataset.nodes = String(data.nodes.length);
    place.replaceChildren(
      ...blocks.map((block, i) =>
        h(
          'span',
          { class: 'block-title', 'data-block': i + 1 },
          h('b', {}, t('ui.block', { number: i + 1 })),
          ' ',
          h('span', { class: 'quiet' }, t('ui.channels', { count: block[0].shape[0] })),
        ),
      ),
      ...data.nodes.map((node) => head(node, inside.has(node.name), open)),
    );
  }
  [...place.querySelectorAll('.head')].forEach((one, i) => one.classList.toggle('on', i === state.step));
}

/**
 * @param {import('../core/types.js').NodeRecord} node
 * @param {boolean} inside   whether it stands in a block, which names its channels
 * @param {(node: string, unit: number) => void} open
 */
const head = (node, inside, open) =>
  h(
    'button',
    {
      class: `head${inside ? ' inside' : ''}`,
      'data-node': node.name,
      title: `${node.name} — ${opText(node.op)}`,
      onclick: () => open(node.name, 0),
    },
    h('span', { class: 'op' }, opText(node.op, 'short')),
    h('span', { class: 'shape' }, ...shapeParts(node.shape)),
    h('span', { class: 'name' }, node.name),
  );

/** Channels and size; the projector sets them on two lines. @param {number[]} shape */
const shapeParts = ([count, ...size]) => [
  h('span', { class: 'count' }, String(count)),
  size.length ? h('span', {}, h('i', {}, '×'), size.join('×')) : '',
];

/** What the names need, for the layout. @param {HTMLElement} place */
export function headWidths(place) {
  const widest = (/** @type {Element} */ one) =>
    Math.max(...[...one.children].map((line) => /** @type {HTMLElement} */ (line).offsetWidth));
  const labels = new Map(
    [...place.querySelectorAll('.head')].map((one) => [one.getAttribute('data-node') ?? '', widest(one) + 8]),
  );
  const titles = new Map(
    [...place.querySelectorAll('.block-title')].map((one) => [
      Number(one.getAttribute('data-block')),
      /** @type {HTMLElement} */ (one).offsetWidth,
    ]),
  );
  const high = Math.max(0, ...[...place.querySelectorAll('.head')].map((one) => /** @type {HTMLElement} */ (one).offsetHeight));
  return {
    labels,
    titles,
    high,
    title: Math.max(
      0,
      ...[...place.querySelectorAll('.block-title')].map((one) => /** @type {HTMLElement} */ (one).offsetHeight),
    ),
  };
}

/** @param {HTMLElement} place @param {Layout} placed @param {number} high   of one head */
export function placeHeads(place, placed, high) {
  for (const { name, box, branch, more } of placed.columns) {
    const one = /** @type {HTMLElement} */ (place.querySelector(`[data-node="${CSS.escape(name)}"]`));
    one.style.left = placed.rows ? '0' : `${box.x + box.width / 2}px`;
    one.style.top = placed.rows ? `${box.y - high}px` : branch ? `${place.offsetHeight + 8 + box.y - high}px` : '';
    one.classList.toggle('branch', Boolean(branch));
    if (more) one.dataset.more = `+${more}`;
    else delete one.dataset.more; // units for which there was no room
  }
  for (const { number, box } of placed.blocks) {
    const one = /** @type {HTMLElement} */ (place.querySelector(`[data-block="${number}"]`));
    one.style.left = `${placed.rows ? box.x + box.width : box.x + box.width / 2}px`;
    one.style.top = placed.rows ? `${box.y}px` : '';
  }
}
