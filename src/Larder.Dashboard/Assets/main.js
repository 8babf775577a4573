import { html, render, useEffect, useRef } from "./html.js";
import { useGet } from "./api.js";
import { parse, useRoute } from "./route.js";
import { Problem, Waiting } from "./parts/notice.js";
import { Shell } from "./shell.js";
import { views } from "./views.js";

const App = () => {
  const route = useRoute();
  const caches = useGet("caches");
  const permissions = useGet("permissions");
  const main = useRef(null);
  const view = views[route.view] ?? views.overview;
  const cache = caches.data && chosen(caches.data.caches, route.query.cache);

  useEffect(() => {
    document.title = `${view.title}${route.query.key ? ` ${route.query.key.slice(0, 60)}` : ""} · Larder`;
  }, [view, route.query.key]);

  // After a step to another view, a reader begins at its top; not at the first load, where the page itself is announced.
  const seen = useRef(view);
  useEffect(() => {
    if (seen.current !== view) main.current?.focus();
    seen.current = view;
  }, [view]);

  const error = caches.error ?? permissions.error;
  const retry = () => {
    caches.reload();
    permissions.reload();
  };
  return html`
    <${Shell} view=${route.view} cache=${cache} caches=${caches.data?.caches ?? []} permissions=${permissions.data}>
      <main ref=${main} tabindex="-1" id="main" data-view=${view.name}>
        <h1>${view.title}</h1>
        ${error ? html`<${Problem} error=${error} retry=${retry} />`
          : !cache || !permissions.data ? html`<${Waiting} />`
          : html`
            <${view.show} key=${`${view.name} ${cache.name}`} cache=${cache.name} permissions=${permissions.data} query=${route.query} />`}
      </main>
    <//>`;
};

const chosen = (caches, name) => caches.find(each => each.name === name) ?? caches[0];

// Old addresses without a hash begin at the overview.
if (!views[parse(location.hash).view]) location.hash = "#/overview";
render(html`<${App} />`, document.getElementById("app"));
