/** Operands as ways back: a number that another node made opens there, by a click, a tap or Enter. */
/** @import { Source } from '../core/types.js' */
/** @import { Explained } from './explained.js' */
import { nextBack, placeName, spelt } from '../core/walk.js';
import { t } from '../i18n.js';
import { h, num } from './dom.js';

/**
 * A printed operand; a button where it has a source.
 * @param {Explained} e
 * @param {Source | null | undefined} source
 * @param {string} text
 * @param {string} role
 * @param {Record<string, any>=} more
 */
export function operand(e, source, text, role, more = {}) {
  if (!source) return num(text, role, more);
  return h(
    'button',
    {
      class: 'num way',
      'data-role': role,
      'data-way': spelt(source),
      'data-keep': `way-${spelt(source)}`,
      title: t('walk.to', { place: placeName(source) }),
      'aria-label': `${text}, ${t('walk.to', { place: placeName(source) })}`,
      onclick: () => go(e, source),
      ...more,
    },
    text,
  );
}

/** The name of a place as a way to it. @param {Explained} e @param {Source} source @param {string=} text */
export const wayTo = (e, source, text = placeName(source)) =>
  h(
    'button',
    {
      class: 'way place-name',
      'data-way': spelt(source),
      'data-keep': `name-${spelt(source)}`,
      title: t('walk.to', { place: placeName(source) }),
      onclick: () => go(e, source),
    },
    text,
  );

/** @param {Explained} e @param {Source} source */
const go = ({ scene }, source) => scene.act.openNumber(source.node, source.index);

/** The operand that Enter takes, on the card's first line; nothing at an input. @param {Explained} e */
export function wayOn(e) {
  const source = nextBack(e.record, e.explanation);
  return (
    source &&
    h(
      'button',
      {
        class: 'way-on plain',
        'data-way-on': spelt(source),
        'data-keep': 'way-on',
        title: t('walk.on'),
        'aria-label': `${t('walk.on')}: ${placeName(source)}`,
        onclick: () => go(e, source),
      },
      h('kbd', { 'aria-hidden': 'true' }, '↵'),
      ' ',
      h('span', { class: 'num' }, placeName(source)),
    )
  );
}
