// Runs a callback before the next repaint, once however often it is asked. Where repaints are throttled, as in a window
// that is covered, a timer stands in, so that what is shown never stays old for long.

const LONGEST_WAIT_MS = 120;

export function beforeRepaint(callback) {
  let request = 0;
  let timer = 0;
  const run = () => {
    cancelAnimationFrame(request);
    clearTimeout(timer);
    request = 0;
    callback();
  };
  return () => {
    if (request) return;
    request = requestAnimationFrame(run);
    timer = setTimeout(run, LONGEST_WAIT_MS);
  };
}
