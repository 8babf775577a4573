// Requests to the server. Every address is relative to the page's: it works under a path base and behind a proxy.
import { useCallback, useEffect, useRef, useState } from "./html.js";

const root = new URL("api/v1/", document.baseURI);

export class Refused extends Error {
  constructor(status, title, detail) {
    super(detail ?? title);
    this.status = status;
    this.title = title;
  }
}

const address = (path, query) => {
  const url = new URL(path, root);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (Array.isArray(value)) value.forEach(each => url.searchParams.append(name, each));
    else if (value != null && value !== "") url.searchParams.set(name, value);
  }
  return url;
};

const answer = async response => {
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
  const body = isJson && text ? JSON.parse(text) : null;
  if (response.ok) return body;
  throw new Refused(response.status, body?.title ?? `The server answered ${response.status}.`, body?.detail);
};

const ask = async (url, init) => {
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, "The server does not answer.");
  }
  return answer(response);
};

export const get = (path, query, signal) => ask(address(path, query), { signal });

export const post = (path, query, body, signal) => ask(address(path, query), {
  signal,
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

// A key that is too long for a server's request line travels in a body.
const longest = 2000;

const read = (path, query, signal) => {
  const url = address(path, query);
  if (url.href.length <= longest || query?.key == null) return ask(url, { signal });
  const { key, ...others } = query;
  return post(path, others, { key }, signal);
};

/** What a GET answers: `{ data, error, loading, reload }`. Asked anew when path or query change, and every `everyMs` if given. */
export const useGet = (path, query, everyMs) => {
  const [state, setState] = useState({ loading: true });
  const running = useRef(null);
  const key = address(path, query).href;

  const load = useCallback(async isNew => {
    running.current?.abort();
    const controller = running.current = new AbortController();
    // What was shown stays until the answer is there: a reload must not blink.
    setState(was => isNew ? { loading: true } : { ...was, loading: true });
    try {
      setState({ data: await read(path, query, controller.signal), loading: false, receivedAt: performance.now() });
    } catch (error) {
      if (error.name !== "AbortError") setState(was => ({ ...was, error, loading: false }));
    }
  }, [key]);

  useEffect(() => {
    load(true);
    // A page in the background asks nothing.
    const timer = everyMs && setInterval(() => document.hidden || load(false), everyMs);
    return () => {
      clearInterval(timer);
      running.current?.abort();
    };
  }, [load, everyMs]);

  return { ...state, reload: useCallback(() => load(false), [load]) };
};

/** Server-sent events while the view is there and `isOn`; answers whether the stream is open. Closed while nobody looks. */
export const useEvents = (path, query, handlers, isOn = true) => {
  const [isOpen, setOpen] = useState(false);
  const latest = useRef(handlers);
  latest.current = handlers;
  const url = address(path, query).href;
  const names = Object.keys(handlers).join();

  useEffect(() => {
    if (!isOn) return undefined;
    let source = null, retry = 0;
    const open = () => {
      source = new EventSource(url);
      source.onopen = () => setOpen(true);
      source.onerror = () => {
        setOpen(false);
        // The browser tries again by itself, except after an answer that was no stream.
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, 3000);
      };
      for (const name of names.split(",")) {
        source.addEventListener(name, event => latest.current[name](JSON.parse(event.data)));
      }
    };
    const close = () => {
      clearTimeout(retry);
      source?.close();
      source = null;
      setOpen(false);
    };
    const follow = () => {
      if (document.hidden) close();
      else if (!source) open();
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      close();
    };
  }, [url, names, isOn]);

  return isOpen;
};
