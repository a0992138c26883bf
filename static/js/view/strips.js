/** Entries side by side as a strip, a part of them marked, and the way from that part to the next strip. */
/** @import { Explained } from './explained.js' */
import { boundOf } from './colors.js';
import { range } from '../core/tensor.js';
import { h, s } from './dom.js';
import { heatmap } from './heatmap.js';

/**
 * @param {Explained} e
 * @param {Float32Array} values
 * @param {number} start   the place of the first one
 * @param {number[]} marked   where the mark begins within the strip, and how long it is
 * @param {string} label @param {(place: number) => number[]} indexOf   of the cell that a click on a place opens
 */
export function strip(e, values, start, [from, length], label, indexOf) {
  const count = values.length;
  const map = heatmap({
    plane: { height: 1, width: count, data: values },
    bound: boundOf(...range(e.output.data)),
    colours: e.scene.colours,
    label,
    size: 'strip',
    onCell: (_, x) => e.scene.act.openNumber(e.record.name, indexOf(start + x)),
  });
  map.append(
    h('span', { class: 'strip-mark', style: { left: `${(100 * from) / count}%`, width: `${(100 * length) / count}%` } }),
  );
  return h('div', { class: 'strip-part' }, h('p', { class: 'quiet' }, label), map);
}

/** From a part of a strip to the whole of the next. @param {number} from @param {number} share */
export const opening = (from, share) =>
  s(
    'svg',
    { class: 'opening', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    s('path', { d: `M${100 * from},0L0,10H100L${100 * (from + share)},0Z` }),
  );
