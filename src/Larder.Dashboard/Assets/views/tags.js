import { html, useState } from "../html.js";
import { post, useGet } from "../api.js";
import { cut, plural, time } from "../format.js";
import { link, replace } from "../route.js";
import { useScan } from "../scan.js";
import { Action } from "../parts/button.js";
import { Badge } from "../parts/badge.js";
import { Card } from "../parts/card.js";
import { Dialog } from "../parts/dialog.js";
import { NodeName } from "../parts/names.js";
import { Empty, Notice, Problem, Waiting } from "../parts/notice.js";
import { Progress } from "../parts/progress.js";
import { Search, SearchField } from "../parts/search.js";
import { Table } from "../parts/table.js";

const clear = "*";

export const Tags = ({ cache, permissions, query }) => {
  const journal = useGet("tags", { cache }, 2000);
  return html`
    <${SearchTag} key=${query.tag} tag=${query.tag ?? ""} onSearch=${tag => replace("tags", { cache, tag })} />
    ${query.tag && html`
      <${Reach} key=${query.tag} cache=${cache} tag=${query.tag} mayInvalidate=${permissions.invalidate} onDone=${journal.reload} />`}
    <${Card} title="Invalidations" note="that this node made or heard of, the newest first">
      <${Problem} error=${journal.error} retry=${journal.reload} />
      ${!journal.data ? !journal.error && html`<${Waiting} />` : html`
        <${Table} isPlain caption="Tag invalidations" columns=${columns(cache)} rows=${journal.data.invalidations}
          keyOf=${row => `${row.at} ${row.tag} ${row.node}`}
          empty=${html`<${Empty}>No tag was invalidated while this node has been running.<//>`} />`}
    <//>`;
};

const columns = cache => [
  {
    name: "Tag", main: true, of: row => row.tag === clear
      ? html`<${Badge} tone="warn" icon="tag" title="Every entry has it">Clear: every entry<//>`
      : html`<a href=${link("tags", { cache, tag: row.tag })}>${cut(row.tag, 80)}</a>`,
  },
  { name: "Time", of: row => time(row.at) },
  { name: "Entries", of: row => row.isExpiry ? "expired" : "removed" },
  { name: "By", of: row => html`<${NodeName} id=${row.node} />` },
];

const SearchTag = ({ tag, onSearch }) => {
  const [typed, setTyped] = useState(tag);
  return html`
    <${Search} onSubmit=${() => onSearch(typed)}>
      <${SearchField} name="Tag" hint="A tag; * is every entry" icon="tag" value=${typed} onInput=${setTyped} />
      <button>Count its entries</button>
    <//>`;
};

// How much an invalidation would hit, before it is done.
const Reach = ({ cache, tag, mayInvalidate, onDone }) => {
  const scan = useScan("tags/count", { cache, tag }, { nothing: 0, add: (sum, answer) => sum + answer.count, isEnough: () => false });
  const [isAsked, setAsked] = useState(false);
  const [outcome, setOutcome] = useState({});
  const invalidate = async () => {
    setAsked(false);
    try {
      setOutcome({ done: await post("tags/invalidate", { cache }, { tags: [tag] }) });
      scan.again();
    } catch (error) {
      setOutcome({ error });
    }
    onDone();
  };
  const entries = tag === clear
    ? plural(scan.found, "valid entry", "valid entries")
    : plural(scan.found, "entry carries it", "entries carry it");
  const sentence = `${scan.isOver ? "" : "At least "}${entries}.`;
  return html`
    <${Card} title=${tag === clear ? "Every entry" : html`The tag <code>${cut(tag, 80)}</code>`}
      aside=${mayInvalidate && html`
        <button type="button" class="danger" onClick=${() => setAsked(true)}>${tag === clear ? "Clear…" : "Invalidate…"}</button>`}>
      <${Problem} error=${scan.error ?? outcome.error} retry=${scan.error && scan.again} />
      ${outcome.done && html`<${Notice} tone="good" role="status">${outcome.done.sentence}<//>`}
      <p class="reach"><b>${sentence}</b> ${tag !== clear && html`<a href=${link("keys", { cache, tag })}>Show them</a>`}</p>
      <${Progress} scan=${scan} />
      ${isAsked && html`
        <${Dialog} title=${tag === clear ? "Clear the whole cache?" : "Invalidate this tag?"} onClose=${() => setAsked(false)}>
          ${tag !== clear && html`<p><code>${cut(tag, 300)}</code></p>`}
          <p><strong>${sentence}</strong>
            ${!scan.isOver && ` That is what ${plural(scan.examined, "examined key")} showed; there may be more.`}</p>
          <p>Afterwards all nodes call the origin for them. It can't be undone.</p>
          <div class="actions">
            <button type="button" onClick=${() => setAsked(false)}>Cancel</button>
            <${Action} kind="danger" onPress=${invalidate}>${tag === clear ? "Clear" : "Invalidate"}<//>
          </div>
        <//>`}
    <//>`;
};
