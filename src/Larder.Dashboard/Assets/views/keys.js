import { html, useEffect, useState } from "../html.js";
import { replace } from "../route.js";
import { Card } from "../parts/card.js";
import { Search, SearchField } from "../parts/search.js";
import { KeyTable } from "./keys-table.js";
import { KeyTree } from "./keys-tree.js";

const kinds = {
  prefix: { title: "Prefix", hint: "user:" },
  pattern: { title: "Pattern", hint: "user:*:orders, ? for one character" },
  tag: { title: "Tag", hint: "users" },
};

export const Keys = ({ cache, query }) => {
  const kind = Object.keys(kinds).find(each => query[each]) ?? "prefix";
  const text = query[kind] ?? "";
  const search = (kind, text) => replace("keys", { cache, [kind]: text });
  return html`
    <${SearchBy} kind=${kind} text=${text} onSearch=${search} />
    <div class="beside">
      <${Card} title="By prefix">
        <${KeyTree} cache=${cache} chosen=${kind === "prefix" ? text : null} onChoose=${prefix => search("prefix", prefix)} />
      <//>
      <${Card} title=${titleOf(kind, text)}><${KeyTable} key=${`${kind} ${text}`} cache=${cache} kind=${kind} text=${text} /><//>
    </div>`;
};

const titleOf = (kind, text) => text === "" ? "All keys"
  : kind === "tag" ? html`Keys with the tag <code>${text}</code>`
  : html`Keys ${kind === "prefix" ? "that begin with" : "like"} <code>${text}</code>`;

const SearchBy = ({ kind, text, onSearch }) => {
  const [typed, setTyped] = useState({ kind, text });
  useEffect(() => setTyped({ kind, text }), [kind, text]);

  // A scan for each letter would be waste: it begins when the typing rests.
  useEffect(() => {
    if (typed.kind === kind && typed.text === text) return undefined;
    const timer = setTimeout(() => onSearch(typed.kind, typed.text), 300);
    return () => clearTimeout(timer);
  }, [typed]);

  return html`
    <${Search} onSubmit=${() => onSearch(typed.kind, typed.text)}>
      <label><span class="unseen">Search by</span>
        <select value=${typed.kind} onChange=${event => setTyped({ ...typed, kind: event.target.value })}>
          ${Object.entries(kinds).map(([name, { title }]) => html`<option key=${name} value=${name}>${title}</option>`)}
        </select>
      </label>
      <${SearchField} name=${kinds[typed.kind].title} hint=${kinds[typed.kind].hint}
        value=${typed.text} onInput=${text => setTyped({ ...typed, text })} />
      <button>Search</button>
    <//>`;
};
