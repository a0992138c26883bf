/** One pattern: its name, what it is for, and the unrolled columns that light up one after the other. */
/** @import { Column } from '../../core/sequence/patterns.js' */
import { t } from '../../i18n.js';
import { h } from '../dom.js';
import { visible } from './timeline.js';

/** @param {string} pattern @param {any} model @param {any} sample @param {string} language */
export function board(pattern, model, sample, language) {
  const steps = h(
    'div',
    { class: 'pattern-steps', role: 'group', tabindex: 0, 'aria-label': t(`patterns.${pattern}.title`) },
    h('p', { class: 'quiet' }, t('ui.loading')),
  );
  const picture = sample.url ? h('img', { src: sample.url, alt: sample.title, width: 64, height: 64 }) : null;
  const root = h(
    'article',
    { class: 'pattern', 'data-pattern': pattern },
    h('h2', {}, t(`patterns.${pattern}.title`)),
    h('p', {}, t(`patterns.${pattern}.line`)),
    h('div', { class: 'pattern-run' }, picture, steps),
    h('p', {}, h('a', { class: 'go', href: `/${model.family}/${model.id}?lang=${language}` }, `${model.title} →`)),
  );
  /** @type {HTMLElement[]} */
  let columns = [];
  let at = 0;
  const show = () =>
    columns.forEach((column, i) => {
      column.classList.toggle('on', i <= at);
      column.classList.toggle('now', i === at);
    });
  return {
    root,
    /** @param {Column[]} found */
    fill(found) {
      columns = found.map(({ reads, writes, role }) =>
        h(
          'div',
          { class: `pattern-column role-${role}` },
          h('span', { class: `box writes${writes === null ? ' none' : ''}` }, writes === null ? '' : visible(writes)),
          h('span', { class: 'box cell' }),
          h('span', { class: `box reads${reads === null ? ' none' : ''}` }, reads === null ? '' : visible(reads)),
        ),
      );
      steps.replaceChildren(...columns);
      at = columns.length - 1;
      show();
    },
    /** @param {string} message */
    fail(message) {
      steps.replaceChildren(h('p', { class: 'warning' }, message));
    },
    /** A beat of the clock: one column more, a rest at the end, then from the beginning. @param {number} beat */
    show(beat) {
      if (!columns.length) return;
      at = Math.min(beat % (columns.length + 3), columns.length - 1);
      show();
    },
  };
}
