/** A unit of the overview enlarged: its map, its name and the range of its values. */
/** @import { NodeRecord } from '../core/types.js' */
/** @import { Box, Layout } from '../core/layout.js' */
/** @import { Scene } from './scene.js' */
import { significant } from '../core/numbers.js';
import { isVector } from '../core/graph.js';
import { plane, range } from '../core/tensor.js';
import { opText, t } from '../i18n.js';
import { boundFor } from './thumbs.js';
import { heatmap } from './heatmap.js';
import { h } from './dom.js';

/** @typedef {{name: string, unit: number}} Target */

/** The name of a unit. @param {Scene} scene @param {NodeRecord} record @param {number} unit */
export function unitName({ model }, record, unit) {
  if (record.op === 'input') return record.shape[0] === 3 ? ['R', 'G', 'B'][unit] : t('ui.input');
  if (!isVector(record)) return t('ui.unit_map', { unit });
  return record.shape[0] === model.classes.length ? model.classes[unit].title : t('ui.unit_vector', { unit });
}

/**
 * Its range, or its value; roundly until the exact numbers have come.
 * @param {Scene} scene
 * @param {NodeRecord} record
 * @param {number} unit
 */
export function rangeText({ data }, record, unit) {
  const exact = data.values(record.name);
  const shown = exact ?? data.pictures.get(record.name);
  if (!shown || (!exact && isVector(record))) return '';
  if (isVector(record)) return significant(shown.data[unit]);
  const [low, high] = range(plane(shown, unit).data);
  return `${exact ? '' : '≈ '}${t('ui.range', { low: significant(low, exact ? 3 : 2), high: significant(high, exact ? 3 : 2) })}`;
}

/**
 * @param {HTMLElement} lens
 * @param {Scene} scene
 * @param {Target | null} target
 * @param {Layout} placed
 * @param {Box | null} box
 * @param {HTMLElement} view   what scrolls
 */
export function drawLens(lens, scene, target, placed, box, view) {
  lens.hidden = !target || !box || placed.rows;
  if (!target || !box || placed.rows) return;
  const record = /** @type {NodeRecord} */ (scene.data.records.get(target.name));
  const picture = scene.data.values(target.name) ?? scene.data.pictures.get(target.name);
  const map =
    picture && !isVector(record)
      ? heatmap({
          plane: plane(picture, Math.min(target.unit, picture.shape[0] - 1)),
          bound: boundFor(scene.data, scene.state.scale, target.name, target.unit),
          colours: scene.colours,
          label: '',
        })
      : null;
  lens.replaceChildren(
    ...[
      map,
      h('strong', {}, unitName(scene, record, target.unit)),
      h('span', { class: 'quiet' }, `${opText(record.op, 'short')} · ${record.name}`),
      h('span', { class: 'num' }, rangeText(scene, record, target.unit)),
    ].filter((part) => part !== null),
  );
  lens.classList.toggle('words', !map);
  lens.style.setProperty('--room', `${placed.height}px`);
  const left = view.scrollLeft;
  const right = left + view.clientWidth - 40;
  const across =
    box.x + box.width + 14 + lens.offsetWidth <= right ? box.x + box.width + 14 : Math.max(left, box.x - 14 - lens.offsetWidth);
  const down = Math.min(
    Math.max(0, box.y + box.height / 2 - lens.offsetHeight / 2),
    Math.max(0, placed.height - lens.offsetHeight),
  );
  lens.style.transform = `translate(${Math.round(across)}px, ${Math.round(down)}px)`;
}
