/**
 * From a frame to two pictures, before and after the filter: little work is done at once, much of it by workers, the newest
 * wish first.
 */
/** @import { Band, Development, Frame } from '../../core/lab/develop.js' */
/** @import { Source } from '../../core/lab/filter.js' */
import { bandsOf, develop } from '../../core/lab/develop.js';
import { tapsOf } from '../../core/lab/filter.js';
import { filterPool } from './filter-pool.js';

/**
 * @typedef {{source: Source, before: HTMLCanvasElement, after: HTMLCanvasElement, rows: number, columns: number, took: number}} Developed
 *     took: ms
 */
/** @typedef {{frame: Frame, how: Development, number: number}} Wish */

const LIGHT = 12e6; // multiplications, about 5 ms: not worth the way to a worker
const ALSO = 12; // what reading and writing a pixel costs, in multiplications

/** About how many multiplications both pictures cost. @param {Frame} frame @param {Development} how */
const workOf = ({ rows, columns }, { colour, kernels }) => rows * columns * (colour ? 3 : 1) * (tapsOf(kernels) + ALSO);

/** A canvas onto which bands are printed. */
function sheet() {
  const canvas = document.createElement('canvas');
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  return {
    canvas,
    /** @param {Band} band @param {Uint8ClampedArray} rgba   of the rows from that one on @param {number} from */
    print({ rows, columns, first, last }, rgba, from) {
      if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
      context.putImageData(new ImageData(/** @type {any} */ (rgba), columns), 0, from, 0, first - from, columns, last - first);
    },
  };
}

/** What has been developed, to be looked at pixel by pixel. @param {Band[]} bands @param {boolean} colour @returns {Source} */
function sourceIn(bands, colour) {
  const [{ rows, columns }] = bands;
  return {
    rows,
    columns,
    colours: colour ? 3 : 1,
    at(channel, row, column) {
      const { rgba, from } = /** @type {Band} */ (bands.find(({ last }) => row < last));
      return rgba[4 * ((row - from) * columns + column) + channel];
    },
  };
}

/** @param {() => void} arrived   pictures that workers have made are there */
export function darkroom(arrived) {
  const [before, after] = [sheet(), sheet()];
  const pool = filterPool();
  /** @type {Developed | null} */
  let shown = null;
  /** @type {Wish} */
  let asked = { frame: /** @type {any} */ (null), how: /** @type {any} */ (null), number: 0 };
  /** @type {Wish | null} */
  let waiting = null;
  /** @type {Band[][]} */
  let [held, spare] = [[], []]; // the bands that are shown, and those that were before: their memory is used again
  let printed = 0;
  let flying = false;

  /** @param {Frame} frame @param {Development} how @param {number} count @returns {Band[]} */
  function cut({ rows, columns, rgba, turn = 0 }, { kernels }, count) {
    const old = spare;
    spare = [];
    return bandsOf({ rows }, kernels, count).map(({ from, to, first, last }, i) => {
      const bytes = rgba.subarray(4 * from * columns, 4 * to * columns);
      const room = old[i]?.rgba.length === bytes.length ? old[i].rgba : new Uint8ClampedArray(bytes.length);
      room.set(bytes);
      const size = 4 * (last - first) * columns;
      return {
        rows,
        columns,
        turn,
        from,
        first,
        last,
        rgba: room,
        after: old[i]?.after.length === size ? old[i].after : new Uint8ClampedArray(size),
      };
    });
  }

  /** @param {Wish} wish @returns {Band[]} */
  function here({ frame, how }) {
    const bands = cut(frame, how, 1);
    for (const band of bands) develop(band, how);
    return bands;
  }

  /** What comes later than something newer is thrown away. @param {Wish} wish @param {Band[]} bands @param {number} took */
  function print({ frame, how, number }, bands, took) {
    if (number < printed) return;
    printed = number;
    for (const band of bands) {
      before.print(band, band.rgba, band.from);
      after.print(band, band.after, band.first);
    }
    [spare, held] = [held, bands];
    shown = {
      source: sourceIn(held, how.colour),
      before: before.canvas,
      after: after.canvas,
      rows: frame.rows,
      columns: frame.columns,
      took,
    };
  }

  /** The next picture is on its way before the last one is printed. */
  async function fly() {
    if (flying || !waiting) return;
    const wish = waiting;
    const start = performance.now();
    [flying, waiting] = [true, null];
    const bands = await pool
      .develop(cut(wish.frame, wish.how, pool.count(workOf(wish.frame, wish.how))), wish.how)
      .catch(() => here(wish));
    const took = performance.now() - start;
    flying = false;
    fly();
    print(wish, bands, took);
    arrived();
  }

  return {
    /** Both pictures, or those before them while new ones are on their way; null before the first. The same frame and settings are developed once.
     * @param {Frame} frame @param {Development} how @returns {Developed | null} */
    develop(frame, how) {
      if (frame === asked.frame && how === asked.how) return shown;
      asked = { frame, how, number: asked.number + 1 };
      if (pool.usable() && workOf(frame, how) > LIGHT) {
        waiting = asked;
        fly();
      } else {
        const start = performance.now();
        waiting = null;
        print(asked, here(asked), performance.now() - start);
      }
      return shown;
    },
    /** Both pictures as they are now. */
    shown: () => shown,
    /** Whether pictures are on their way. */
    pending: () => flying || waiting !== null,
    /** Whether a picture waits for its turn: another one would take its place. */
    busy: () => waiting !== null,
  };
}
