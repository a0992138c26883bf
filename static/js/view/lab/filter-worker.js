/**
 * Develops bands of pictures in a worker. Imported by a page it only says where it is: a worker is made from an address, and in
 * a bundle
 * a file's name is known to nobody but itself.
 */
import { develop } from '../../core/lab/develop.js';
import { simd } from '../../core/lab/simd.js';

export const address = import.meta.url;

if (typeof document === 'undefined') {
  const tools = simd() ?? undefined;
  addEventListener('message', ({ data: { band, how } }) => {
    develop(band, how, tools);
    postMessage({ band, vectors: tools !== undefined }, { transfer: [band.rgba.buffer, band.after.buffer] });
  });
}
