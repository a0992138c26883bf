/**
 * Inside a deck (?embed=1 in a frame): takes orders from the page around it, reports where it is, hands on the keys it has no
 * use for.
 */
/** @import { ViewState } from './core/types.js' */
import { toQuery } from './core/viewstate.js';

/**
 * The messages are described in docs/embedding.md. Only the parent is spoken to and listened to. The target is any origin: what
 * is
 * sent is no more than the address and a key, and who may embed the page is the server's setting (frame-ancestors).
 * @param {{act: (action: string) => void, go: (query: string) => void}} hooks
 */
export function deck({ act, go }) {
  const framed = window.parent !== window && new URLSearchParams(location.search).get('embed') === '1';
  const tell = (/** @type {string} */ type, /** @type {object} */ more) =>
    window.parent.postMessage({ source: 'unrolled', version: 1, type, ...more }, '*');
  let said = '';
  let last = {};

  if (framed) {
    addEventListener('message', ({ source, data }) => {
      if (source !== window.parent || data?.target !== 'unrolled') return;
      if (data.type === 'do' && typeof data.action === 'string') act(data.action);
      if (data.type === 'go' && typeof data.query === 'string') go(data.query);
      if (data.type === 'ask') tell('state', last);
    });
  }

  return {
    framed,
    /**
     * Where the page is, each time that changes.
     * @param {ViewState} view
     * @param {string} level
     * @param {number} steps   how many there are here
     * @param {string=} query  the state as a query string
     */
    report(view, level, steps, query = toQuery(view)) {
      const now = `${query} ${steps}`;
      if (!framed || now === said) return;
      last = { level, step: view.step, steps, playing: view.play, query };
      tell(said ? 'state' : 'ready', last);
      said = now;
    },
    /** A key that does nothing here. @param {KeyboardEvent} event */
    key({ key, code, shiftKey }) {
      if (framed) tell('key', { key, code, shiftKey });
    },
  };
}
