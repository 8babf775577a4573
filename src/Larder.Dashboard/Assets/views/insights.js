import { html, useState } from "../html.js";
import { useGet } from "../api.js";
import { bytes, count, duration, percent, plural, time } from "../format.js";
import { answered } from "../nodes.js";
import { Card } from "../parts/card.js";
import { KeyLink, NodeName } from "../parts/names.js";
import { Empty, Problem, Waiting } from "../parts/notice.js";
import { Table } from "../parts/table.js";

export const Insights = ({ cache }) => {
  const { data, error, reload } = useGet("insights", { cache }, 5000);
  if (!data) return error ? html`<${Problem} error=${error} retry=${reload} />` : html`<${Waiting} />`;
  const key = { name: "Key", main: true, of: row => html`<${KeyLink} cache=${cache} name=${row.key} />` };
  return html`
    <p class="note">
      ${plural(data.requests, "request")} since ${time(data.sampledSince)}, by samples;${" "}
      ${plural(data.examinedEntries, "entry", "entries")} of L1 looked at. ${answered(data.asked)}.${" "}
      Nothing is sampled while nobody looks: give it a minute.
    </p>
    <${Problem} error=${error} retry=${reload} />
    <div class="halves">
      <${Insight} title="Hot keys" rows=${data.hot} columns=${[key, ...hot]}
        what="They are asked for most. One that dominates is worth a longer time in L1." />
      <${Insight} title="Big keys" rows=${data.big} columns=${[key, size]}
        what="They fill L1 and the network." />
      <${Insight} title="Never read again" rows=${data.unread} columns=${[key, ...unread]}
        what=${`Stored in L1, and not read since: ${bytes(data.unreadBytes)} in all. Is it worth caching them?`} />
      <${Insight} title="Hardly outlive their making" rows=${data.shortLived} columns=${[key, ...shortLived]}
        what="Their factory takes longer than the value then lives." />
      <${Insight} title="Expirations in herds" rows=${data.herds} columns=${herds}
        what="Many entries expire within one second, and the origin gets all the calls: jitter spreads them." />
    </div>`;
};

const few = 8;

const Insight = ({ title, what, rows, columns }) => {
  const [isWhole, setWhole] = useState(false);
  return html`
    <${Card} title=${title} note=${what}>
      <${Table} caption=${title} columns=${columns} rows=${isWhole ? rows : rows.slice(0, few)}
        keyOf=${row => `${row.key ?? row.at} ${row.node}`} empty=${html`<${Empty}>None so far.<//>`} />
      ${rows.length > few && html`
        <button type="button" class="plain" aria-expanded=${isWhole} onClick=${() => setWhole(!isWhole)}>
          ${isWhole ? "Fewer" : `All ${rows.length}`}<span class="unseen"> of ${title}</span>
        </button>`}
    <//>`;
};

const size = { name: "Size", number: true, of: row => bytes(row.size) };
const node = { name: "Node", of: row => html`<${NodeName} id=${row.node} />` };
const share = { name: "Share", number: true, of: row => percent(row.share) };

const hot = [
  {
    name: "Requests", number: true,
    of: row => html`<span title=${`At most ${count(row.atMostOver)} fewer`}>about ${count(row.requests)}</span>`,
  },
  { name: "Misses", number: true, of: row => count(row.misses) },
  share,
];

const unread = [node, { name: "Age", number: true, of: row => duration(row.ageMs) }, size];

const shortLived = [
  { name: "Lives", number: true, of: row => duration(row.lifetimeMs) },
  { name: "Factory took", number: true, of: row => duration(row.factoryMs) },
];

const herds = [
  { name: "At", main: true, of: row => time(row.at) },
  node,
  { name: "Entries", number: true, of: row => count(row.entries) },
  share,
];
