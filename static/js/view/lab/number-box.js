/** One number to be typed, or nudged by its two buttons: made once and kept, so that typing is not disturbed by drawing. */
import { numberOf } from '../../core/lab/grids.js';
import { h } from '../dom.js';

/**
 * @param {{label: string, name: string, least: number, most: number, set: (value: number) => void, nudges: {sign: string, of: (value: number) => number}[], print?: (value: number) => string}} about
 *   nudges: the buttons, those before the number first; half of them stand before it
 */
export function numberBox({ label, name, least, most, set, nudges, print = String }) {
  let now = 0;
  const fits = (/** @type {number | null} */ value) => value !== null && value >= least && value <= most;
  const take = (/** @type {number} */ value) => set(Math.min(most, Math.max(least, value)));
  const input = /** @type {HTMLInputElement} */ (
    h('input', {
      class: 'num',
      inputmode: 'decimal',
      'aria-label': label,
      'data-box': name,
      autocomplete: 'off',
      oninput: () => wrong(!fits(numberOf(input.value))),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === 'Enter') input.blur();
        event.stopPropagation();
      },
      onchange: () => {
        const value = numberOf(input.value);
        wrong(false);
        if (value === null || Number.isNaN(value)) show();
        else {
          take(value);
          show();
        }
      },
    })
  );
  const wrong = (/** @type {boolean} */ is) => {
    input.classList.toggle('wrong', is);
    input.setAttribute('aria-invalid', String(is));
  };
  const show = () => {
    input.value = print(now).replace('-', '−');
    input.style.width = `${Math.max(3, 0.62 * input.value.length + 1)}em`;
  };
  const buttons = nudges.map(
    ({ sign, of }) =>
      /** @type {HTMLButtonElement} */ (
        h('button', { class: 'nudge', type: 'button', 'aria-label': `${label} ${sign}`, onclick: () => take(of(now)) }, sign)
      ),
  );
  const half = buttons.length / 2;
  return {
    root: h(
      'div',
      { class: 'number-box', role: 'group', 'aria-label': label },
      h('span', { class: 'box-name' }, label),
      buttons.slice(0, half),
      input,
      buttons.slice(half),
    ),
    /** @param {number} value */
    put(value) {
      now = value;
      if (document.activeElement !== input) {
        show();
        wrong(false);
      }
      buttons.forEach((button, i) => {
        const next = nudges[i].of(value);
        button.disabled = Math.min(most, Math.max(least, next)) === value;
      });
    },
  };
}
