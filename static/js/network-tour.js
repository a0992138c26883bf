/** The tour of a picture network: offered once, walked by a clicker, left at any time. */
/** @import { Data } from './data.js' */
/** @import { ViewState } from './core/types.js' */
import { stateOf } from './core/tour.js';
import { tourCard } from './view/tour.js';

const SEEN = 'unrolled-tour';

/** @typedef {number | 'invite' | null} Stop   of the tour; invite: offered, null: not on it */

/**
 * @param {any[]} stops   as the page tells them
 * @param {object} page
 * @param {() => {tour: Stop, data: Data | null, view: ViewState}} page.get
 * @param {(changes: {tour: Stop, view?: ViewState}) => void} page.set
 * @param {() => void} page.clear    closes what lies over the page
 * @param {(action: string) => boolean} page.aside   whether an action is about the page rather than the place
 */
export function createTour(stops, { get, set, clear, aside }) {
  const card = tourCard(stops, { go, end });

  /** @param {number} at */
  function go(at) {
    clear();
    const { data, view } = get();
    if (data) set({ tour: at, view: stateOf(stops[at], view, data.nodes) });
  }

  function end() {
    try {
      localStorage.setItem(SEEN, 'seen');
    } catch {
      /* then it is offered again */
    }
    set({ tour: null });
  }

  return {
    ...card,
    start: () => go(0),
    /** While the tour is on, the clicker walks the tour. @param {string} action @returns {boolean} whether that was all */
    takes(action) {
      const { tour } = get();
      if (tour === null) return false;
      if (tour === 'invite') {
        if (!aside(action)) set({ tour: null });
        return false;
      }
      const to = { next: tour + 1, back: tour - 1 }[action];
      if (to === undefined && action !== 'leave') return false;
      if (to !== undefined && stops[to]) go(to);
      else if (to !== -1) end();
      return true;
    },
    /** Offered once, on a plain visit: not to an address that someone sent, nor inside a deck. @param {boolean} refused */
    offer(refused) {
      const { view } = get();
      let seen = refused || view.embed || view.node !== null || view.step !== null;
      try {
        seen ||= localStorage.getItem(SEEN) !== null;
      } catch {
        seen = true;
      }
      if (!seen) set({ tour: 'invite' });
    },
  };
}
