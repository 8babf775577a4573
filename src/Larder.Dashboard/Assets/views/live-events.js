import { html } from "../html.js";
import { cut, duration, timeWithMs } from "../format.js";
import { link } from "../route.js";
import { Badge } from "../parts/badge.js";
import { KeyLink, NodeName } from "../parts/names.js";
import { Table } from "../parts/table.js";
import { kinds } from "./live-kinds.js";

/**
 * The rows with what has arrived, the newest first. An invalidation is one row: its receipts by the nodes are events of their
 * own. A stream that is opened again begins with what the nodes remember, of which some is here already.
 */
export const joined = (rows, arrived, kept) => {
  const byId = new Map(rows.map(row => [row.id, row]));
  for (const event of arrived) {
    const id = event.publisher ? `${event.publisher} ${event.number}` : `${event.at} ${event.node} ${event.kind} ${event.subject}`;
    const row = byId.get(id) ?? { ...event, id, time: Date.parse(event.at), receipts: [] };
    const isKnown = !event.publisher || row.receipts.some(receipt => receipt.node === event.node);
    byId.set(id, isKnown ? row : { ...row, receipts: [...row.receipts, { node: event.node, lagMs: event.lagMs }] });
  }
  return [...byId.values()].sort((a, b) => b.time - a.time).slice(0, kept);
};

export const EventTable = ({ cache, rows }) => html`
  <${Table} isPlain caption="Events, the newest first" columns=${columns(cache)} rows=${rows} keyOf=${row => row.id} />`;

const columns = cache => [
  { name: "Time", of: row => timeWithMs(row.at) },
  { name: "What", of: row => html`<${Kind} row=${row} />` },
  { name: "Key or tag", main: true, of: row => html`<${Subject} cache=${cache} row=${row} />` },
  { name: "Node", of: row => html`<${NodeName} id=${row.publisher ?? row.node} />` },
  { name: "Received", wrap: true, of: row => html`<${Receipts} row=${row} />` },
];

const Kind = ({ row }) => {
  const kind = kinds[row.kind] ?? { text: row.kind };
  const level = row.level && row.level !== "none" ? ` ${row.level.toUpperCase()}` : "";
  return html`
    <${Badge} tone=${kind.tone} icon=${kind.icon} title=${row.fault}>${kind.text}${level}<//>
    ${row.weight > 1 && html` <span class="note" title=${`A sample: it stands for about ${row.weight}`}>×${row.weight}</span>`}`;
};

const Subject = ({ cache, row: { kind, subject, fault } }) => {
  if (!subject) return fault ? cut(fault, 160) : "–";
  if (kind !== "tag" && kind !== "expireTag") return html`<${KeyLink} cache=${cache} name=${subject} />`;
  return subject === "*" ? "every entry" : html`<a href=${link("tags", { cache, tag: subject })}>${cut(subject, 100)}</a>`;
};

// Lags go by the clocks of two machines: one that is ahead makes them negative.
const Receipts = ({ row }) => row.receipts.length === 0 ? "" : html`
  <span class="tags" title="By how much later than it was made, by the clocks of two nodes">
    ${row.receipts.map(receipt => html`
      <span key=${receipt.node}>
        <${NodeName} id=${receipt.node} /> <span class="note">${receipt.lagMs == null ? "" : duration(receipt.lagMs)}</span>
      </span>`)}
  </span>`;
