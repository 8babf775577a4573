// What is shown is in the hash, `#/keys?pattern=user%3A*`: links, history and bookmarks work, and the server sees none of it.
import { useEffect, useState } from "./html.js";

export const parse = hash => {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return { view: path || "overview", query: Object.fromEntries(new URLSearchParams(query)) };
};

// The cache that is looked at stays the one, whatever the view.
export const link = (view, query = {}) => {
  const { cache } = parse(location.hash).query;
  const given = Object.entries({ cache, ...query }).filter(([, value]) => value != null && value !== "");
  const text = new URLSearchParams(given).toString();
  return `#/${view}${text ? `?${text}` : ""}`;
};

export const go = (view, query) => {
  location.hash = link(view, query);
};

// The same view with another search: not a step to go back to.
export const replace = (view, query) => {
  history.replaceState(null, "", link(view, query));
  dispatchEvent(new HashChangeEvent("hashchange"));
};

export const useRoute = () => {
  const [route, setRoute] = useState(() => parse(location.hash));
  useEffect(() => {
    const read = () => setRoute(parse(location.hash));
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  return route;
};
