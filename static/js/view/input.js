/**
 * The input dialog: samples, one's own picture (file, camera, drop, paste), the drawing pad, and the way from the picture into
 * the network.
 */
import { has, t } from '../i18n.js';
import { camera } from './camera.js';
import { drawingPad } from './pad.js';
import { h } from './dom.js';

/** @typedef {{id: string, title: string, url: string}} Sample */
/** @typedef {{sample: (id: string) => void, image: (picture: Blob) => void, problem: (code: string) => void}} Hooks */

/** @param {{samples: Sample[], drawing: boolean, classes: {title: string}[]}} offered @param {Hooks} hooks */
export function inputDialog({ samples, drawing, classes }, hooks) {
  const steps = h('ol', { class: 'preparation' });
  const current = h('div', { class: 'samples' });
  const message = h('p', { class: 'dialog-message', role: 'status' });
  const eye = camera(hooks);
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      'dialog',
      { class: 'input-dialog', 'aria-label': t('ui.choose_input') },
      h(
        'header',
        {},
        h('h2', {}, t('ui.choose_input')),
        h('button', { class: 'plain', onclick: () => dialog.close() }, t('ui.close')),
      ),
      message,
      h(
        'div',
        { class: 'input-columns' },
        drawing ? padSection(hooks) : null,
        h('section', { class: 'gallery' }, h('h3', {}, t('ui.samples')), current, h('p', { class: 'quiet' }, t('ui.painted'))),
        ownSection(eye.root, hooks),
      ),
      h('section', { class: 'prepared' }, h('h3', {}, t('ui.prepared')), steps),
    )
  );
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  dialog.addEventListener('close', eye.stop);
  return {
    root: dialog,
    open: () => dialog.showModal(),
    close: () => dialog.close(),
    /** @param {string} text @param {boolean} busy */
    say(text, busy) {
      message.textContent = text;
      message.classList.toggle('busy', busy);
      dialog.classList.toggle('waiting', busy);
    },
    /** @param {any} trace */
    draw(trace) {
      current.replaceChildren(
        ...samples.map((sample) => sampleButton(sample, sample.id === trace?.input.sample, hooks.sample)),
      );
      steps.replaceChildren(...(trace ? [...trace.input.preparation.map(preparationStep), answer(trace, classes)] : []));
    },
  };
}

/** @param {Hooks} hooks */
const padSection = (hooks) =>
  h(
    'section',
    { class: 'writing' },
    h('h3', {}, t('ui.draw')),
    h('p', { class: 'quiet' }, t('ui.draw_hint')),
    drawingPad((picture) => (picture ? hooks.image(picture) : hooks.problem('nothing-drawn'))),
  );

/** @param {HTMLElement} eye @param {Hooks} hooks */
function ownSection(eye, hooks) {
  const file = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'file',
      accept: 'image/*',
      id: 'file',
      class: 'file',
      onchange: () => {
        if (file.files?.[0]) hooks.image(file.files[0]);
        file.value = '';
      },
    })
  );
  return h(
    'section',
    { class: 'own' },
    h('h3', {}, t('ui.own')),
    h('div', { class: 'row-buttons' }, h('label', { class: 'upload', for: 'file' }, t('ui.upload')), file, eye),
    h('p', { class: 'drop-zone' }, t('ui.drop')),
    h('p', { class: 'quiet' }, t('ui.private')),
  );
}

/** @param {Sample} sample @param {boolean} chosen @param {(id: string) => void} use */
const sampleButton = (sample, chosen, use) =>
  h(
    'button',
    { class: 'sample', 'aria-pressed': String(chosen), 'data-sample': sample.id, onclick: () => use(sample.id) },
    h('img', { src: sample.url, alt: '', loading: 'lazy', width: 96, height: 96 }),
    h('span', {}, sample.title),
  );

/** @param {any} step */
const preparationStep = (step) =>
  h(
    'li',
    {},
    h('img', { src: step.picture, alt: '' }),
    h('span', {}, has(`preparation.${step.name}`) ? t(`preparation.${step.name}`) : step.name),
    h('span', { class: 'num quiet' }, `${step.width}×${step.height}`),
  );

/** What the network says to it, so that one need not leave to see it. @param {any} trace @param {{title: string}[]} classes */
function answer({ predictions: [best] }, classes) {
  return h(
    'li',
    { class: 'answered' },
    h('strong', {}, classes[best.index]?.title ?? best.label),
    h('span', { class: 'num' }, `${(100 * best.probability).toFixed(1)} %`),
    h('span', { class: 'quiet' }, t('ui.prediction')),
  );
}
