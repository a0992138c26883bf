/** The drawing of a view that counts: one SVG over the whole stage, which is also what is exported. */
/** @import { LabScene } from '../../core/lab/types.js' */
/** @import { Area } from './ledger.js' */
import { h, s } from '../dom.js';
import { measured } from './curve-stage.js';

/**
 * @typedef {object} CountedView   a view that counts what an operation takes
 * @property {(scene: LabScene) => number} steps
 * @property {(place: HTMLElement, scene: LabScene) => void} draw
 * @property {(scene: LabScene) => HTMLElement[]} card
 * @property {(scene: LabScene) => string} caption
 * @property {(scene: LabScene) => string} code
 * @property {(scene: LabScene) => Record<string, any>} numbers   of the CSV
 */

/** @type {SVGElement | null} */
let svg = null;

/**
 * @param {HTMLElement} place
 * @param {string} label   what a reader who does not see it is told
 * @param {(area: {width: number, height: number, text: number, narrow: boolean}) => any[]} draw
 */
export function sheet(place, label, draw) {
  if (!svg?.isConnected) {
    svg = s('svg', { class: 'lab-plot sheet', role: 'img' });
    place.replaceChildren(h('div', { class: 'plot-place whole sheet-place' }, svg));
  }
  const { width, height, text } = measured(/** @type {HTMLElement} */ (svg.parentElement));
  for (const [key, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height, 'aria-label': label }))
    svg.setAttribute(key, String(value));
  svg.replaceChildren(
    ...draw({ width, height, text, narrow: width < 52 * text })
      .flat(3)
      .filter(Boolean),
  );
}

/**
 * A part for pictures and one for what is written: beside each other, or below each other where it is narrow.
 * @param {{width: number, height: number, text: number, narrow: boolean}} all
 * @param {number} share   of the pictures, of the longer side
 * @returns {{pictures: Area, words: Area}}
 */
export function halved({ width, height, text, narrow }, share) {
  const edge = 0.6 * text; // so that nothing touches the rim of an exported picture
  const room = width - 2 * edge;
  if (narrow) {
    const upper = share * height;
    return {
      pictures: { x: edge, y: 0, width: room, height: upper },
      words: { x: edge, y: upper + 0.5 * text, width: room, height: height - upper - 0.5 * text },
    };
  }
  const left = share * room;
  const gap = 2 * text;
  return {
    pictures: { x: edge, y: 0, width: left, height },
    words: { x: edge + left + gap, y: 0, width: room - left - gap, height },
  };
}
