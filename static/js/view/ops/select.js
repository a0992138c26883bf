/** select's card: which step was picked out, its number unchanged. */
/** @import { OpView } from './index.js' */
import { t } from '../../i18n.js';
import { movedStage } from '../moved.js';

/** @type {OpView} */
export const select = {
  alone: () => true,
  card: (e) => movedStage(e, t('walk.picked', { call: e.record.hyperparameters.call })),
};
