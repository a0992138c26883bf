/** The field over a cell in which its number is typed, with buttons for fingers. */
/** @import { Cursor, Figure } from './cell-cursor.js' */
/** @import { Hooks } from './editor.js' */
import { numberOf } from '../../core/lab/grids.js';
import { t } from '../../i18n.js';
import { h } from '../dom.js';

/** @typedef {ReturnType<typeof cellField>} Field */

/** @param {Cursor} cursor @param {Figure} figure @param {HTMLElement} place @param {Hooks} hooks */
export function cellField(cursor, figure, place, hooks) {
  const input = /** @type {HTMLInputElement} */ (
    h('input', { inputmode: 'text', autocomplete: 'off', 'aria-label': t('lab.value') })
  );
  const nudge = (/** @type {number} */ by) =>
    h(
      'button',
      {
        class: 'nudge',
        tabindex: -1,
        'aria-label': t(by < 0 ? 'lab.less' : 'lab.more'),
        onpointerdown: (/** @type {Event} */ event) => event.preventDefault(),
        onclick: () => step(by),
      },
      by < 0 ? '−' : '+',
    );
  const box = h('div', { class: 'cell-editor', hidden: true }, nudge(-1), input, nudge(1));
  place.append(box);

  /** @param {number} by */
  function step(by) {
    const number = numberOf(input.value);
    if (number === null) return;
    input.value = String(Number((number + by).toPrecision(12)));
    cursor.set(Number(input.value));
  }

  /** @param {string | null} typed   what to begin with; null: the number itself, chosen */
  function open(typed) {
    const spot = cursor.spot();
    const where = spot && figure.boxOf(spot);
    if (!where || !cursor.stands()) return;
    const frame = place.getBoundingClientRect();
    const style = box.style;
    box.hidden = false;
    const wide = Math.max(where.width, 4.2 * Number.parseFloat(getComputedStyle(input).fontSize));
    style.left = `${Math.min(Math.max(0, where.left - frame.left + (where.width - wide) / 2), frame.width - wide)}px`;
    style.top = `${where.top - frame.top}px`;
    style.setProperty('--wide', `${wide}px`);
    style.setProperty('--tall', `${Math.max(where.height, 28)}px`);
    input.value = typed ?? String(cursor.value());
    input.classList.remove('wrong');
    input.focus({ preventScroll: true });
    if (typed === null) input.select();
  }

  /** @param {boolean} keep @returns {boolean} whether the field could be closed: what is no number is kept to be put right */
  function close(keep) {
    if (box.hidden || !cursor.plane()) return true;
    const number = numberOf(input.value);
    if (keep && number === null) {
      input.classList.add('wrong');
      hooks.problem(t('lab.no_number', { text: input.value.slice(0, 30) }));
      return false;
    }
    box.hidden = true;
    if (keep && number !== null && !Object.is(number, cursor.value())) cursor.set(number);
    return true;
  }

  return {
    input,
    open,
    close,
    step,
    isOpen: () => !box.hidden,
    hide: () => {
      box.hidden = true;
    },
  };
}
