/** transpose's card: row and column change places, the number stays. */
/** @import { OpView } from './index.js' */
import { t } from '../../i18n.js';
import { movedStage } from '../moved.js';

/** @type {OpView} */
export const transpose = { alone: () => true, card: (e) => movedStage(e, t('walk.swapped'), false) };
