/** What can be set: presets, views, hyperparameters; one line of small controls, made once and kept. */
/** @import { Field, LabScene } from '../../core/lab/types.js' */
/** @import { Preset } from '../../core/lab/state.js' */
import { h } from '../dom.js';

/** @typedef {(scene: LabScene) => void} Draw */

/**
 * @param {Field[]} fields @param {string[]} views @param {Preset[]} presets
 * @param {{set: (key: string, value: any) => void, preset: (id: string) => void, view: (view: string) => void, say: (key: string) => string, title: (preset: Preset) => string, offers?: (view: string, values: import('../../core/lab/types.js').Values) => boolean}} hooks
 */
export function labControls(fields, views, presets, hooks) {
  const preset = /** @type {HTMLSelectElement} */ (
    h(
      'select',
      { class: 'presets', 'aria-label': hooks.say('preset'), onchange: () => hooks.preset(preset.value) },
      h('option', { value: '', hidden: true }, hooks.say('own_numbers')),
      presets.map((each) => h('option', { value: each.id }, hooks.title(each))),
    )
  );
  const tabs =
    views.length > 1
      ? h(
          'div',
          { class: 'views', role: 'group', 'aria-label': hooks.say('views') },
          views.map((view) =>
            h('button', { class: 'plain', 'data-view': view, onclick: () => hooks.view(view) }, hooks.say(`view_${view}`)),
          ),
        )
      : null;
  let pressed = '';
  const made = fields
    .filter((field) => field.kind !== 'grid' && !field.hidden)
    .map((field) => ({ field, ...control(field, hooks) }));
  const root = h(
    'div',
    { class: 'lab-controls' },
    presets.length ? h('label', { class: 'control' }, h('span', {}, hooks.say('preset')), preset) : null,
    tabs,
    made.map(({ root: each }) => each),
  );
  return {
    root,
    /** @param {LabScene} scene @param {boolean} own   the numbers are no longer the preset's */
    draw(scene, own) {
      preset.value = own ? '' : (scene.state.preset ?? '');
      for (const button of tabs?.children ?? []) {
        button.setAttribute('aria-pressed', String(button.getAttribute('data-view') === scene.view));
        /** @type {HTMLElement} */ (button).hidden =
          hooks.offers?.(button.getAttribute('data-view') ?? '', scene.values) === false;
      }
      if (tabs && pressed !== scene.view) {
        // a strip that scrolls shows the view that is on
        const on = /** @type {HTMLElement | null} */ (tabs.querySelector(`[data-view="${(pressed = scene.view)}"]`));
        if (on) tabs.scrollLeft = on.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - on.offsetWidth) / 2;
      }
      if (tabs) tabs.hidden = [...tabs.children].every((button) => /** @type {HTMLElement} */ (button).hidden);
      for (const { field, root: each, put } of made) {
        each.hidden = Boolean(field.when && !field.when({ ...scene.values, view: scene.view }));
        put(scene.values[field.key]);
      }
    },
  };
}

/**
 * @param {Field} field
 * @param {{set: (key: string, value: any) => void, say: (key: string) => string}} hooks
 * @returns {{root: HTMLElement, put: (value: any) => void}}
 */
function control(field, hooks) {
  const label = h('span', {}, hooks.say(field.key));
  const set = (/** @type {any} */ value) => hooks.set(field.key, value);
  if (field.kind === 'flag') {
    const box = /** @type {HTMLInputElement} */ (h('input', { type: 'checkbox', onchange: () => set(box.checked) }));
    return {
      root: h('label', { class: 'control flag', 'data-field': field.key }, box, label),
      put: (value) => {
        box.checked = value;
      },
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
    };
  }
  return field.slider ? slider(field, label, set) : spinner(field, label, set, hooks);
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
 * @param {{say: (key: string) => string}} hooks
 */
function spinner({ key, kind, least = -Infinity, most = Infinity, step = 1 }, label, set, { say }) {
  let now = 0;
  const take = (/** @type {number} */ value) => set(Math.min(most, Math.max(least, Number(value.toPrecision(12)))));
  const input = /** @type {HTMLInputElement} */ (
    h('input', {
      class: 'num',
      inputmode: 'decimal',
      'aria-label': say(key),
      onchange: () => {
        const value = Number(input.value.replace(',', '.').replace('−', '-'));
        if (input.value.trim() === '' || Number.isNaN(value) || (kind === 'whole' && !Number.isInteger(value)))
          input.value = String(now);
        else take(value);
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
