import { html } from "../html.js";
import { cut, timeWithMs } from "../format.js";
import { nodeName } from "../nodes.js";
import { link } from "../route.js";
import { Badge } from "../parts/badge.js";
import { Table } from "../parts/table.js";
import { kinds } from "./live-kinds.js";

export const EventTable = ({ cache, events }) => html`
  <${Table} caption="Events, the newest first" columns=${columns(cache)} rows=${events} keyOf=${event => event.number} />`;

const columns = cache => [
  { name: "Time", of: event => timeWithMs(event.at) },
  { name: "What", of: event => html`<${Kind} event=${event} />` },
  { name: "Key or tag", main: true, of: event => html`<${Subject} cache=${cache} event=${event} />` },
  { name: "By", of: event => html`<span title=${event.node}>${nodeName(event.node)}</span>` },
];

const Kind = ({ event }) => {
  const kind = kinds[event.kind] ?? { text: event.kind };
  const level = event.level ? ` ${event.level.toUpperCase()}` : "";
  return html`<${Badge} tone=${kind.tone} icon=${kind.icon} title=${event.fault}>${kind.text}${level}<//>`;
};

const Subject = ({ cache, event }) => {
  if (!event.subject) return event.fault ? cut(event.fault, 160) : "–";
  if (event.kind === "tag") return event.subject === "*" ? "every entry" : html`<a href=${link("tags", { cache, tag: event.subject })}>${cut(event.subject, 100)}</a>`;
  return html`<a class="mono" href=${link("key", { cache, key: event.subject })}>${cut(event.subject, 100)}</a>`;
};
