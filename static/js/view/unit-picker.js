/** All units of a layer to choose from, as small maps; made once for each run of a layer, for choosing changes none of them. */
/** @import { Colours } from './colors.js' */
/** @import { Tensor } from '../core/types.js' */
/** @import { Explained } from './explained.js' */
import { isVector } from '../core/graph.js';
import { plane } from '../core/tensor.js';
import { t } from '../i18n.js';
import { heatmap } from './heatmap.js';
import { h } from './dom.js';

const IN_SIGHT = 24; // units that a row shows at first

/** @type {WeakMap<Tensor, {colours: Colours, maps: HTMLElement[]}>} */
const known = new WeakMap();

/** @param {Explained} e */
export function unitPicker({ scene, record, output, outputBound }) {
  if (isVector(record)) return [];
  const { colours } = scene;
  const last = known.get(output);
  const maps =
    last?.colours === colours
      ? last.maps
      : Array.from({ length: record.shape[0] }, (_, unit) =>
          heatmap({ plane: plane(output, unit), bound: outputBound, colours, label: '', far: unit >= IN_SIGHT }),
        );
  known.set(output, { colours, maps });
  const buttons = maps.map((map, unit) =>
    h(
      'button',
      {
        class: 'unit',
        'aria-pressed': String(unit === scene.state.unit),
        'aria-label': t('ui.unit_map', { unit }),
        tabindex: unit === scene.state.unit ? 0 : -1,
        onclick: () => scene.act.choose(unit),
      },
      map,
    ),
  );
  return [h('nav', { class: 'units', 'aria-label': t('ui.output_map') }, buttons)];
}
