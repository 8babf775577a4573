import { html, useState } from "../html.js";
import { useGet } from "../api.js";
import { plural } from "../format.js";
import { Badge } from "../parts/badge.js";
import { Card } from "../parts/card.js";
import { Empty, Notice, Problem, Waiting } from "../parts/notice.js";
import { Check, Search, SearchField } from "../parts/search.js";
import { Table } from "../parts/table.js";

export const Configuration = ({ cache }) => {
  const { data, error, reload } = useGet("configuration", { cache });
  const [filter, setFilter] = useState({ text: "", changed: false });
  if (!data) return error ? html`<${Problem} error=${error} retry=${reload} />` : html`<${Waiting} />`;
  const rows = data.settings.filter(row => (row.isChanged || !filter.changed)
    && `${row.section}:${row.name} ${row.value ?? ""}`.toLowerCase().includes(filter.text.toLowerCase()));
  const changed = data.settings.filter(row => row.isChanged).length;
  return html`
    <${Findings} findings=${data.findings} />
    <${Store} data=${data} />
    <${Card} title="Options" note=${`as this node runs with them; ${plural(changed, "differs", "differ")} from the default`}>
      <${Search}>
        <${SearchField} name="Setting or value contains" value=${filter.text} onInput=${text => setFilter({ ...filter, text })} />
        <${Check} isOn=${filter.changed} onChange=${changed => setFilter({ ...filter, changed })}>Only those that were set<//>
      <//>
      <${Table} caption="Options" columns=${columns} rows=${rows} keyOf=${row => `${row.section}:${row.name}`}
        empty=${html`<${Empty}>${filter.text ? "None is called that, or has that value." : "All are as by default."}<//>`} />
    <//>`;
};

const columns = [
  { name: "Setting", main: true, of: row => html`<code><span class="note">${row.section}:</span>${row.name}</code>` },
  {
    name: "Value", wrap: true,
    of: row => html`
      <code>${row.value === "" ? "–" : row.value}</code>${row.isChanged && html` <${Badge} tone="info" icon="fresh">set<//>`}`,
  },
  {
    name: "Default", wrap: true,
    of: row => row.isChanged ? html`<code>${row.default}</code>` : html`<span class="note">as it is</span>`,
  },
];

const Findings = ({ findings }) => findings.length === 0
  ? html`<${Notice} tone="good">The analysis at start found nothing that contradicts itself.<//>`
  : html`<${Notice} tone="warn" title=${`The analysis at start found ${plural(findings.length, "thing")}.`}>
      <ul class="sentences">${findings.map(text => html`<li key=${text}>${text}</li>`)}</ul><//>`;

const Store = ({ data }) => html`
  <${Card} title="Store" note=${data.store ?? "none: this cache lives in memory only"}>
    ${data.store && html`
      <p class="tags">
        ${data.capabilities.map(each => html`<${Badge} key=${each} tone="good" icon="fresh">${each}<//>`)}
        ${data.missing.map(each => html`<${Badge} key=${each} tone="warn" icon="warning">without ${each}<//>`)}
      </p>`}
  <//>`;
