// The one place that knows which library draws.
import { h, render, Fragment } from "./vendor/preact.js";
import htm from "./vendor/htm.js";

// Text goes into the page as text nodes, whatever it holds: nothing here makes HTML of a string.
export const html = htm.bind(h);
export { render, Fragment };
export { useEffect, useLayoutEffect, useMemo, useRef, useState, useCallback, useId } from "./vendor/preact-hooks.js";
