/** What a view scrolls by itself: a place that is new opens at its top, and a step keeps what it is about in sight. */

const NARROW = 900; // px; below it views scroll as a page does, and only a step moves them

/**
 * Called once the view is drawn; from here on the layout is asked for.
 * @param {HTMLElement} root   of the view; its data-place remembers what it showed
 * @param {string} place       what it shows now
 * @param {boolean} stepped    whether the player took a step
 * @returns {boolean} whether the place is new
 */
export function keepInSight(root, place, stepped) {
  const opened = root.dataset.place !== place;
  if (opened) {
    root.scrollTop = 0;
    if (root.dataset.place !== undefined) scrollTo(0, 0);
  }
  root.dataset.place = place;
  alongside(root.querySelector('.unit[aria-pressed="true"]'));
  const wide = innerWidth > NARROW;
  if (wide) intoSight([...root.querySelectorAll('.maps .on')]);
  if (wide || stepped) intoSight(partsOf(root));
  return opened;
}

/** What the step is about. @param {HTMLElement} root */
function partsOf(root) {
  const here = root.querySelector('.here');
  if (here) return [here];
  const inside = [...root.querySelectorAll('.card .on, .diagram .on')];
  return inside.length ? inside : [...root.querySelectorAll('.on')];
}

/** All parts where they fit, in any case the first. @param {Element[]} parts */
function intoSight(parts) {
  for (const part of [parts[parts.length - 1], parts[0]]) part?.scrollIntoView({ block: 'nearest' });
}

/** The chosen unit in its row, which alone moves. @param {HTMLElement | null} unit */
function alongside(unit) {
  const row = unit?.parentElement;
  if (!unit || !row) return;
  const left = unit.offsetLeft - row.offsetLeft;
  if (left < row.scrollLeft || left + unit.offsetWidth > row.scrollLeft + row.clientWidth)
    row.scrollLeft = left - (row.clientWidth - unit.offsetWidth) / 2;
}
