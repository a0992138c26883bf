/** The field over a bar's number in which it is typed; with buttons for fingers. */
import { numberOf } from '../../core/lab/grids.js';
import { t } from '../../i18n.js';
import { h } from '../dom.js';

/**
 * @typedef {object} Hooks
 * @property {(i: number) => DOMRect | null} box     where the number stands
 * @property {(i: number) => number} value
 * @property {(i: number, value: number) => void} put
 * @property {() => number} step                     of the buttons and the arrow keys
 * @property {(i: number) => void} focus             the keys go to that bar again
 * @property {() => number} count
 * @property {(text: string) => void} wrong          what was typed is no number; '': no longer so
 */

/** @param {HTMLElement} place @param {Hooks} hooks */
export function barField(place, hooks) {
  const input = /** @type {HTMLInputElement} */ (
    h('input', { inputmode: 'text', autocomplete: 'off', 'aria-label': t('lab.value') })
  );
  const nudge = (/** @type {number} */ way) =>
    h(
      'button',
      {
        class: 'nudge',
        tabindex: -1,
        'aria-label': t(way < 0 ? 'lab.less' : 'lab.more'),
        onpointerdown: (/** @type {Event} */ event) => event.preventDefault(),
        onclick: () => step(way),
      },
      way < 0 ? '−' : '+',
    );
  const box = h('div', { class: 'cell-editor bar-field', hidden: true }, nudge(-1), input, nudge(1));
  let at = 0;
  place.append(box);

  /** @param {number} way */
  function step(way) {
    const number = numberOf(input.value);
    const by = hooks.step();
    if (number === null) return;
    input.value = String(Number((Math.round(number / by) * by + way * by).toPrecision(10)));
    hooks.put(at, Number(input.value));
  }

  /** What is no number is kept to be put right. @param {boolean} keep @returns {boolean} whether it closed */
  function close(keep) {
    if (box.hidden) return true;
    const number = numberOf(input.value);
    const bad = keep && number === null;
    input.classList.toggle('wrong', bad);
    input.setAttribute('aria-invalid', String(bad));
    hooks.wrong(bad ? t('lab.no_number', { text: input.value.slice(0, 30) }) : '');
    if (bad) return false;
    box.hidden = true;
    if (keep && !Object.is(number, hooks.value(at))) hooks.put(at, /** @type {number} */ (number));
    return true;
  }

  /** @param {number} i @param {string | null} typed   what to begin with; null: the number itself, chosen */
  function open(i, typed) {
    if (!close(true)) return;
    const where = hooks.box(i);
    const frame = place.getBoundingClientRect();
    if (!where) return;
    at = i;
    box.hidden = false;
    const size = Number.parseFloat(getComputedStyle(input).fontSize);
    const wide = Math.max(where.width + size, 5 * size);
    const tall = Math.max(where.height, 2 * size, matchMedia('(pointer: coarse)').matches ? 44 : 0);
    Object.entries({
      '--wide': `${wide}px`,
      '--tall': `${tall}px`,
      left: `${Math.min(Math.max(0, where.right - frame.left - wide + size / 2), frame.width - wide)}px`,
      top: `${where.top - frame.top + (where.height - tall) / 2}px`,
    }).forEach(([name, value]) => box.style.setProperty(name, value));
    input.value = typed ?? String(hooks.value(i));
    input.focus({ preventScroll: true });
    if (typed === null) input.select();
  }

  input.addEventListener('keydown', (event) => {
    const { key, shiftKey } = event;
    const next = key === 'Enter' || key === 'Tab' ? at + (shiftKey ? -1 : 1) : at;
    if (key === 'ArrowUp' || key === 'ArrowDown') {
      event.preventDefault();
      step(key === 'ArrowUp' ? 1 : -1);
    }
    if (key.startsWith('Page')) return;
    event.stopPropagation();
    if (!['Enter', 'Tab', 'Escape'].includes(key)) return;
    event.preventDefault();
    if (close(key !== 'Escape')) hooks.focus(Math.min(Math.max(0, next), hooks.count() - 1));
  });
  input.addEventListener('blur', () => {
    if (!close(true)) {
      box.hidden = true;
      hooks.wrong('');
    }
  });

  return { open, close };
}
