/** The stage of a picture network: overview, layer or number, drawn anew at each change; a map travels between the first two. */
/** @import { NodeRecord, ViewState } from './core/types.js' */
/** @import { Data } from './data.js' */
/** @import { Scene } from './view/scene.js' */
import { spread } from './core/tensor.js';
import { indexOf, levelOf } from './core/viewstate.js';
import { t } from './i18n.js';
import { find, say } from './page.js';
import { captionOf } from './view/chrome.js';
import { boundOf } from './view/colors.js';
import { keepFocus } from './view/focus.js';
import { keepInSight } from './view/in-sight.js';
import { layerView } from './view/layer.js';
import { legend, networkLegend } from './view/legend.js';
import { fly } from './view/motion.js';
import { networkView } from './view/network.js';
import { numberView, wide } from './view/number.js';

const REST = 150; // ms that a pointer rests before exact numbers are asked for

/**
 * @param {object} page
 * @param {(node: string, unit: number) => void} page.open   a layer at one of its units
 * @param {() => void} page.input                            the choice of inputs
 * @param {(scale: string) => void} page.scale               the choice of the colours' scale
 * @param {() => Scene | null} page.scene                    what is in view now
 * @param {(data: Data, record: NodeRecord, index: number[] | null) => Promise<void>} page.load   numbers that are to be seen
 * @param {() => void} page.redraw
 */
export function createStage({ open, input, scale: choose, scene: now, load, redraw }) {
  const stage = find('stage');
  const scenes = find('scene');
  const network = networkView({ open, look, input });
  const scale = networkLegend(choose);
  find('words').append(network.readout);
  stage.prepend(network.root);

  /** @type {DOMRect | null} where the unit was, while the layer's numbers are still on their way */
  let departed = null;
  let resting = 0;

  /** @param {import('./core/types.js').Level} level */
  function show(level) {
    stage.dataset.level = level;
    network.root.hidden = network.readout.hidden = level !== 'network';
    scenes.hidden = level === 'network';
  }

  /** @param {Scene} scene @param {DOMRect | null} from */
  function drawNetwork(scene, from) {
    const picture = from && scenes.querySelector('.total-map .heatmap canvas');
    show('network');
    network.draw(scene);
    if (!scale.root.isConnected) find('legend').replaceChildren(scale.root);
    scale.draw(scene, network.pointed);
    if (network.pointed) look(network.pointed);
    const to = from && network.pointed && network.rectOf(network.pointed.name, network.pointed.unit);
    if (picture && to) fly(/** @type {HTMLCanvasElement} */ (picture), from, to, [network.root]);
    const drawn = [scene.data.trace.id, scene.state.scale].join();
    if (stage.dataset.drawn !== drawn) performance.mark('overview-drawn', { detail: scene.data.trace.id });
    stage.dataset.drawn = drawn;
  }

  /** A layer or one of its numbers. @param {Scene} scene @param {ViewState} before @param {NodeRecord} record */
  function drawInside(scene, before, record) {
    const { state, data } = scene;
    const level = levelOf(state);
    show(level);
    const onward = state.step === (before.step ?? -1) + 1; // a step back shows what was there before, without motion
    scenes.className = `scene ${level}${level === 'number' && wide(record.op) ? ' wide' : ''}${onward ? ' onward' : ''}`;
    scenes.setAttribute('aria-label', t(`ui.${level}`));
    keepFocus(scenes, () => scenes.replaceChildren(...(level === 'layer' ? layerView(scene) : numberView(scene))));
    const { low, high } = spread(/** @type {any} */ (data.values(record.name)));
    find('legend').replaceChildren(legend(scene.colours, boundOf(low, high), record.name, low >= 0));
    const result = scenes.querySelector('.num.result');
    if (level === 'number' && result && !result.closest('.later'))
      say(`${captionOf(scene)} ${t('ui.result')} ${result.textContent}`);
    const place = [level, record.name, data.trace.id].join();
    if (keepInSight(scenes, place, state.step !== null && state.step !== before.step))
      performance.mark(level === 'number' ? 'card-open' : 'layer-open');
  }

  /**
   * The exact numbers of what is pointed at, once the pointer rests there.
   * @param {{name: string, unit: number} | null} target
   */
  function look(target) {
    clearTimeout(resting);
    const scene = now();
    const record = target && scene?.data.records.get(target.name);
    if (!scene || levelOf(scene.state) !== 'network') return;
    scale.draw(scene, network.pointed);
    if (record && !scene.data.values(record.name))
      resting = setTimeout(() => scene.data.load(record).then(redraw, () => {}), REST);
  }

  /**
   * Where the unit is just now, before the change is drawn: its map keeps its identity, and travels while the rest fades in.
   * @param {ViewState} before
   * @param {ViewState} after
   * @returns {DOMRect | null}
   */
  function placeOf(before, after) {
    if (levelOf(before) === 'network' && levelOf(after) === 'layer')
      return network.rectOf(/** @type {string} */ (after.node), after.unit);
    if (levelOf(before) === 'layer' && levelOf(after) === 'network')
      return scenes.querySelector('.total-map .heatmap')?.getBoundingClientRect() ?? null;
    return null;
  }

  /** @param {DOMRect | null} from */
  function arrive(from) {
    const map = scenes.querySelector('.total-map .heatmap');
    const picture = map?.querySelector('canvas');
    if (from && map && picture) fly(picture, from, map.getBoundingClientRect(), [...scenes.children]);
  }

  return {
    /** @param {Scene} scene @param {ViewState} before */
    draw(scene, before) {
      const { state, data } = scene;
      const level = levelOf(state);
      const from = levelOf(before) === level ? null : placeOf(before, state);
      if (level === 'network') {
        drawNetwork(scene, from);
        return;
      }
      const record = /** @type {NodeRecord} */ (data.records.get(state.node ?? ''));
      const index = level === 'number' ? indexOf(state, record) : null;
      if (!data.ready(record, index)) {
        departed = from ?? departed;
        load(data, record, index);
        return;
      }
      drawInside(scene, before, record);
      if (level === 'layer') arrive(from ?? departed);
      departed = null;
    },
  };
}
