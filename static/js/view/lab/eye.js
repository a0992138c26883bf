/** The camera, frame by frame: asked for when wanted, released when stopped. */
import { reason, release } from '../camera.js';

/** @param {{frame: (video: HTMLVideoElement) => void, stopped: () => void, problem: (code: string) => void}} hooks */
export function liveCamera({ frame, stopped, problem }) {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true });
  /** @type {MediaStream | null} */
  let stream = null;
  let wanted = false; // the permission may come after one has changed one's mind

  function beat() {
    if (!stream) return;
    if (video.videoWidth) frame(video);
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(beat);
    else setTimeout(beat, 33);
  }

  function stop() {
    const ran = wanted;
    wanted = false;
    if (stream) release(stream);
    stream = video.srcObject = null;
    if (ran) stopped();
  }

  return {
    on: () => wanted,
    stop,
    async start() {
      if (!navigator.mediaDevices) {
        problem('camera-insecure');
        return;
      }
      wanted = true;
      try {
        const coming = await navigator.mediaDevices.getUserMedia({
          video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
        });
        if (!wanted) {
          release(coming);
          return;
        }
        video.srcObject = stream = coming;
        for (const track of coming.getTracks()) track.addEventListener('ended', stop);
        await video.play();
        beat();
      } catch (error) {
        stop();
        problem(reason(error));
      }
    },
  };
}
