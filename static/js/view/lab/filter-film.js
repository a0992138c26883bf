/**
 * The camera as a film: a frame is taken when the last one has gone on its way, at half the size where whole ones would take
 * too long.
 */
/** @import { Frame } from '../../core/lab/develop.js' */
import { liveCamera } from './eye.js';

const SLOW = 60; // ms: frames that take longer are halved in size

/** @param {{busy: () => boolean, frame: (frame: Frame) => void, stopped: () => void, problem: (code: string) => void}} hooks */
export function film({ busy, frame, stopped, problem }) {
  const canvas = document.createElement('canvas');
  let frames = 0;
  let spent = 0;
  let halved = false;
  let held = false;
  let taking = false;
  let direct = typeof VideoFrame === 'function';
  let memory = new Uint8ClampedArray();
  /** @type {number[]} */
  let times = [];
  /** @type {HTMLVideoElement | null} */
  let missed = null; // the camera has shown a frame that was not taken
  /** @type {Frame | null} */
  let last = null;
  const eye = liveCamera({
    frame: take,
    problem,
    stopped() {
      [spent, halved, missed, last, times, memory] = [0, false, null, null, [], new Uint8ClampedArray()];
      stopped();
    },
  });

  /**
   * A frame's pixels, over those of the last one where its memory can be used again.
   * @param {HTMLVideoElement} video
   * @returns {Promise<Omit<Frame, 'key'>>}
   */
  async function pixelsOf(video) {
    const scale = halved ? 0.5 : 1;
    const columns = Math.round(video.videoWidth * scale);
    const rows = Math.round(video.videoHeight * scale);
    if (!halved && (await copied(video))) return { rows, columns, rgba: memory };
    if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
    context.drawImage(video, 0, 0, columns, rows);
    return { rows, columns, rgba: context.getImageData(0, 0, columns, rows).data };
  }

  /**
   * The short way, a fifth of the time: without a canvas, where the browser turns a video's colours into bytes and need not
   * turn the picture.
   * @param {HTMLVideoElement} video
   */
  async function copied(video) {
    if (!direct) return false;
    const size = 4 * video.videoWidth * video.videoHeight;
    const how = /** @type {VideoFrameCopyToOptions} */ ({ format: 'RGBA', colorSpace: 'srgb' });
    /** @type {VideoFrame | null} */
    let picture = null;
    try {
      picture = new VideoFrame(video);
      direct =
        picture.visibleRect?.width === video.videoWidth &&
        picture.visibleRect.height === video.videoHeight &&
        picture.allocationSize(how) === size;
      if (!direct) return false;
      if (memory.length !== size) memory = new Uint8ClampedArray(size);
      await picture.copyTo(memory, how);
      return true;
    } catch {
      return (direct = false);
    } finally {
      picture?.close();
    }
  }

  /** @param {HTMLVideoElement} video */
  async function take(video) {
    if (held || taking) return;
    missed = busy() ? video : null;
    if (missed) return;
    taking = true;
    const pixels = await pixelsOf(video).finally(() => {
      taking = false;
    });
    if (!eye.on() || held) return;
    last = { key: `frame ${++frames}`, turn: frames, ...pixels };
    frame(last);
  }

  return {
    on: eye.on,
    start: eye.start,
    stop: eye.stop,
    /** A frame has been developed; the next one is taken at once if the camera is ahead. @param {number} took   ms */
    developed(took) {
      const now = performance.now();
      times = [...times.filter((time) => time > now - 2000), now];
      spent = 0.8 * spent + 0.2 * took;
      if (halved ? spent < SLOW / 6 : spent > SLOW) [halved, spent] = [!halved, SLOW / 3]; // four times the pixels take four times as long
      if (missed) take(missed);
    },
    /** Frames in a second, as they have been lately; null in the beginning. */
    rate: () =>
      eye.on() && times.length > 5 ? Math.round((1000 * (times.length - 1)) / (times[times.length - 1] - times[0])) : null,
    /**
     * The frame taken last, as the camera gave it; none comes after it.
     * @param {(picture: Blob | null) => Promise<void>} keep
     */
    freeze(keep) {
      if (held || !last) return;
      const { rows, columns, rgba } = last;
      held = true;
      Object.assign(canvas, { width: columns, height: rows });
      canvas
        .getContext('2d', { willReadFrequently: true })
        ?.putImageData(new ImageData(/** @type {any} */ (rgba), columns), 0, 0);
      canvas.toBlob(async (picture) => {
        await keep(picture);
        held = false;
        eye.stop();
      }, 'image/png');
    },
  };
}
