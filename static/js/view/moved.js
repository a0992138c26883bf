/** A number that an operation only moves: where it stood, by which rule it goes, and where it stands now. */
/** @import { Explained } from './explained.js' */
import { printedAlike } from '../core/arithmetic.js';
import { placeName } from '../core/walk.js';
import { h, num, sign } from './dom.js';
import { matrixMaps } from './matrix-map.js';
import { operand, wayTo } from './way.js';

/** The number before and after, each under its name. @param {Explained} e */
function ends(e) {
  const [term] = e.explanation.terms;
  const {
    operands: [value],
    result,
  } = printedAlike([term.value], e.result);
  const later = e.shown('result') ? '' : ' later';
  return [
    h(
      'div',
      { class: 'moved-end' },
      term.source ? wayTo(e, term.source) : h('span', { class: 'place-name' }, term.label),
      operand(e, term.source, value, 'value'),
    ),
    h(
      'div',
      { class: `moved-end${later}` },
      h('span', { class: 'place-name' }, placeName({ node: e.record.name, index: e.index })),
      num(result, 'result', { class: 'num result' }),
    ),
  ];
}

/**
 * Under a picture of how it moves: the same number before and after.
 * @param {Explained} e
 * @param {any} rule   how the one place becomes the other
 * @param {Element[]} picture
 */
export function movedCard(e, rule, picture) {
  const [before, after] = ends(e);
  return [
    ...picture,
    h('div', { class: 'moved' }, before, h('div', { class: 'moved-rule' }, sign('→'), h('span', {}, rule)), after),
  ];
}

/**
 * Both nodes side by side, the number framed in each: for cards that stand alone.
 * @param {Explained} e
 * @param {any} rule
 * @param {boolean=} turning   whether steps run to the right
 */
export function movedStage(e, rule, turning = true) {
  const [before, after] = ends(e);
  const maps = matrixMaps(e, turning);
  const [source, own] = [maps.length > 1 ? maps[0] : null, maps[maps.length - 1]];
  return [
    h(
      'div',
      { class: 'moved-stage' },
      h('div', { class: 'moved-side maps' }, source),
      h('div', { class: 'moved-rule' }, sign('→'), h('span', {}, rule)),
      h('div', { class: `moved-side maps${e.shown('result') ? '' : ' later'}` }, own),
      before,
      after,
    ),
  ];
}
