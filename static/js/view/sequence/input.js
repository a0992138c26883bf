/** What goes in, on the page itself: a text typed in place, numbers pasted, a digit written, or one of the samples. */
/** @import { SequenceScene } from './scene.js' */
import { t } from '../../i18n.js';
import { h } from '../dom.js';
import { drawingPad } from '../pad.js';

const PAUSE = 900;

/**
 * @param {any} page
 * @param {{text: (text: string) => void, values: (text: string) => void, sample: (id: string, language?: string) => void, picture: (blob: Blob, language: string) => void}} use
 */
export function inputBar(page, use) {
  const { model, samples } = page;
  const kind = model.input.kind;
  let timer = 0;
  const send = () => {
    clearTimeout(timer);
    const text = area?.value ?? '';
    if (kind === 'text') use.text(text);
    else use.values(text);
  };
  const area =
    kind === 'image'
      ? null
      : /** @type {HTMLTextAreaElement} */ (
          h('textarea', {
            class: 'own-text',
            rows: 1,
            spellcheck: 'false',
            'aria-label': t(kind === 'text' ? 'seq.type_here' : 'seq.paste_numbers'),
            placeholder: t(kind === 'text' ? 'seq.type_here' : 'seq.paste_numbers'),
            oninput: () => {
              clearTimeout(timer);
              timer = setTimeout(send, PAUSE);
            },
            onkeydown: (/** @type {KeyboardEvent} */ event) => {
              if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
                event.preventDefault();
                send();
                area?.blur();
              }
            },
          })
        );
  let shown = /** @type {{sample?: string, picture?: Blob}} */ ({}); // what a change of the language writes the name of once more
  const language = /** @type {HTMLSelectElement} */ (
    h(
      'select',
      {
        'aria-label': t('seq.name_language'),
        onchange: () => {
          if (shown.sample) use.sample(shown.sample, language.value);
          else if (shown.picture) use.picture(shown.picture, language.value);
        },
      },
      h('option', { value: 'zh' }, '中文'),
      h('option', { value: 'en' }, 'English'),
    )
  );
  const pad =
    kind === 'image'
      ? drawingPad((picture) => {
          if (!picture) return;
          shown = { picture };
          use.picture(picture, language.value);
        })
      : null;
  const chips = h(
    'div',
    { class: 'sample-chips', role: 'group', 'aria-label': t('ui.samples') },
    samples.map((/** @type {any} */ sample) =>
      h(
        'button',
        {
          class: 'plain',
          'data-sample': sample.id,
          onclick: () => use.sample(sample.id, kind === 'image' ? language.value : undefined),
        },
        sample.title,
      ),
    ),
  );
  const prepared = h('div', { class: 'prepared-steps' });
  const more = h('details', { class: 'how-read', hidden: kind !== 'text' }, h('summary', {}, t('seq.how_read')), prepared);
  const root = h(
    'div',
    { class: `sequence-input ${kind}` },
    area
      ? h('label', { class: 'own-line' }, area, h('button', { class: 'primary', onclick: send }, t('seq.run')))
      : h('div', { class: 'pad-line' }, pad, language),
    chips,
    more,
  );
  return {
    root,
    wait: () => {
      area?.focus();
    },
    /** @param {SequenceScene} scene */
    draw({ data }) {
      const { input } = data.trace;
      const text =
        input.text ??
        (input.values ? (Array.isArray(input.values[0]) ? JSON.stringify(input.values) : input.values.join(', ')) : '');
      if (area && document.activeElement !== area && area.value !== text) {
        area.value = text;
        area.setAttribute('rows', String(Math.min(3, text.split('\n').length)));
      }
      for (const chip of chips.children)
        chip.setAttribute('aria-pressed', String(chip.getAttribute('data-sample') === input.sample));
      if (root.dataset.trace !== data.trace.id) prepared.replaceChildren(...steps(input));
      root.dataset.trace = data.trace.id;
      if (input.sample) shown = { sample: input.sample };
      if (data.trace.output) language.value = languageOf(data.trace.output.tokens);
    },
  };
}

/** In which language a name was written: only Chinese ones have Han characters. @param {string[]} tokens */
const languageOf = (tokens) => (/[\u4e00-\u9fff]/.test(tokens.join('')) ? 'zh' : 'en');

/** Code points, normalisation, tokens, ids. @param {any} input @returns {HTMLElement[]} */
function steps(input) {
  const known = Object.fromEntries((input.steps ?? []).map((/** @type {any} */ { name, detail }) => [name, detail]));
  const points = known['code points'];
  const normal = known.normalised;
  const tokens = input.tokens ?? [];
  if (!points) return [];
  return [
    h(
      'section',
      {},
      h('h3', {}, t('seq.code_points', { count: points.count, bytes: points.bytes })),
      h(
        'ol',
        { class: 'points' },
        points.points
          .slice(0, 60)
          .map((/** @type {any} */ { character, code, name }) =>
            h(
              'li',
              { title: name },
              h('strong', {}, character === ' ' ? '␣' : character === '\n' ? '↵' : character),
              h('span', { class: 'num' }, code),
            ),
          ),
      ),
    ),
    h(
      'section',
      {},
      h('h3', {}, t(normal?.changed ? 'seq.normalised_changed' : 'seq.normalised_same')),
      normal?.changed ? h('p', { class: 'read-text' }, normal.text) : null,
    ),
    h(
      'section',
      {},
      h('h3', {}, t('seq.token_ids', { count: tokens.length, unknown: known.tokens?.unknown ?? 0 })),
      h(
        'ol',
        { class: 'points' },
        tokens
          .slice(0, 60)
          .map((/** @type {any} */ { text, id, known: one }) =>
            h(
              'li',
              { class: one ? '' : 'unknown' },
              h('strong', {}, text === ' ' ? '␣' : text === '\n' ? '↵' : text),
              h('span', { class: 'num' }, String(id)),
            ),
          ),
      ),
    ),
  ];
}
