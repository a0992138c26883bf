/** The clock: the only one who asks for animation frames. It advances steps while playing and rests otherwise. */

/** When what was set has been drawn: two frames later. @returns {Promise<void>} */
export const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));

/** @param {() => void} tick   called once per step while playing */
export function createPlayer(tick) {
  let frame = 0;
  let last = 0;
  let interval = 900;

  /** @param {number} now */
  function beat(now) {
    if (!frame) return;
    if (now - last >= interval) {
      last = now;
      tick();
    }
    if (frame) frame = requestAnimationFrame(beat);
  }

  return {
    /** @param {boolean} playing */
    run(playing) {
      if (playing === (frame !== 0)) return;
      if (!playing) cancelAnimationFrame(frame);
      last = performance.now();
      frame = playing ? requestAnimationFrame(beat) : 0;
    },
    /** @param {number} factor */
    speed(factor) {
      interval = 900 / factor;
    },
  };
}
