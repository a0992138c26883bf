/** Runs before a page's own scripts and notes when something last changed on it, so that "drawn" needs no help from the page. */
(() => {
  const QUIET = 300;   // ms without any change: then the last one was the end
  const now = () => performance.now();
  const pending = new Set();
  let times = null, ticks = 0;

  const watch = window.watch = {
    last: 0, asked: 0,
    isSettled: () => document.readyState === 'complete' && !pending.size && !running().length && answered() && now() - watch.last > QUIET,
    live: () => pending.size + timers.size,
    overviewIsThere: () => {
      const canvas = document.querySelector('canvas.thumbs');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size > 50 && document.querySelectorAll('.head').length > 5;
    },
    recordFrames() { times = []; },
    frames() { const seen = times; times = null; return seen.slice(1).map((time, i) => time - seen[i]); },
  };

  const answered = () => watch.last > watch.asked || now() - watch.asked > 5 * QUIET;   // some requests change nothing
  const running = () => document.getAnimations().filter((motion) => motion.playState === 'running' && motion.effect.getComputedTiming().endTime < Infinity);

  /** A change is on screen when the frame after it has begun. */
  const changed = () => { if (pending.size < 2) frame(() => { watch.last = now(); }); };
  const frame = (then) => { const id = ++ticks; pending.add(id); ownFrame(() => ownFrame(() => { pending.delete(id); then(); })); };
  const ownFrame = window.requestAnimationFrame.bind(window);

  new MutationObserver(changed).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  for (const way of ['drawImage', 'putImageData', 'fillRect', 'clearRect']) {
    const draw = CanvasRenderingContext2D.prototype[way];
    CanvasRenderingContext2D.prototype[way] = function (...given) { changed(); return draw.apply(this, given); };
  }
  document.addEventListener('transitionend', changed, true);
  document.addEventListener('animationend', changed, true);
  document.addEventListener('load', changed, true);   // pictures, style sheets
  for (const kind of ['keydown', 'click', 'change', 'drop', 'pointerdown']) {
    addEventListener(kind, (event) => { watch.asked = event.timeStamp; }, true);
  }

  // The page's own timers and frames that have not run yet.
  const timers = new Set();
  const counted = (name, cancel, once) => {
    const set = window[name].bind(window), clear = window[cancel].bind(window);
    window[name] = (task, ...more) => {
      const id = set((...given) => { if (once) timers.delete(`${name}${id}`); return task(...given); }, ...more);
      timers.add(`${name}${id}`);
      return id;
    };
    window[cancel] = (id) => { timers.delete(`${name}${id}`); clear(id); };
  };
  counted('setTimeout', 'clearTimeout', true);
  counted('setInterval', 'clearInterval', false);
  counted('requestAnimationFrame', 'cancelAnimationFrame', true);

  const beat = (time) => { times?.push(time); ownFrame(beat); };
  ownFrame(beat);
})();
