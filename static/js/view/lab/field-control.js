/** The control of one field: a box to tick, a choice, a slider, or a number with its two buttons. Made once and kept. */
/** @import { Field } from '../../core/lab/types.js' */
import { valueOf } from '../../core/lab/state.js';
import { t } from '../../i18n.js';
import { h } from '../dom.js';

/**
 * @param {Field} field
 * @param {{set: (key: string, value: any) => void, say: (key: string) => string, refuse: (field: Field, text: string) => void}} hooks
 * @returns {{root: HTMLElement, put: (value: any) => void, said: (value: any) => string}} said: a value in words
 */
export function fieldControl(field, hooks) {
  const name = hooks.say(field.key);
  const label = h('span', {}, name);
  const set = (/** @type {any} */ value) => hooks.set(field.key, value);
  if (field.kind === 'flag') {
    const box = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', onchange: () => set(box.checked) }));
    return {
      root: h('label', { class: 'control flag', 'data-field': field.key }, box, label),
      put: (value) => {
        box.checked = value;
      },
      said: (value) => (value ? name : t('lab.off', { name })),
    };
  }
  if (field.kind === 'choice') {
    const select = /** @type {HTMLSelectElement} */ (
      h(
        'select',
        { onchange: () => set(select.value) },
        (field.options ?? []).map((option) => h('option', { value: option }, hooks.say(`${field.key}_${option}`))),
      )
    );
    return {
      root: h('label', { class: 'control', 'data-field': field.key }, label, select),
      put: (value) => {
        select.value = value;
      },
      said: (value) => `${name} ${hooks.say(`${field.key}_${value}`)}`,
    };
  }
  const made = field.slider ? slider(field, label, set) : spinner(field, label, set, hooks);
  return { ...made, said: (value) => `${name} ${String(value).replace('-', '−')}` };
}

/** @param {Field} field @param {HTMLElement} label @param {(value: number) => void} set */
function slider({ key, least, most, step = 1 }, label, set) {
  const shown = h('output', { class: 'num' });
  const input = /** @type {HTMLInputElement} */ (
    h('input', { type: 'range', min: least, max: most, step, oninput: () => set(Number(input.value)) })
  );
  return {
    root: h('label', { class: 'control', 'data-field': key }, label, input, shown),
    put: (/** @type {number} */ value) => {
      input.value = String(value);
      shown.textContent = String(value);
    },
  };
}

/**
 * Less, the number, more: for mouse, finger and keys alike.
 * @param {Field} field
 * @param {HTMLElement} label
 * @param {(value: number) => void} set
 * @param {{say: (key: string) => string, refuse: (field: Field, text: string) => void}} hooks
 */
function spinner(field, label, set, { say, refuse }) {
  const { key, least = -Infinity, most = Infinity, step = 1 } = field;
  let now = 0;
  const take = (/** @type {number} */ value) => set(Math.min(most, Math.max(least, Number(value.toPrecision(12)))));
  const input = /** @type {HTMLInputElement} */ (
    h('input', {
      class: 'num',
      inputmode: 'decimal',
      'aria-label': say(key),
      onchange: () => {
        const typed = input.value.trim();
        const value = valueOf(typed.replace(',', '.').replace('−', '-'), field);
        if (value !== null) set(value);
        else {
          input.value = String(now).replace('-', '−');
          if (typed) refuse(field, typed);
        }
      },
    })
  );
  const button = (/** @type {number} */ by) =>
    h(
      'button',
      {
        class: 'nudge',
        type: 'button',
        'aria-label': `${say(key)} ${by < 0 ? '−' : '+'}`,
        onclick: () => take(now + by * step),
      },
      by < 0 ? '−' : '+',
    );
  const less = /** @type {HTMLButtonElement} */ (button(-1));
  const more = /** @type {HTMLButtonElement} */ (button(1));
  return {
    root: h('div', { class: 'control spinner', 'data-field': key, role: 'group' }, label, less, input, more),
    put: (/** @type {number} */ value) => {
      now = value;
      input.style.width = `${Math.max(2.6, 0.6 * String(value).length + 0.9)}em`;
      if (document.activeElement !== input) input.value = String(value).replace('-', '−');
      less.disabled = value <= least;
      more.disabled = value >= most;
    },
  };
}
