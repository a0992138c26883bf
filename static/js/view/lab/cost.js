/** What a convolution costs in multiplications: directly, and through a 1 × 1 bottleneck, as in an inception block (Szegedy et al. 2014). */
/** @import { LabScene, Piece } from '../../core/lab/types.js' */
import { h, num } from '../dom.js';

const grouped = (/** @type {number} */ count) => count.toLocaleString('en-US');

/** @param {LabScene} scene */
function costs({ values: { side, from, to, size, between } }) {
  const places = side * side;
  const direct = places * to * size * size * from, squeeze = places * between * from, widen = places * to * size * size * between;
  return { direct, squeeze, widen, through: squeeze + widen };
}

/** The two ways as lines of boxes. @param {LabScene} scene @returns {Piece} */
export function costFigure(scene) {
  const { side, from, to, size, between } = scene.values, { direct, through } = costs(scene);
  const cube = (/** @type {number} */ channels) => /** @type {Piece} */ ({ kind: 'words', strong: true, lines: [`${side} × ${side}`, `× ${channels}`] });
  const arrow = (/** @type {number} */ kernel, /** @type {number} */ count) => /** @type {Piece} */ ({ kind: 'words', lines: [`${kernel} × ${kernel} × ${count}`, '⟶'] });
  return {
    kind: 'column', gap: 3, items: [
      { kind: 'row', gap: 2, items: [cube(from), arrow(size, to), cube(to), { kind: 'words', lines: [scene.say('direct'), grouped(direct)], strong: true }] },
      { kind: 'row', gap: 2, items: [cube(from), arrow(1, between), cube(between), arrow(size, to), cube(to), { kind: 'words', lines: [scene.say('bottleneck'), grouped(through)], strong: true }] }],
  };
}

/** places × kernels × kernel elements, multiplied out. @param {LabScene} scene @returns {HTMLElement} */
export function costCard(scene) {
  const { side, from, to, size, between } = scene.values, { direct, squeeze, widen, through } = costs(scene);
  const line = (/** @type {string} */ name, /** @type {number[]} */ factors, /** @type {number} */ product) => h('div', { class: 'lab-terms' }, h('span', { class: 'group-name' }, name),
    factors.map((factor, i) => h('span', { class: 'term' }, i ? '× ' : '', num(grouped(factor), 'factor'))), h('span', { class: 'term' }, '= ', num(grouped(product), 'product', { class: 'num result' })));
  return h('div', { class: 'lab-sums' },
    line(scene.say('direct'), [side, side, to, size, size, from], direct),
    line(scene.say('squeeze'), [side, side, between, 1, 1, from], squeeze),
    line(scene.say('widen'), [side, side, to, size, size, between], widen),
    h('div', { class: 'lab-terms' }, h('span', { class: 'group-name' }, scene.say('bottleneck')), h('span', { class: 'term' }, num(grouped(squeeze), 'product'), ' + ', num(grouped(widen), 'product'), ' = ', num(grouped(through), 'result', { class: 'num result' })),
      h('span', { class: 'term quiet' }, scene.say('saved', { times: (direct / through).toFixed(1) }))));
}
