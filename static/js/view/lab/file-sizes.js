/** How many bytes a picture takes as a file: encoded by the browser, without loss (PNG) and with (JPEG). */

const QUALITY = 0.9;
const KINDS = /** @type {const} */ ([
  ['PNG', 'image/png', undefined],
  ['JPEG', 'image/jpeg', QUALITY],
]);

/** @typedef {{kind: string, bytes: number}} FileSize */

/** @param {() => void} arrived   sizes that were asked for are there */
export function fileSizes(arrived) {
  /** @type {Map<string, FileSize[] | null>} */
  const known = new Map();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {string} key   what is on it
   * @returns {FileSize[] | null} null while they are worked out
   */
  return (canvas, key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size > 24) known.clear();
    known.set(key, null);
    const encoded = KINDS.map(
      ([kind, type, quality]) =>
        /** @type {Promise<FileSize>} */ (
          new Promise((done) => canvas.toBlob((blob) => done({ kind, bytes: blob?.size ?? 0 }), type, quality))
        ),
    );
    Promise.all(encoded).then((sizes) => {
      known.set(
        key,
        sizes.filter(({ bytes }) => bytes > 0),
      );
      arrived();
    });
    return null;
  };
}
