/** cat's card: the joined vector, the part that one operand fills, and the place within it. */
/** @import { OpView } from './index.js' */
/** @import { Explained } from '../explained.js' */
import { offset } from '../../core/tensor.js';
import { t } from '../../i18n.js';
import { h } from '../dom.js';
import { movedCard } from '../moved.js';
import { opening, strip } from '../strips.js';

/** @type {OpView} */
export const cat = {
  card(e) {
    const { dim, sizes } = e.record.hyperparameters;
    const { axis, place, part, start } = partOf(e, dim, sizes);
    const source = e.explanation.terms[0].source;
    const own = source?.index[axis] ?? place;
    const rule = start
      ? t('walk.joined_after', { place, start, own, node: source?.node ?? '' })
      : t('walk.joined_first', { place, node: source?.node ?? '' });
    return movedCard(e, rule, strips(e, axis, place, part, start, sizes));
  },
};

/**
 * Which operand fills the place, and where it begins.
 * @param {Explained} e
 * @param {number} dim   from the end
 * @param {number[]} sizes
 */
function partOf({ record, index }, dim, sizes) {
  const axis = record.shape.length + dim;
  const place = index[axis];
  let part = 0;
  let start = 0;
  while (part < sizes.length - 1 && place >= start + sizes[part]) start += sizes[part++];
  return { axis, place, part, start };
}

/**
 * All places along the axis, each operand's part named, and below the part in question.
 * @param {Explained} e
 * @param {number} axis
 * @param {number} place
 * @param {number} part
 * @param {number} start
 * @param {number[]} sizes
 */
function strips(e, axis, place, part, start, sizes) {
  const { record, output, index } = e;
  const count = record.shape[axis];
  const values = Float32Array.from(
    { length: count },
    (_, i) =>
      output.data[
        offset(
          record.shape,
          index.map((at, d) => (d === axis ? i : at)),
        )
      ],
  );
  const to = (/** @type {number} */ i) => index.map((at, d) => (d === axis ? i : at));
  const names = h(
    'div',
    {
      class: 'part-names',
      'aria-hidden': 'true',
      style: { 'grid-template-columns': sizes.map((size) => `minmax(0, ${size}fr)`).join(' ') },
    },
    sizes.map((size, i) => h('span', { class: i === part ? 'on' : '' }, `${record.inputs[i] ?? ''} · ${size}`)),
  );
  const whole = strip(e, values, 0, [start, sizes[part]], t('walk.joined', { count, parts: sizes.length }), to);
  whole.append(names);
  return [
    whole,
    opening(start / count, sizes[part] / count),
    strip(
      e,
      values.subarray(start, start + sizes[part]),
      start,
      [place - start, 1],
      t('walk.part', { node: record.inputs[part] ?? '', first: start, last: start + sizes[part] - 1 }),
      to,
    ),
  ];
}
