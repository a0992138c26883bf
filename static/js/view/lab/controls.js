/** What can be set: presets, views, hyperparameters; one line of small controls, the rest behind a button. Made once and kept. */
/** @import { Field, LabScene, Values } from '../../core/lab/types.js' */
/** @import { Preset } from '../../core/lab/state.js' */
import { h } from '../dom.js';
import { fieldControl } from './field-control.js';
import { foldingStrip } from './folding-strip.js';

/**
 * @typedef {object} Hooks
 * @property {(key: string, value: any) => void} set
 * @property {(id: string) => void} preset
 * @property {(view: string) => void} view
 * @property {(key: string) => string} say
 * @property {(field: Field, text: string) => void} refuse   what was typed cannot be the field's value
 * @property {(preset: Preset) => string} title
 * @property {((view: string, values: Values) => boolean)=} offers
 * @property {HTMLElement | null} last    what stands at the strip's end
 */

/** @param {Field[]} fields @param {string[]} views @param {Preset[]} presets @param {Hooks} hooks */
export function labControls(fields, views, presets, hooks) {
  const preset = presetChoice(presets, hooks);
  const tabs = viewTabs(views, hooks);
  const made = fields
    .filter((field) => field.kind !== 'grid' && !field.hidden)
    .map((field) => ({ field, ...fieldControl(field, hooks) }));
  const strip = foldingStrip({ preset: preset?.root ?? null, tabs: tabs?.root ?? null, made, last: hooks.last });
  return {
    root: strip.root,
    close: strip.close,
    refit: strip.refit,
    /** @param {LabScene} scene @param {boolean} own   the numbers are no longer the preset's */
    draw(scene, own) {
      preset?.put(own ? '' : (scene.state.preset ?? ''));
      tabs?.draw(scene);
      for (const { field, root: each, put } of made) {
        each.hidden = Boolean(field.when && !field.when({ ...scene.values, view: scene.view }));
        put(scene.values[field.key]);
      }
      strip.fit(scene.values);
    },
  };
}

/** @param {Preset[]} presets @param {Hooks} hooks */
function presetChoice(presets, hooks) {
  if (!presets.length) return null;
  const select = /** @type {HTMLSelectElement} */ (
    h(
      'select',
      { class: 'presets', 'aria-label': hooks.say('preset'), onchange: () => hooks.preset(select.value) },
      h('option', { value: '', hidden: true }, hooks.say('own_numbers')),
      presets.map((each) => h('option', { value: each.id }, hooks.title(each))),
    )
  );
  return {
    root: h('label', { class: 'control preset' }, h('span', {}, hooks.say('preset')), select),
    put: (/** @type {string} */ id) => {
      select.value = id;
    },
  };
}

/** @param {string[]} views @param {Hooks} hooks */
function viewTabs(views, hooks) {
  if (views.length < 2) return null;
  const buttons = views.map((view) =>
    h('button', { class: 'plain', 'data-view': view, onclick: () => hooks.view(view) }, hooks.say(`view_${view}`)),
  );
  const root = h('div', { class: 'views', role: 'group', 'aria-label': hooks.say('views') }, buttons);
  let pressed = '';
  return {
    root,
    /** @param {LabScene} scene */
    draw({ view, values }) {
      buttons.forEach((button, i) => {
        button.setAttribute('aria-pressed', String(views[i] === view));
        button.hidden = hooks.offers?.(views[i], values) === false;
      });
      root.hidden = buttons.every(({ hidden }) => hidden);
      if (pressed === view) return;
      pressed = view;
      const on = buttons[views.indexOf(view)]; // a strip that scrolls shows the view that is on
      if (on) root.scrollLeft = on.offsetLeft - root.offsetLeft - (root.clientWidth - on.offsetWidth) / 2;
    },
  };
}
