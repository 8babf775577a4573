// Durations that go on while one looks. One timer for all of them, and none while the page is in the background.
import { html, useLayoutEffect, useRef } from "../html.js";
import { seconds } from "../format.js";

const clocks = new Set();
let timer = 0;

const tick = () => {
  if (!document.hidden) clocks.forEach(draw => draw());
};

const follow = draw => {
  clocks.add(draw);
  timer ||= setInterval(tick, 250);
  return () => {
    clocks.delete(draw);
    if (clocks.size === 0) timer = clearInterval(timer) ?? 0;
  };
};

/** `ms` was true at `at` (of performance.now()); `direction` is 1 for an age, -1 for a deadline. */
export const Clock = ({ ms, at, direction = 1 }) => {
  const element = useRef(null);
  // Before the next tick of another clock's timer: one that is gone must not be drawn.
  useLayoutEffect(() => {
    if (ms == null) return undefined;
    const draw = () => {
      const now = ms + direction * (performance.now() - at);
      const text = seconds(Math.max(now, 0));
      if (element.current.textContent !== text) element.current.textContent = text;
    };
    draw();
    return follow(draw);
  }, [ms, at, direction]);
  return ms == null ? html`<span>–</span>` : html`<span class="clock" ref=${element}></span>`;
};
