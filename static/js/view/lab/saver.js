/** Saves what the lab shows under a name that says what it is. */
/** @import { Lab, LabScene } from '../../core/lab/types.js' */
import { t } from '../../i18n.js';
import { animation, csv, download, painted, png, standalone } from './export.js';

/**
 * @param {{name: () => string, stage: HTMLElement, lab: Lab, scene: () => LabScene, say: (text: string) => void, busy: (text: string) => void, step: (step: number | null) => void, drawn: () => Promise<void>}} page
 * @returns {(kind: string) => Promise<void>}
 */
export function saver({ name, stage, lab, scene, say, busy, step, drawn }) {
  const code = () => lab.code?.(scene()) ?? scene().answer?.code ?? '';

  /** @type {Record<string, () => Promise<void> | void>} */
  const kinds = {
    svg() {
      const svg = /** @type {SVGSVGElement | null} */ (stage.querySelector('svg:not([aria-hidden])')); // not what only explains a canvas
      if (svg) download(standalone(svg), 'image/svg+xml', `${name()}.svg`);
      else say(t('lab.no_svg'));
    },
    async png() {
      download(await png(await painted(stage)), 'image/png', `${name()}.png`);
    },
    async gif() {
      const before = scene().step;
      const count = lab.steps(scene());
      if (!count) {
        say(t('lab.no_steps'));
        return;
      }
      const frames = Math.min(count, 200);
      const bytes = await animation(
        stage,
        frames,
        async (at) => {
          step(at);
          await drawn();
        },
        (done) => busy(t('lab.animating', { done, count: frames })),
      );
      step(before);
      busy('');
      download(bytes, 'image/gif', `${name()}.gif`);
    },
    csv() {
      download(
        csv(lab.numbers?.(scene()) ?? { input: scene().values.x, output: scene().answer?.output }),
        'text/csv',
        `${name()}.csv`,
      );
    },
    py() {
      download(code(), 'text/x-python', `${name()}.py`);
    },
  };
  return async (kind) => {
    try {
      await kinds[kind]();
    } catch (error) {
      busy('');
      say(`${t('lab.not_saved')} ${/** @type {Error} */ (error).message}`);
    }
  };
}
