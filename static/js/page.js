/** What the pages of networks share: the data and the places that the server wrote into them, and saying something. */

/** A JSON block of the page. @param {string} id */
export const read = (id) => JSON.parse(document.getElementById(id)?.textContent || 'null');

/** A place of the page. @param {string} id */
export const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The line under the figure; screen readers hear it when it changes. @param {string} text */
export function say(text) {
  if (find('caption').textContent !== text) find('caption').textContent = text;
}

/** What is being done or has gone wrong; neither: nothing. @param {string} text @param {boolean} busy */
export function tell(text, busy) {
  find('message').textContent = text;
  find('message').className = busy ? 'busy' : text ? 'problem' : '';
}

export const fullscreen = () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
};

/**
 * The same place in the other language: a page of its own.
 * @param {(lang: 'zh' | 'en') => string} query   of that place
 */
export function otherLanguage(query) {
  const lang = document.documentElement.lang.startsWith('zh') ? 'en' : 'zh';
  location.replace(`${location.pathname}?${query(lang)}`);
}

/**
 * Writes what is in view to the address: a new place is a new entry of the history, a step or a move replaces it.
 * @param {string} query
 * @param {boolean} moved   whether the place is new
 */
export function writeAddress(query, moved) {
  const address = `${location.pathname}?${query}`.replace(/\?$/, '');
  if (address === location.pathname + location.search) return;
  history[moved ? 'pushState' : 'replaceState'](null, '', address);
}
