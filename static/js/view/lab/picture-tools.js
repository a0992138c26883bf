/** Under a picture: nearer and farther, another picture from a file, the camera; how large it is, and what went wrong. */
import { h } from '../dom.js';

/**
 * @typedef {object} Hooks
 * @property {(key: string, values?: Record<string, string | number>) => string} say
 * @property {(file: Blob) => void} file
 * @property {() => void} camera                start it, or stop it
 * @property {() => void} freeze                keep the camera's picture
 * @property {Record<string, () => void>} zooms   by the names of their texts: out, in, whole, pixels
 */

const SIGNS = /** @type {Record<string, string>} */ ({ zoom_out: '−', zoom_in: '+' });

/**
 * Another picture from a file.
 * @param {Hooks['say']} say
 * @param {Hooks['file']} bring
 * @param {string=} id
 * @returns {HTMLElement[]}
 */
export function pictureChoice(say, bring, id = 'lab-file') {
  const file = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'file',
      accept: 'image/*',
      id,
      class: 'file',
      onchange: () => {
        if (file.files?.[0]) bring(file.files[0]);
        file.value = '';
      },
    })
  );
  return [h('label', { class: 'upload', for: id }, say('choose')), file];
}

/** @param {Hooks} hooks */
export function pictureTools({ say, file, camera: turn, freeze, zooms }) {
  const buttons = Object.entries(zooms).map(([key, does]) =>
    h('button', { class: 'plain', 'data-zoom': key, 'aria-label': say(key), onclick: does }, SIGNS[key] ?? say(key)),
  );
  const camera = h('button', { class: 'plain', 'data-camera': '', onclick: turn });
  const keep = h('button', { class: 'primary', 'data-freeze': '', onclick: freeze }, say('freeze'));
  const size = h('span', { class: 'quiet num' });
  const warning = h('p', { class: 'warning', role: 'status' });
  return {
    root: h('div', { class: 'compare-tools' }, buttons, pictureChoice(say, file), camera, keep, size, warning),
    /**
     * @param {{live: boolean, readout: string, problem: string, zoomed: boolean | null}} shown   problem: why there is no
     *   picture, or no camera; zoomed: null where nothing can be enlarged
     */
    draw({ live, readout, problem, zoomed }) {
      for (const button of buttons) {
        button.hidden = zoomed === null;
        if (button.dataset.zoom === 'zoom_whole' || button.dataset.zoom === 'zoom_out')
          /** @type {HTMLButtonElement} */ (button).disabled = !zoomed;
      }
      camera.textContent = say(live ? 'camera_off' : 'camera_on');
      keep.hidden = !live;
      if (size.textContent !== readout) size.textContent = readout;
      if (warning.textContent !== problem) warning.textContent = problem;
      size.hidden = !readout;
      warning.hidden = !problem;
    },
  };
}
