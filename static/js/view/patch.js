/** Parts that are like those that stand there are changed where they differ, for what is drawn at every movement of the pointer. */

/** @param {Node} old @param {Node} wanted @returns {boolean} whether it could be made the same */
function alike(old, wanted) {
  if (
    old.nodeType !== wanted.nodeType ||
    old.nodeName !== wanted.nodeName ||
    old.childNodes.length !== wanted.childNodes.length
  )
    return false;
  if (!(old instanceof Element) || !(wanted instanceof Element)) {
    if (old.nodeValue !== wanted.nodeValue) old.nodeValue = wanted.nodeValue;
    return true;
  }
  for (const { name } of [...old.attributes]) if (!wanted.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const children = [...wanted.childNodes];
  [...old.childNodes].forEach((child, i) => {
    if (!alike(child, children[i])) child.replaceWith(children[i]);
  });
  return true;
}

/**
 * Only for parts whose listeners do the same as those of the ones that stand there.
 * @param {HTMLElement} place
 * @param {HTMLElement[]} parts
 */
export function patch(place, parts) {
  if (parts.length !== place.children.length) {
    place.replaceChildren(...parts);
    return;
  }
  [...place.children].forEach((old, i) => {
    if (!alike(old, parts[i])) old.replaceWith(parts[i]);
  });
}
