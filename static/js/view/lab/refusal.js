/** Why a text cannot be the value of a field: the field's name, and what is legal. */
/** @import { Field } from '../../core/lab/types.js' */
import { t } from '../../i18n.js';

const LONGEST = 24; // characters of what was typed that are said again

/**
 * @param {Field} field
 * @param {string} text   what was typed, or what the address says
 * @param {(key: string) => string} say
 */
export function refusal(field, text, say) {
  const said = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return t('lab.refused', { name: say(field.key), text: said, legal: legal(field, say) });
}

/** @param {Field} field @param {(key: string) => string} say */
function legal({ key, kind, least, most, options = [] }, say) {
  if (kind === 'grid') return t('lab.legal_grid');
  if (kind === 'flag') return t('lab.legal_flag');
  if (kind === 'choice')
    return t('lab.legal_choice', { options: options.map((one) => say(`${key}_${one}`)).join(t('lab.or')) });
  const range = least === undefined || most === undefined ? '' : '_range';
  return t(`lab.legal_${kind}${range}`, { least: least ?? '', most: most ?? '' });
}
