/** The tour's card beside what it speaks about, with a ring around it; it takes no focus. */
/** @import { Stop } from '../core/tour.js' */
import { t } from '../i18n.js';
import { h } from './dom.js';

const SPACE = 14;

/** @param {Stop[]} stops @param {{go: (stop: number) => void, end: () => void}} hooks */
export function tourCard(stops, { go, end }) {
  const ring = h('div', { class: 'tour-ring', 'aria-hidden': 'true', hidden: true });
  const card = h('section', { class: 'tour-card', 'aria-label': t('tour.name'), hidden: true });
  let said = '';
  let seen = '';

  /** @param {number} at */
  const words = (at) => [
    h('p', { class: 'quiet num' }, `${at + 1} / ${stops.length}`),
    h('h2', {}, t(`tour.${stops[at].text}.title`)),
    h('p', {}, t(`tour.${stops[at].text}.text`)),
    h(
      'div',
      { class: 'row-buttons' },
      at > 0 ? h('button', { class: 'plain', onclick: () => go(at - 1) }, t('tour.back')) : null,
      h(
        'button',
        { class: 'primary', onclick: () => (at + 1 < stops.length ? go(at + 1) : end()) },
        t(at + 1 < stops.length ? 'tour.next' : 'tour.done'),
      ),
      at + 1 < stops.length ? h('button', { class: 'plain', onclick: end }, t('tour.skip')) : null,
    ),
  ];
  const invitation = () => [
    h('p', {}, t('tour.invitation', { count: stops.length })),
    h(
      'div',
      { class: 'row-buttons' },
      h('button', { class: 'primary', onclick: () => go(0) }, t('tour.start')),
      h('button', { class: 'plain', onclick: end }, t('tour.no')),
    ),
  ];

  return {
    parts: [ring, card],
    /** @param {number | 'invite' | null} at */
    draw(at) {
      card.hidden = at === null;
      ring.hidden = true;
      if (at === null) return;
      card.setAttribute('aria-live', at === 'invite' ? 'off' : 'polite');
      if (said !== String(at))
        card.replaceChildren(...(at === 'invite' ? invitation() : words(at)).filter((part) => part !== null));
      said = String(at);
      const shown = at === 'invite' ? null : visible(stops[at].show);
      if (shown && seen !== `${at}`) {
        shown.scrollIntoView({ block: 'nearest' });
        seen = `${at}`;
      }
      place(card, ring, shown?.getBoundingClientRect() ?? null);
    },
  };
}

/** The first of the selectors that has something on view. @param {string} selectors */
const visible = (selectors) =>
  /** @type {HTMLElement | undefined} */ (
    selectors
      .split(', ')
      .filter(Boolean)
      .map((selector) => [...document.querySelectorAll(selector)].find((one) => one.getClientRects().length))
      .find((one) => one)
  );

/**
 * Beside, below or above what is shown, where there is room; else in the corner.
 * @param {HTMLElement} card
 * @param {HTMLElement} ring
 * @param {DOMRect | null} box
 */
function place(card, ring, box) {
  const wide = card.offsetWidth;
  const high = card.offsetHeight;
  const right = innerWidth - SPACE;
  const bottom = innerHeight - SPACE;
  let x = (innerWidth - wide) / 2;
  let y = innerHeight - high - 90;
  if (box) {
    ring.hidden = false;
    ring.style.cssText = `left:${box.left - 6}px;top:${box.top - 6}px;width:${box.width + 12}px;height:${box.height + 12}px`;
    const down = Math.min(Math.max(SPACE, box.top), bottom - high);
    const across = Math.min(Math.max(SPACE, box.left), right - wide);
    const narrow = innerWidth < 640;
    const fits = narrow
      ? { x: (innerWidth - wide) / 2, y: box.top > innerHeight / 2 ? box.top - SPACE - high : bottom - high }
      : [
          { ok: box.right + SPACE + wide <= right, x: box.right + SPACE, y: down },
          { ok: box.left - SPACE - wide >= SPACE, x: box.left - SPACE - wide, y: down },
          { ok: box.top - SPACE - high >= SPACE, x: across, y: box.top - SPACE - high },
          { ok: box.bottom + SPACE + high <= bottom, x: across, y: box.bottom + SPACE },
        ].find(({ ok }) => ok);
    ({ x, y } = fits ?? { x: right - wide, y: bottom - high });
  }
  card.style.left = `${Math.round(Math.max(SPACE, x))}px`;
  card.style.top = `${Math.round(Math.max(SPACE, y))}px`;
}
