import { html } from "../html.js";
import { bytes, count, duration, percent, time } from "../format.js";
import { distrust, lastHeard } from "../nodes.js";
import { Badge, Trust } from "../parts/badge.js";
import { NodeName } from "../parts/names.js";
import { Table } from "../parts/table.js";
import { requestsOf } from "./overview-history.js";

export const Nodes = ({ overview, missing }) => html`
  <${Table} caption="Nodes of the cache" columns=${columns} keyOf=${node => node.id} rows=${[
    ...overview.nodes,
    ...overview.asked.silent.map(node => ({ ...node, isSilent: true })),
    ...missing.map(node => ({ ...node, isSilent: true, isMissing: true })),
  ]} />`;

const ifHeard = of => node => node.isSilent ? "–" : of(node);

const columns = [
  { name: "Node", main: true, of: node => html`<${NodeName} id=${node.id} isThis=${node.isThis} />` },
  {
    name: "L1", of: node => node.isSilent
      ? html`<${Badge} tone="bad" icon="warning">${node.isMissing ? "gone" : "no answer"}<//> <span class="note">${lastHeard(node)}</span>`
      : html`<${Trust} isTrusted=${node.isTrusted} since=${node.isTrusted ? undefined : distrust(node)} />`,
  },
  {
    name: "L2", of: ifHeard(node => node.store === "none" ? html`<${Badge} icon="none">none<//>`
      : node.store === "up" ? html`<${Badge} tone="good" icon="fresh">up<//>`
      : html`<${Badge} tone="bad" icon="warning" title="It is left alone for the moment">down since ${time(node.storeDownSince)}<//>`),
  },
  { name: "Feed lag", number: true, of: ifHeard(node => duration(node.feedLagMs)) },
  {
    name: "Undelivered", number: true, of: ifHeard(node => node.undelivered === 0 ? "0"
      : html`<${Badge} tone="bad" icon="warning">${count(node.undelivered)}, oldest ${duration(node.oldestUndeliveredMs)}<//>`),
  },
  { name: "Requests", number: true, of: ifHeard(node => count(requestsOf(node.totals))) },
  { name: "Hits", number: true, of: ifHeard(({ totals }) => percent(1 - totals.misses / requestsOf(totals))) },
  { name: "Entries", number: true, of: ifHeard(node => filled(count(node.entries), node.entries, node.maximumEntries)) },
  { name: "Bytes", number: true, of: ifHeard(node => filled(bytes(node.bytes), node.bytes, node.maximumBytes)) },
  { name: "Up since", number: true, of: ifHeard(node => time(node.startedAt)) },
];

const filled = (text, value, maximum) => html`
  ${text}${maximum > 0 && maximum < Number.MAX_SAFE_INTEGER && html`
    <span class="note"> ${percent(value / maximum)}<span class="unseen"> of what L1 may hold</span></span>`}`;
