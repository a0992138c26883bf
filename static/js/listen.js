/** What people do to the page as a whole: keys, drops, pastes, and clicks that must not keep the focus. */
import { actionOf } from './core/navigate.js';

const BOXES = 'input[type=checkbox], input[type=radio]';

/**
 * @param {{perform: (action: string) => boolean, image: (file: Blob) => void, blocked: (key: string) => boolean, unused?: (event: KeyboardEvent) => void}} hooks
 *   perform: tells whether it did anything; blocked: whether a dialog has the keys; unused: gets the keys that did nothing
 */
export function listen({ perform, image, blocked, unused }) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || blocked(event.key)) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const paging = event.key.startsWith('Page') && target.closest('input:not([type=range])'); // a clicker's keys mean nothing in a line of text
    const typing = !paging && target.closest(`select, input:not(${BOXES}), textarea`);
    const pressing = (event.key === 'Enter' || event.key === ' ') && target.closest(`button, a, summary, ${BOXES}`);
    const action = actionOf(event.key, event.shiftKey);
    if (pressing || (typing && event.key !== 'Escape')) return;
    if (action) event.preventDefault();
    if (!action || !perform(action)) unused?.(event);
  });
  handBackFocus();
  takeFiles(image);
}

/** Keys keep working after a click anywhere: a control that was used by pointer hands the focus back. */
function handBackFocus() {
  document.addEventListener(
    'click',
    (event) => {
      const pressed = /** @type {HTMLElement | null} */ (document.activeElement);
      if (event.detail > 0 && pressed?.matches('button, summary, input[type=range]') && !pressed.closest('dialog'))
        pressed.blur();
      const ticked = /** @type {HTMLElement} */ (event.target);
      if (event.detail > 0 && ticked.matches(BOXES) && !ticked.closest('dialog')) setTimeout(() => ticked.blur());
    },
    true,
  );
  document.addEventListener('change', (event) => {
    const chosen = /** @type {HTMLElement} */ (event.target);
    if (chosen.matches('select') && !chosen.closest('dialog')) chosen.blur();
  });
  document.addEventListener('click', (event) => {
    // an open menu closes when one looks elsewhere
    for (const menu of document.querySelectorAll('details.switch[open]'))
      if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute('open');
  });
}

/** @param {(file: Blob) => void} image */
function takeFiles(image) {
  document.addEventListener('paste', (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
    if (file) image(file);
  });
  for (const kind of ['dragover', 'drop', 'dragleave']) {
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      document.body.classList.toggle('dropping', kind === 'dragover');
      const file = kind === 'drop' ? /** @type {DragEvent} */ (event).dataTransfer?.files[0] : null;
      if (file) image(file);
    });
  }
}
