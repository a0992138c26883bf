/** The button from a layer to the number in view, with its key. */
/** @import { Scene } from './scene.js' */
import { t } from '../i18n.js';
import { h } from './dom.js';

/** @param {Scene} scene */
export const enterButton = (scene) =>
  h('button', { class: 'enter', onclick: () => scene.act.enter() }, t('ui.enter_number'), h('kbd', {}, 'Enter'));
