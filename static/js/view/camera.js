/** One picture from the camera: asked for only when wanted, released as soon as the picture is taken or the dialog closes. */
import { t } from '../i18n.js';
import { h } from './dom.js';

/** Why there is no picture, as a key of the problems' texts. @param {unknown} error */
export function reason(error) {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'camera-denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'camera-missing' : 'camera-failed';
}

/** @param {{image: (picture: Blob) => void, problem: (code: string) => void}} hooks */
export function camera({ image, problem }) {
  const video = /** @type {HTMLVideoElement} */ (h('video', { muted: true, playsinline: true, 'aria-label': t('ui.camera') }));
  const live = h(
    'div',
    { class: 'live', hidden: true },
    video,
    h(
      'div',
      { class: 'row-buttons' },
      h('button', { class: 'primary', onclick: () => take() }, t('ui.camera_take')),
      h('button', { class: 'plain', onclick: () => stop() }, t('ui.camera_stop')),
    ),
  );
  const ask = h('button', { class: 'plain camera', onclick: () => start() }, t('ui.camera'));
  /** @type {MediaStream | null} */
  let stream = null;
  let wanted = false; // permission may come after the dialog was closed

  async function start() {
    if (!navigator.mediaDevices) {
      problem('camera-insecure');
      return;
    }
    wanted = true;
    try {
      const coming = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment', width: { ideal: 1280 } },
      });
      if (!wanted) {
        release(coming);
        return;
      }
      stream = coming;
      video.srcObject = stream;
      live.hidden = false;
      ask.hidden = true;
      await video.play();
    } catch (error) {
      stop();
      problem(reason(error));
    }
  }

  function stop() {
    wanted = false;
    if (stream) release(stream);
    stream = video.srcObject = null;
    live.hidden = true;
    ask.hidden = false;
  }

  function take() {
    if (!video.videoWidth) return;
    const frame = document.createElement('canvas');
    frame.width = video.videoWidth;
    frame.height = video.videoHeight;
    frame.getContext('2d')?.drawImage(video, 0, 0);
    stop();
    frame.toBlob((picture) => picture && image(picture), 'image/jpeg', 0.92);
  }

  return { root: h('div', { class: 'camera-box' }, ask, live), stop };
}

/** @param {MediaStream} stream */
export const release = (stream) => stream.getTracks().forEach((track) => track.stop());
