/**
 * Workers that share the bands of a picture: made when there is much to do for the first time, let go after a while without
 * work.
 */
/** @import { Band, Development } from '../../core/lab/develop.js' */
import { workersFor } from '../../core/lab/develop.js';

const IDLE = 20_000; // ms

export function filterPool() {
  const processors = navigator.hardwareConcurrency || 2;
  /** @type {Worker[]} */
  let workers = [];
  let broken = typeof Worker === 'undefined';
  let idle = 0;
  let vectors = true; // until a worker says that it has none

  function leave() {
    for (const worker of workers) worker.terminate();
    workers = [];
  }

  /**
   * One band at a time for each worker; its memory goes there and comes back.
   * @param {Worker} worker
   * @param {Band} band
   * @param {Development} how
   * @returns {Promise<Band>}
   */
  const given = (worker, band, how) =>
    new Promise((done, fail) => {
      worker.onmessage = ({ data }) => {
        vectors = data.vectors;
        done(data.band);
      };
      worker.onerror = worker.onmessageerror = fail;
      worker.postMessage({ band, how }, [band.rgba.buffer, band.after.buffer]);
    });

  return {
    /** @param {number} work   multiplications */
    count: (work) => workersFor(work, processors, vectors),
    /** Whether workers can be made here: old browsers have none that import modules. */
    usable: () => !broken,
    /**
     * Rejects where there are no workers; the bands are then lost.
     * @param {Band[]} bands   as many as `count` at most
     * @param {Development} how
     * @returns {Promise<Band[]>}
     */
    async develop(bands, how) {
      clearTimeout(idle);
      try {
        const { address } = await import('./filter-worker.js');
        while (workers.length < bands.length) workers.push(new Worker(address, { type: 'module' }));
        return await Promise.all(bands.map((band, i) => given(workers[i], band, how)));
      } catch (error) {
        broken = true;
        leave();
        throw error;
      } finally {
        idle = setTimeout(leave, IDLE);
      }
    },
  };
}
