/** A map with its name and shape, as every view shows one. */
import { h } from './dom.js';

/** @param {HTMLElement} picture @param {any} title @param {string=} note @param {string=} kind */
export const figure = (picture, title, note = '', kind = '') =>
  h(
    'figure',
    { class: `map ${kind}`, style: { '--ratio': picture.style.getPropertyValue('--ratio') || 'none' } },
    h('figcaption', {}, h('span', {}, title), note ? h('span', { class: 'note' }, note) : null),
    h('div', { class: 'map-room' }, picture),
  );
