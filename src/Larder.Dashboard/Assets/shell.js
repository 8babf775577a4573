// What surrounds every view: where one is, which cache, what one may do.
import { html, useEffect, useRef, useState } from "./html.js";
import { recall, remember } from "./settings.js";
import { go, link, parse } from "./route.js";
import { useShortcuts } from "./shortcuts.js";
import { navigation, views } from "./views.js";
import { Badge } from "./parts/badge.js";
import { Dialog } from "./parts/dialog.js";
import { Icon } from "./parts/icon.js";
import { Check } from "./parts/search.js";

export const Shell = ({ view, cache, caches, permissions, children }) => {
  const [isHelp, setHelp] = useState(false);
  const [shortcuts, setShortcuts] = useShortcuts(setHelp);
  const current = views[view]?.parent ?? view;
  return html`
    <a class="skip" href="#main" onClick=${skip}>To the content</a>
    <header class="top">
      <a class="brand" href=${link("overview")}><img src=${logo} width="24" height="24" alt="" />Larder</a>
      <${Caches} cache=${cache} caches=${caches} />
      <div class="tools">
        ${permissions && html`<span class="note wide-only">${[permissions.user, permissions.environment].filter(Boolean).join(", ")}</span>
          <${Permissions} ...${permissions} />`}
        <${Theme} />
        <${Tool} label="Keyboard" onPress=${() => setHelp(true)}><b aria-hidden="true">?</b><//>
      </div>
      <${Navigation} current=${current} />
    </header>
    ${children}
    ${isHelp && html`<${Help} onClose=${() => setHelp(false)} shortcuts=${shortcuts} setShortcuts=${setShortcuts} />`}`;
};

const Tool = ({ label, onPress, children }) => html`
  <button type="button" class="plain square" onClick=${onPress} aria-label=${label} title=${label}>${children}</button>`;

const Navigation = ({ current }) => {
  const element = useRef(null);
  // On a phone not all of it is in sight.
  useEffect(() => element.current.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [current]);
  return html`
    <nav ref=${element} aria-label="Views">
      ${navigation.map(each => html`
        <a key=${each.name} href=${link(each.name)} aria-current=${each.name === current ? "page" : undefined}>${each.title}</a>`)}
    </nav>`;
};

// The icon's address was made by the server, with its hash.
const logo = document.querySelector("link[rel=icon]").href;

// The hash is the route: an ordinary link into the page would leave the view.
const skip = event => {
  event.preventDefault();
  document.getElementById("main").focus();
};

const Caches = ({ cache, caches }) => caches.length < 2
  ? cache && html`<span class="cache" title="The only cache of this app">${nameOf(cache.name)}</span>`
  : html`
    <label class="cache"><span class="unseen">Cache</span>
      <select value=${cache?.name} onChange=${event => choose(event.target.value)}>
        ${caches.map(each => html`<option key=${each.name} value=${each.name}>${nameOf(each.name)}</option>`)}
      </select>
    </label>`;

const nameOf = name => name || "(default)";

// A key of one cache means nothing in another.
const choose = name => {
  const { view } = parse(location.hash);
  go(view === "key" ? "keys" : view, { cache: name });
};

const Permissions = ({ viewValues, invalidate }) => invalidate && viewValues ? null : html`
  <${Badge} icon="lock" title=${reason({ viewValues, invalidate })}>
    ${invalidate ? "values hidden" : viewValues ? "read-only" : html`read-only<span class="wide-only">, values hidden</span>`}
  <//>`;

const reason = ({ viewValues, invalidate }) => [
  !invalidate && "The app does not let you invalidate (Invalidate).",
  !viewValues && "The app does not let you see values (ViewValues).",
].filter(Boolean).join(" ");

const themes = ["auto", "light", "dark"];

const Theme = () => {
  const [theme, setTheme] = useState(() => recall("theme", "auto"));
  const next = themes[(themes.indexOf(theme) + 1) % themes.length];
  const change = () => {
    document.documentElement.dataset.theme = next;
    remember("theme", next);
    setTheme(next);
  };
  const label = `Theme: ${theme === "auto" ? "as the system" : theme}`;
  return html`<${Tool} label=${label} onPress=${change}><${Icon} name=${theme} /><//>`;
};

const Help = ({ onClose, shortcuts, setShortcuts }) => html`
  <${Dialog} title="Keyboard" onClose=${onClose}>
    <dl class="keys">
      ${navigation.map(view => html`
        <div key=${view.name}><dt><kbd>g</kbd> <kbd>${view.letter}</kbd></dt><dd>${view.title}</dd></div>`)}
      <div><dt><kbd>/</kbd></dt><dd>Search</dd></div>
      <div><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>Next and previous row</dd></div>
      <div><dt><kbd>?</kbd></dt><dd>This</dd></div>
    </dl>
    <${Check} isOn=${shortcuts} onChange=${setShortcuts}>Shortcuts of one letter<//>
    <form method="dialog" class="actions"><button>Close</button></form>
  <//>`;
