/**
 * The strip of controls: one line of what there is room for, and a button that opens a panel with the rest. How much room there
 * is comes from the widths that things really have, so it is right in every language and on every screen.
 */
/** @import { Item } from '../../core/lab/folding.js' */
/** @import { Field, Values } from '../../core/lab/types.js' */
import { folding } from '../../core/lab/folding.js';
import { t } from '../../i18n.js';
import { h } from '../dom.js';

const LEAST = 10; // em that the choice of presets can do with
const SPARED = 0.6; // em that a tab has less where room is short, as in lab.css
const SLACK = 2; // px: widths are fractions, and the button's words are measured by themselves
const TRIES = 4; // what is folded makes the button's words, which take room themselves

/**
 * @typedef {{field: Field, root: HTMLElement, said: (value: any) => string}} Made   said: its value in words
 * @typedef {{preset: HTMLElement | null, tabs: HTMLElement | null, made: Made[], last: HTMLElement | null}} Parts   last: at the
 *   strip's end
 * @typedef {{folded: Made[], tight: boolean, lines: number, label: string}} Found
 */

const wide = (/** @type {HTMLElement} */ element) => element.getBoundingClientRect().width;

/** @param {Parts} parts */
export function foldingStrip(parts) {
  const button = h('button', {
    class: 'plain more-controls',
    type: 'button',
    hidden: true,
    'aria-controls': 'folded-controls',
    onclick: () => turn(!open),
  });
  const panel = h('div', { id: 'folded-controls', role: 'group', 'aria-label': t('lab.more_controls') });
  const { preset, tabs, made, last } = parts;
  const all = made.map(({ root: each }) => each);
  const root = h('div', { class: 'lab-controls' }, preset, tabs, all, button, panel, last);
  let open = false;
  let fitted = '';
  /** @type {Values} */
  let values = {};

  /** @param {boolean} wanted */
  function turn(wanted) {
    open = wanted;
    fit();
  }

  /** What the button says: how much is set behind it, or what. @param {Made[]} folded @param {boolean} named */
  function label(folded, named) {
    const set = folded.filter(({ field: { key, start } }) => String(values[key]) !== String(start));
    const told = named ? set.map(({ field, said }) => said(values[field.key])) : [t('lab.more_set', { count: set.length })];
    return [t('lab.more_short'), ...(set.length ? told : [])].join(' · ');
  }

  /** Everything to where there is room for it, if anything has changed that this depends on. */
  function fit() {
    const strip = /** @type {HTMLElement} */ (root.parentElement);
    const shown = made.filter((each) => !each.root.hidden);
    const sizes = open ? [] : [label(shown, true), ...shown.map((each) => each.root.querySelector('input')?.style.width)];
    const outside = [strip.clientWidth, getComputedStyle(strip).fontSize, tabs?.hidden, last?.hidden];
    const now = [open, ...outside, ...shown.map(({ field }) => field.key), ...sizes].join();
    if (now === fitted) return;
    fitted = now;
    strip.classList.remove('tight');
    const tried = (open ? [false] : [false, true]).map((named) =>
      folds(parts, shown, strip, (folded) => (open ? t('lab.more_short') : label(folded, named)), panel),
    );
    const costs = (/** @type {Found} */ { folded, tight, lines }) => 100 * lines + folded.length + (tight ? 0.5 : 0);
    const { folded, tight, label: words } = tried.reduce((best, each) => (costs(each) > costs(best) ? best : each));
    place(folded);
    strip.classList.toggle('tight', tight);
    panel.classList.toggle('open', open && folded.length > 0);
    button.hidden = !folded.length;
    button.textContent = words;
    button.setAttribute('aria-expanded', String(open));
    button.setAttribute('aria-label', `${t('lab.more_controls')}${label(folded, true).slice(t('lab.more_short').length)}`);
  }

  /** Those that change their place, and no others: moving takes the focus away. @param {Made[]} folded */
  function place(folded) {
    const held = /** @type {HTMLElement | null} */ (document.activeElement);
    for (const [at, each] of made.entries()) {
      const inside = folded.includes(each);
      if ((each.root.parentElement === panel) === inside) continue;
      const next = made.slice(at + 1).find((later) => (later.root.parentElement === panel) === inside);
      if (next) next.root.before(each.root);
      else if (inside) panel.append(each.root);
      else button.before(each.root);
    }
    if (root.contains(held) && document.activeElement !== held) held?.focus();
  }

  return {
    root,
    /** @param {Values} now */
    fit(now) {
      values = now;
      fit();
    },
    /** The strip has another size. */ refit: fit,
    /** @returns {boolean} whether the panel was open */
    close() {
      if (!panel.classList.contains('open')) return false;
      const inside = panel.contains(document.activeElement);
      turn(false);
      if (inside) button.focus();
      return true;
    },
  };
}

/**
 * What stands in the strip: all of it as wide as it is, whether in the strip or in the panel.
 * @param {Parts} parts
 * @param {Made[]} shown
 * @param {HTMLElement} panel
 * @param {number} em   px
 * @returns {{before: Item[], fields: Item[], after: Item[]}}
 */
function itemsOf({ preset, tabs, last }, shown, panel, em) {
  const stays = (/** @type {HTMLElement | null} */ element, least = Infinity) =>
    element && !element.hidden ? [{ width: wide(element), least: Math.min(wide(element), least) }] : [];
  const scrolls = tabs && tabs.scrollWidth > tabs.clientWidth + 1;
  const count = [...(tabs?.children ?? [])].filter((each) => !(/** @type {HTMLElement} */ (each).hidden)).length;
  const fields = shown.map(({ field, root }) => ({
    width: wide(root),
    fold: /** @type {'main' | 'secondary'} */ (field.secondary ? 'secondary' : 'main'),
    held: root.parentElement !== panel && root.contains(document.activeElement),
  }));
  const tightened = tabs && !scrolls ? wide(tabs) - SPARED * em * count : Infinity;
  return { before: [...stays(preset, LEAST * em), ...stays(tabs, tightened)], fields, after: stays(last) };
}

/**
 * What has to go behind the button, which depends on what the button says of it.
 * @param {Parts} parts
 * @param {Made[]} shown
 * @param {HTMLElement} strip
 * @param {(folded: Made[]) => string} label
 * @param {HTMLElement} panel
 * @returns {Found}
 */
function folds(parts, shown, strip, label, panel) {
  const px = Number.parseFloat;
  const style = getComputedStyle(/** @type {Element} */ (strip.querySelector('.more-controls')));
  const frame = getComputedStyle(strip);
  const room = strip.clientWidth - px(frame.paddingLeft) - px(frame.paddingRight) - SLACK;
  const around = 2 * (px(style.paddingLeft) + px(style.borderLeftWidth));
  const { before, fields, after } = itemsOf(parts, shown, panel, px(style.fontSize));
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
  pen.font = style.font;
  /** @type {Found} */
  let found = { folded: [], tight: false, lines: 1, label: label([]) };
  for (let i = 0; i < TRIES; i++) {
    const more = { width: pen.measureText(`${found.label} ▾`).width + around, more: true };
    const next = folding([...before, ...fields, more, ...after], room, px(frame.columnGap));
    const folded = shown.filter((_, at) => next.folded.includes(fields[at]));
    const settled = folded.length === found.folded.length;
    found = { ...next, folded, label: label(folded) };
    if (settled) break;
  }
  return found;
}
