/** A whole grid at once: its size, its numbers as text, filled at random with a seed, or from a picture. */
/** @import { Field, Values } from '../../core/lab/types.js' */
import { asText, MOST, randomGrid, resized, shapeOf } from '../../core/lab/grids.js';
import { t } from '../../i18n.js';
import { h } from '../dom.js';
import { gridOfPicture, gridOfText } from './pasting.js';

/**
 * @param {Field[]} fields
 * @param {{values: () => Values, set: (values: Values) => void, say: (key: string) => string, matters: (field: Field) => boolean}} hooks
 *     matters: whether it is shown now
 */
export function gridDialog(fields, hooks) {
  let field = fields[0];
  let seed = 1;
  const which = /** @type {HTMLSelectElement} */ (
    h(
      'select',
      {
        'aria-label': t('lab.grid'),
        onchange: () => {
          field = fields[Number(which.value)];
          draw();
        },
      },
      fields.map(({ key }, i) => h('option', { value: i }, hooks.say(key))),
    )
  );
  const sides = h('div', { class: 'row-buttons' });
  const message = h('p', { class: 'dialog-message', role: 'status' });
  const text = /** @type {HTMLTextAreaElement} */ (
    h('textarea', { rows: 8, spellcheck: 'false', 'aria-label': t('lab.as_text') })
  );
  const low = number(t('lab.low'), 0);
  const high = number(t('lab.high'), 9);
  const grain = number(t('lab.seed'), 1);
  const file = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'file',
      accept: 'image/*',
      id: 'grid-file',
      class: 'file',
      onchange: () => {
        if (file.files?.[0]) picture(file.files[0]);
        file.value = '';
      },
    })
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      'dialog',
      { class: 'grid-dialog', 'aria-label': t('lab.edit') },
      h(
        'header',
        {},
        h('h2', {}, t('lab.edit').replace('…', '')),
        h('button', { class: 'plain', onclick: () => dialog.close() }, t('ui.close')),
      ),
      message,
      h(
        'div',
        { class: 'grid-columns' },
        h(
          'section',
          {},
          which,
          sides,
          h(
            'div',
            { class: 'row-buttons' },
            low.root,
            high.root,
            grain.root,
            h('button', { class: 'plain', onclick: random }, t('lab.random')),
          ),
          h(
            'div',
            { class: 'row-buttons' },
            h('button', { class: 'plain', onclick: zeros }, t('lab.zeros')),
            h('label', { class: 'upload', for: 'grid-file' }, t('lab.from_picture')),
            file,
          ),
        ),
        h(
          'section',
          {},
          h('p', { class: 'quiet' }, t('lab.as_text')),
          text,
          h('div', { class: 'row-buttons' }, h('button', { class: 'primary', onclick: take }, t('lab.use_text'))),
        ),
      ),
    )
  );
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  const shape = () => shapeOf(hooks.values()[field.key]);
  const set = (/** @type {any} */ grid) => {
    hooks.set({ [field.key]: grid });
    draw();
  };

  function draw() {
    message.textContent = '';
    text.value = asText(hooks.values()[field.key]);
    const names =
      field.axes ??
      [['columns'], ['rows', 'columns'], ['channels', 'rows', 'columns'], ['kernels', 'channels', 'rows', 'columns']][
        (field.rank ?? 2) - 1
      ];
    sides.replaceChildren(
      ...shape().map((side, i) => {
        const made = number(hooks.say(names[i]), side, (count) => {
          const most = i < (field.rank ?? 2) - 2 ? 8 : (field.most ?? MOST);
          set(
            resized(
              hooks.values()[field.key],
              shape().map((old, j) => (j === i ? Math.min(most, Math.max(field.least ?? 1, Math.round(count))) : old)),
            ),
          );
        });
        return made.root;
      }),
    );
  }

  function random() {
    seed = grain.value();
    const least = Math.min(low.value(), high.value());
    set(randomGrid(shape(), seed, least, Math.max(low.value(), high.value())));
    grain.put(seed + 1);
  }
  function zeros() {
    set(resized(undefined, shape()));
  }

  function take() {
    const { grid, problem } = gridOfText(text.value, field, shape());
    message.textContent = problem;
    if (problem) return;
    set(grid);
    dialog.close();
  }

  /** @param {Blob} blob */
  async function picture(blob) {
    const grid = await gridOfPicture(blob, shape());
    if (grid) set(grid);
    else message.textContent = t('lab.no_picture');
  }

  /** Only grids that are on view now can be chosen. */
  function open() {
    fields.forEach((each, i) => {
      which.options[i].hidden = which.options[i].disabled = !hooks.matters(each);
    });
    if (!hooks.matters(field)) field = fields.find(hooks.matters) ?? field;
    which.value = String(fields.indexOf(field));
    draw();
    dialog.showModal();
  }

  return {
    dialog,
    open,
    /** A picture dropped or pasted fills the first grid. @param {Blob} blob */ picture: (/** @type {Blob} */ blob) => {
      if (fields.length) picture(blob);
    },
    button: fields.length ? h('button', { class: 'plain edit-grid', onclick: open }, t('lab.edit')) : null,
  };
}

/** A labelled number. @param {string} label @param {number} start @param {((value: number) => void)=} change */
function number(label, start, change) {
  const input = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'number',
      step: 'any',
      class: 'num',
      value: start,
      onchange: () => {
        if (input.value !== '') change?.(Number(input.value));
      },
    })
  );
  return {
    root: h('label', { class: 'control' }, h('span', {}, label), input),
    value: () => Number(input.value) || 0,
    put: (/** @type {number} */ value) => {
      input.value = String(value);
    },
  };
}
