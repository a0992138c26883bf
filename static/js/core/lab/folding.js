/** Which controls of a strip go behind its "more" button, from their widths: no DOM, so that it can be tested by itself. */

/**
 * @typedef {object} Item   of the strip, in its order
 * @property {number} width      px that it takes
 * @property {number=} least     px that it can do with
 * @property {'main' | 'secondary'=} fold    whether it may go behind the button, and how soon; default: it stays
 * @property {boolean=} held     it is being worked on, so it stays where it is
 * @property {boolean=} more     the button itself, which is there only if something is behind it
 *
 * @typedef {{folded: Item[], tight: boolean}} Folding   tight: those that can do with less have to
 */

/**
 * How many lines items take that are filled into lines one after the other.
 * @param {number[]} widths
 * @param {number} room
 * @param {number} gap   between two of a line
 */
export function linesOf(widths, room, gap) {
  let lines = widths.length ? 1 : 0;
  let used = -gap;
  for (const width of widths) {
    if (used >= 0 && used + gap + width > room) {
      lines++;
      used = -gap;
    }
    used += gap + width;
  }
  return lines;
}

/**
 * As few go as must, so that the strip has no more lines than those that stay need: secondary ones first, the last of them
 * before the others; then main ones, but before them others do with less.
 * @param {Item[]} items
 * @param {number} room   px
 * @param {number} gap    px
 * @returns {Folding}
 */
export function folding(items, room, gap) {
  const lines = (/** @type {Item[]} */ kept, tight = false) =>
    linesOf(
      kept.map(({ width, least }) => (tight ? (least ?? width) : width)),
      room,
      gap,
    );
  const allowed = lines(
    items.filter(({ fold, held }) => !fold || held),
    true,
  );
  const all = items.filter(({ more }) => !more);
  if (lines(all) <= allowed) return { folded: [], tight: false };
  const of = (/** @type {string} */ kind) => all.filter(({ fold, held }) => fold === kind && !held).reverse();
  /** @type {Item[]} */
  const folded = [];
  const kept = () => items.filter((item) => !folded.includes(item));
  for (const item of of('secondary')) {
    folded.push(item);
    if (lines(kept()) <= allowed) return { folded, tight: false };
  }
  if (lines(folded.length ? kept() : all, true) <= allowed) return { folded, tight: true };
  for (const item of of('main')) {
    folded.push(item);
    if (lines(kept(), true) <= allowed) break;
  }
  return { folded, tight: lines(kept()) > allowed };
}
