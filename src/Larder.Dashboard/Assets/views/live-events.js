import { html } from "../html.js";
import { cut, duration, timeWithMs } from "../format.js";
import { nodeName } from "../nodes.js";
import { link } from "../route.js";
import { Badge } from "../parts/badge.js";
import { Table } from "../parts/table.js";
import { kinds } from "./live-kinds.js";

let numbered = 0;

/** The rows with an event more. An invalidation is one row, whose receipts by the nodes come as events of their own. */
export const joined = (rows, event) => {
  const id = event.publisher ? `${event.publisher} ${event.number}` : null;
  const receipt = { node: event.node, lagMs: event.lagMs };
  const at = id ? rows.findIndex(row => row.id === id) : -1;
  if (at < 0) return [{ ...event, id, row: numbered++, receipts: id ? [receipt] : [] }, ...rows];
  return rows.with(at, { ...rows[at], receipts: [...rows[at].receipts, receipt] });
};

export const EventTable = ({ cache, rows }) => html`
  <${Table} isPlain caption="Events, the newest first" columns=${columns(cache)} rows=${rows} keyOf=${row => row.row} />`;

const columns = cache => [
  { name: "Time", of: row => timeWithMs(row.at) },
  { name: "What", of: row => html`<${Kind} row=${row} />` },
  { name: "Key or tag", main: true, of: row => html`<${Subject} cache=${cache} row=${row} />` },
  { name: "Node", of: row => html`<${Node} row=${row} />` },
  { name: "Received", wrap: true, of: row => html`<${Receipts} row=${row} />` },
];

const Kind = ({ row }) => {
  const kind = kinds[row.kind] ?? { text: row.kind };
  const level = row.level && row.level !== "none" ? ` ${row.level.toUpperCase()}` : "";
  return html`
    <${Badge} tone=${kind.tone} icon=${kind.icon} title=${row.fault}>${kind.text}${level}<//>
    ${row.weight > 1 && html` <span class="note" title=${`A sample: it stands for about ${row.weight}`}>×${row.weight}</span>`}`;
};

const Subject = ({ cache, row }) => {
  if (!row.subject) return row.fault ? cut(row.fault, 160) : "–";
  if (row.kind === "tag") return row.subject === "*" ? "every entry" : html`<a href=${link("tags", { cache, tag: row.subject })}>${cut(row.subject, 100)}</a>`;
  return html`<a class="mono" href=${link("key", { cache, key: row.subject })}>${cut(row.subject, 100)}</a>`;
};

const Node = ({ row }) => html`<span title=${row.publisher ?? row.node}>${nodeName(row.publisher ?? row.node)}</span>`;

// Lags go by the clocks of two machines: one that is ahead makes them negative.
const Receipts = ({ row }) => row.receipts.length === 0 ? "" : html`
  <span class="tags">${row.receipts.map(receipt => html`
    <span key=${receipt.node} title=${receipt.node}>${nodeName(receipt.node)}
      <span class="note"> ${receipt.lagMs == null ? "" : duration(receipt.lagMs)}</span></span>`)}</span>`;
