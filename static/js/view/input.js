/** The input dialog: samples, a file, the drawing pad, and the steps between the picture and the network. */
import { has, t } from '../i18n.js';
import { h } from './dom.js';
import { drawingPad } from './pad.js';

/** @typedef {{id: string, title: string, url: string}} Sample */

/**
 * @param {{samples: Sample[], drawing: boolean}} offered
 * @param {{sample: (id: string) => void, image: (picture: Blob) => void, empty: () => void}} hooks
 */
export function inputDialog({ samples, drawing }, hooks) {
  const steps = h('ol', { class: 'preparation' });
  const current = h('div', { class: 'samples' });
  const message = h('p', { class: 'dialog-message', role: 'status' });
  const file = /** @type {HTMLInputElement} */ (h('input', { type: 'file', accept: 'image/*', id: 'file', class: 'file', onchange: () => { if (file.files?.[0]) hooks.image(file.files[0]); file.value = ''; } }));
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { class: 'input-dialog', 'aria-label': t('ui.choose_input') },
    h('header', {}, h('h2', {}, t('ui.choose_input')), h('button', { class: 'plain', onclick: () => dialog.close() }, t('ui.close'))),
    message, h('div', { class: 'input-columns' },
      drawing ? h('section', {}, h('h3', {}, t('ui.draw')), h('p', { class: 'quiet' }, t('ui.draw_hint')), drawingPad((picture) => (picture ? hooks.image(picture) : hooks.empty()))) : null,
      h('section', {}, h('h3', {}, t('ui.samples')), current, h('p', { class: 'quiet' }, t('ui.painted')),
        h('label', { class: 'upload', for: 'file' }, t('ui.upload')), file, h('p', { class: 'quiet' }, t('ui.drop'))),
      h('section', {}, h('h3', {}, t('ui.prepared')), steps))));
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  return {
    root: dialog,
    open: () => dialog.showModal(),
    close: () => dialog.close(),
    /** @param {string} text */
    say(text) { message.textContent = text; },
    /** @param {any} trace */
    draw(trace) {
      current.replaceChildren(...samples.map((sample) => sampleButton(sample, sample.id === trace?.input.sample, hooks.sample)));
      steps.replaceChildren(...(trace?.input.preparation ?? []).map(preparationStep));
    },
  };
}

/** @param {Sample} sample @param {boolean} chosen @param {(id: string) => void} use */
const sampleButton = (sample, chosen, use) => h('button', { class: 'sample', 'aria-pressed': String(chosen), 'data-sample': sample.id, onclick: () => use(sample.id) },
  h('img', { src: sample.url, alt: '', loading: 'lazy', width: 96, height: 96 }), h('span', {}, sample.title));

/** @param {any} step */
const preparationStep = (step) => h('li', {}, h('img', { src: step.picture, alt: '' }),
  h('span', {}, has(`preparation.${step.name}`) ? t(`preparation.${step.name}`) : step.name), h('span', { class: 'num quiet' }, `${step.width}×${step.height}`));
