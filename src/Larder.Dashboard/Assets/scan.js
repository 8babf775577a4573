// A scan goes by bounded steps, and says how far it got. It goes on by itself until it has enough or has taken its time;
// then somebody decides.
import { useCallback, useEffect, useRef, useState } from "./html.js";
import { get } from "./api.js";

const patience = 1500;

/**
 * `{ found, examined, estimatedTotal, source, isOver, isRunning, error, proceed, stop }`. `add(found, answer)` joins a step's
 * answer to what was found before, and `isEnough(found, before)` says whether that will do.
 */
export const useScan = (path, query, { nothing, add, isEnough }) => {
  const [state, setState] = useState({ found: nothing, examined: 0, isRunning: true });
  const running = useRef(null);
  const key = JSON.stringify([path, query]);

  const run = useCallback(async from => {
    running.current?.abort();
    const controller = running.current = new AbortController();
    const until = performance.now() + patience;
    let now = { ...from, error: undefined, isRunning: true };
    setState(now);
    try {
      do {
        now = step(now, await get(path, { ...query, cursor: now.cursor }, controller.signal), add);
        setState(now);
      } while (!now.isOver && !isEnough(now.found, from.found) && performance.now() < until && !controller.signal.aborted);
      setState({ ...now, isRunning: false });
    } catch (error) {
      if (error.name !== "AbortError") setState({ ...now, error, isRunning: false });
    }
  }, [key]);

  useEffect(() => {
    run({ found: nothing, examined: 0 });
    return () => running.current?.abort();
  }, [run]);

  const stop = () => {
    running.current?.abort();
    setState(was => ({ ...was, isRunning: false }));
  };
  return { ...state, proceed: () => run(state), again: () => run({ found: nothing, examined: 0 }), stop };
};

const step = (was, answer, add) => ({
  found: add(was.found, answer),
  examined: was.examined + answer.progress.examined,
  estimatedTotal: answer.progress.estimatedTotal ?? was.estimatedTotal,
  source: answer.progress.source,
  cursor: answer.progress.cursor,
  isOver: answer.progress.cursor == null,
  isRunning: true,
});
