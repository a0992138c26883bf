/** Making elements: the one small helper that every view uses. */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {Element} element @param {Record<string, any>} attributes @param {any[]} children
 */
function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'style')
      for (const [name, set] of Object.entries(value)) /** @type {any} */ (element).style.setProperty(name, String(set));
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
}

/** @param {string} tag @param {Record<string, any>=} attributes @param {any[]} children @returns {HTMLElement} */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/** @param {string} tag @param {Record<string, any>=} attributes @param {any[]} children @returns {SVGElement} */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

/**
 * A printed number; its role names what it is in the formula.
 * @param {string} text
 * @param {string} role
 * @param {Record<string, any>=} attributes
 */
export const num = (text, role, attributes = {}) => h('span', { class: 'num', 'data-role': role, ...attributes }, text);

/** An operator between numbers. @param {string} sign */
export const sign = (sign) => h('span', { class: 'sign' }, sign);
