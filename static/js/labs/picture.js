/**
 * The picture that a lab works on: a painted sample, or one's own, which this browser keeps under a number that the address
 * holds.
 */
/** @import { Field, LabScene, Values } from '../core/lab/types.js' */
import { sampleFile } from '../api.js';
import { has, t } from '../i18n.js';
import { keep, kept } from '../keeper.js';

/**
 * @typedef {{kind: string, bytes: number, rows: number, columns: number}} Origin   the file, which may have held more pixels
 */
/**
 * @typedef {{key: string, rows: number, columns: number, rgba: Uint8ClampedArray, file?: Origin}} Pixels
 *     four bytes per pixel, opaque; file: where they came from, unless it was the camera
 */

export const SAMPLES = [
  'school-bus',
  'sports-car',
  'orange',
  'espresso',
  'ladybug',
  'pizza',
  'bell-pepper',
  'koala',
  'red-panda',
  'lifeboat',
  'digit-2',
  'digit-3',
  'digit-5',
  'digit-7',
];
const MOST = 1_050_000; // pixels: larger ones are scaled down, so that every filter stays live

/** The two fields of a lab that say which picture; photo 0: the sample. @param {string} start @returns {Field[]} */
export const pictureFields = (start) => [
  { key: 'sample', kind: 'choice', options: SAMPLES, start },
  { key: 'photo', kind: 'whole', start: 0, least: 0, most: Number.MAX_SAFE_INTEGER, hidden: true },
];

/** Whoever chooses a sample wants to see it. @param {Values} values @param {string[]} changed @returns {Values} */
export const chosen = (values, changed) =>
  changed.includes('sample') && !changed.includes('photo') ? { ...values, photo: 0 } : values;

/**
 * Every pixel of a picture, opaque on white and no larger than a megapixel.
 * @param {Blob} file
 * @param {string} key
 * @returns {Promise<Pixels>}
 */
async function pixelsOf(file, key) {
  const image = await createImageBitmap(file);
  const kind = (file.type.split('/')[1] ?? '').replace(/\+.*/, '').toUpperCase();
  const scale = Math.min(1, Math.sqrt(MOST / (image.width * image.height)));
  const columns = Math.max(1, Math.round(image.width * scale));
  const rows = Math.max(1, Math.round(image.height * scale));
  const canvas = Object.assign(document.createElement('canvas'), { width: columns, height: rows });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
  context.fillStyle = '#fff';
  context.fillRect(0, 0, columns, rows);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, columns, rows);
  const origin = { kind, bytes: file.size, rows: image.height, columns: image.width };
  image.close();
  return { key, rows, columns, rgba: context.getImageData(0, 0, columns, rows).data, file: origin };
}

/** How large a picture is, and was. @param {LabScene['say']} say @param {{rows: number, columns: number, file?: Origin}} frame */
export const sizeOf = (say, { rows, columns, file }) =>
  file && file.rows * file.columns > rows * columns
    ? say('size_reduced', { columns, rows, wide: file.columns, tall: file.rows })
    : say('size_of', { columns, rows });

/** @param {string} sample @returns {Promise<Pixels>} */
const painted = async (sample) => pixelsOf(await sampleFile(sample), `sample ${sample}`);

/** @param {number} photo @returns {Promise<Pixels | null>} */
async function own(photo) {
  const file = await kept(`lab-${photo}`);
  return file ? pixelsOf(file, `photo ${photo}`) : null;
}

/** One per lab: the picture of the values as soon as it is there, and what went wrong as a key of the lab's texts. */
export function pictureSource() {
  /** @type {Pixels | null} */
  let held = null;
  let wanted = '';
  let problem = '';

  /** @param {Values} values @param {() => void} arrived */
  async function load({ photo, sample }, arrived) {
    const asked = wanted;
    let found = null;
    let wrong = '';
    if (photo) {
      found = await own(photo).catch(() => null);
      if (!found) wrong = 'picture_gone';
    }
    found ??= await painted(sample).catch(() => null);
    if (asked !== wanted) return; // another one has been chosen meanwhile
    [held, problem] = [found ?? held, wrong];
    arrived();
  }

  return {
    /** What is there, while another may be on its way: for drawing. @returns {Pixels | null} */
    held: () => held,
    /**
     * Only for the newest values: whoever draws may hold older ones.
     * @param {Values} values
     * @param {() => void} arrived   called once when a picture that was not there has come
     * @returns {Pixels | null}
     */
    of(values, arrived) {
      const key = `${values.photo} ${values.photo ? '' : values.sample}`;
      if (key !== wanted) {
        wanted = key;
        load(values, arrived);
      }
      return held;
    },
    /** What went wrong, as a sentence; empty if nothing did. @param {LabScene['say']} say */
    problem: (say) => problem && (has(`problems.${problem}`) ? t(`problems.${problem}`) : say(problem)),
    /** @param {string} key */
    say(key) {
      problem = key;
    },
    /** A picture of one's own: kept in this browser, and shown. @param {Blob} file @param {LabScene} scene */
    async bring(file, scene) {
      const readable = await createImageBitmap(file).then(
        () => true,
        () => false,
      );
      if (!readable) {
        problem = 'no_picture';
        scene.go(scene.step);
        return;
      }
      const id = Date.now();
      await keep(`lab-${id}`, file);
      scene.set({ photo: id });
    },
  };
}
