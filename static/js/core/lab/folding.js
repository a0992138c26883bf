/** Which controls of a strip go behind its "more" button, from their widths: no DOM, so that it can be tested by itself. */

/**
 * @typedef {object} Item   of the strip, in its order
 * @property {number} width      px that it takes
 * @property {number=} least     px that it can do with
 * @property {'main' | 'secondary'=} fold    whether it may go behind the button, and how soon; default: it stays
 * @property {boolean=} held     it is being worked on, so it stays where it is
 * @property {boolean=} more     the button itself, which is there only if something is behind it
 *
 * @typedef {{folded: Item[], tight: boolean, lines: number}} Folding   tight: those that can do with less have to
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
 * before the others; then main ones, but before them others do with less. Where one line is not enough for those that stay,
 * as on phones, the first main one stays with them.
 * @param {Item[]} items
 * @param {number} room   px
 * @param {number} gap    px
 * @returns {Folding}
 */
export function folding(items, room, gap) {
  const count = (/** @type {Item[]} */ kept, tight = false) =>
    linesOf(
      kept.map(({ width, least }) => (tight ? (least ?? width) : width)),
      room,
      gap,
    );
  const all = items.filter(({ more }) => !more);
  const fixed = (/** @type {Item | undefined} */ first) =>
    count(
      items.filter((item) => !item.fold || item.held || item === first),
      true,
    );
  const first = fixed(undefined) > 1 ? all.find(({ fold }) => fold === 'main') : undefined;
  const lines = fixed(first);
  const go = (/** @type {string} */ kind) => all.filter((item) => item.fold === kind && !item.held && item !== first).reverse();
  if (count(all) <= lines) return { folded: [], tight: false, lines };
  /** @type {Item[]} */
  const folded = [];
  const kept = () => items.filter((item) => !folded.includes(item));
  for (const item of go('secondary')) {
    folded.push(item);
    if (count(kept()) <= lines) return { folded, tight: false, lines };
  }
  if (count(folded.length ? kept() : all, true) <= lines) return { folded, tight: true, lines };
  for (const item of go('main')) {
    folded.push(item);
    if (count(kept(), true) <= lines) break;
  }
  return { folded, tight: count(kept()) > lines, lines };
}
