/** A polynomial's coefficients, typed where they stand in the formula; one power more or less by two buttons. */
import { numberOf, short } from '../../core/lab/grids.js';
import { h } from '../dom.js';

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const MOST = 8;

/** @param {(coefficients: number[]) => void} set @param {{more: string, less: string, of: (power: string) => string}} words */
export function coefficientBoxes(set, words) {
  /** @type {number[]} */
  let now = [];
  /** @type {HTMLInputElement[]} */
  let inputs = [];
  const cells = h('span', { class: 'coefficient-cells' });
  const button = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => number[]} */ next) =>
    /** @type {HTMLButtonElement} */ (
      h('button', { class: 'nudge', type: 'button', 'aria-label': label, title: label, onclick: () => set(next()) }, sign)
    );
  const less = button('−', words.less, () => now.slice(1));
  const more = button('+', words.more, () => [1, ...now]);
  const power = (/** @type {number} */ k) => (k === 0 ? '' : k === 1 ? 'x' : `x${RAISED[k]}`);
  /** @param {number} i */
  function take(i) {
    const value = numberOf(inputs[i].value);
    const right = value !== null && Number.isFinite(value);
    if (right && value !== now[i]) set(now.map((each, j) => (j === i ? /** @type {number} */ (value) : each)));
    else inputs[i].value = short(now[i]);
    inputs[i].classList.remove('wrong');
  }
  function build() {
    inputs = now.map(
      (_, i) =>
        /** @type {HTMLInputElement} */ (
          h('input', {
            class: 'num',
            inputmode: 'decimal',
            autocomplete: 'off',
            'data-coefficient': now.length - 1 - i,
            'aria-label': words.of(power(now.length - 1 - i) || '1'),
            onchange: () => take(i),
            oninput: () => {
              const value = numberOf(inputs[i].value);
              inputs[i].classList.toggle('wrong', value === null || !Number.isFinite(value));
            },
            onkeydown: (/** @type {KeyboardEvent} */ event) => {
              event.stopPropagation();
              if (event.key === 'Enter') take(i);
            },
          })
        ),
    );
    cells.replaceChildren(
      ...inputs.map((input, i) => h('span', { class: 'coefficient' }, i ? ' + ' : '', input, power(now.length - 1 - i))),
    );
  }
  return {
    root: h(
      'div',
      { class: 'coefficients', role: 'group' },
      h('span', { class: 'box-name' }, 'f(x) ='),
      cells,
      h('span', { class: 'coefficient-buttons' }, less, more),
    ),
    /** @param {number[]} coefficients */
    draw(coefficients) {
      const other = coefficients.length !== now.length;
      now = coefficients;
      if (other) build();
      inputs.forEach((input, i) => {
        if (document.activeElement !== input) input.value = short(now[i]);
      });
      less.disabled = now.length <= 1;
      more.disabled = now.length >= MOST;
    },
  };
}
