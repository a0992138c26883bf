/** From pixels to two pictures, before and after the filter; worked out again only when something about them has changed. */
/** @import { Look, Picture } from '../../core/lab/filter.js' */
import { addNoise, filtered, planesOf, toPixels } from '../../core/lab/filter.js';

/** @typedef {{key: string, rows: number, columns: number, rgba: Uint8ClampedArray, turn?: number}} Frame   turn: which frame of a film */
/** @typedef {{kernels: number[][][], colour: boolean, noise: number, seed: number, look: Look, gain: number}} Development */
/** @typedef {{source: Picture, result: Picture, before: HTMLCanvasElement, after: HTMLCanvasElement, rows: number, columns: number}} Developed */

/** A canvas with the pixels that are written into it. */
function sheet() {
  const canvas = document.createElement('canvas');
  /** @type {ImageData | null} */
  let image = null;
  return {
    canvas,
    /** @param {Picture} picture @param {Look} look @param {number} gain */
    print(picture, look, gain) {
      if (canvas.width !== picture.columns || canvas.height !== picture.rows || !image) {
        Object.assign(canvas, { width: picture.columns, height: picture.rows });
        image = new ImageData(picture.columns, picture.rows);
      }
      toPixels(picture, look, gain, image.data);
      canvas.getContext('2d')?.putImageData(image, 0, 0);
    },
  };
}

export function darkroom() {
  const [before, after] = [sheet(), sheet()];
  /** @type {Picture | undefined} */
  let source;
  /** @type {Picture | undefined} */
  let result;
  let [taken, made, shown] = ['', '', ''];

  /** @param {Frame} frame   every frame of the camera has a key of its own @param {Development} how @returns {Developed} */
  return function develop(frame, { kernels, colour, noise, seed, look, gain }) {
    const { rows, columns } = frame;
    const taking = `${frame.key} ${rows} ${columns} ${colour} ${noise} ${seed}`, making = `${taking} ${JSON.stringify(kernels)}`, showing = `${making} ${look} ${gain}`;
    if (taken !== taking || !source) {
      source = planesOf(frame.rgba, rows, columns, colour, source);
      addNoise(source, noise, seed, frame.turn);
      before.print(source, 'plain', 1);
    }
    if (made !== making || !result) {
      const reuse = result?.planes.length === source.planes.length && result.planes[0].length === rows * columns ? result.planes : undefined;
      result = filtered(source, kernels, reuse);
    }
    if (shown !== showing) after.print(result, look, gain);
    [taken, made, shown] = [taking, making, showing];
    return { source, result, before: before.canvas, after: after.canvas, rows, columns };
  };
}
