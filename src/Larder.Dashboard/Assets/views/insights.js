import { html, useState } from "../html.js";
import { useGet } from "../api.js";
import { bytes, count, cut, duration, percent, plural, time } from "../format.js";
import { answered, nodeName } from "../nodes.js";
import { link } from "../route.js";
import { Card } from "../parts/card.js";
import { Empty, Problem, Waiting } from "../parts/notice.js";
import { Table } from "../parts/table.js";

export const Insights = ({ cache }) => {
  const { data, error, reload } = useGet("insights", { cache }, 5000);
  if (!data) return error ? html`<${Problem} error=${error} retry=${reload} />` : html`<${Waiting} />`;
  const key = { name: "Key", main: true, of: row => html`<a class="mono" href=${link("key", { cache, key: row.key })}>${cut(row.key, 100)}</a>` };
  return html`
    <p class="note">${plural(data.requests, "request")} since ${time(data.sampledSince)}, by samples; ${plural(data.examinedEntries, "entry", "entries")} of L1 looked at.${" "}
      ${answered(data.asked)}. Nothing is sampled while nobody looks: give it a minute.</p>
    <${Problem} error=${error} retry=${reload} />
    <div class="halves">
      <${Insight} title="Hot keys" what="They are asked for most. One that dominates is worth a longer time in L1." rows=${data.hot} columns=${[
        key,
        { name: "Requests", number: true, of: row => html`<span title=${`At most ${count(row.atMostOver)} fewer`}>about ${count(row.requests)}</span>` },
        { name: "Misses", number: true, of: row => count(row.misses) },
        { name: "Share", number: true, of: row => percent(row.share) },
      ]} />
      <${Insight} title="Big keys" what="They fill L1 and the network." rows=${data.big} columns=${[key, { name: "Size", number: true, of: row => bytes(row.size) }]} />
      <${Insight} title="Never read again" what=${`Stored in L1, and not read since: ${bytes(data.unreadBytes)} in all. Is it worth caching them?`} rows=${data.unread} columns=${[
        key,
        { name: "Node", of: row => nodeName(row.node) },
        { name: "Age", number: true, of: row => duration(row.ageMs) },
        { name: "Size", number: true, of: row => bytes(row.size) },
      ]} />
      <${Insight} title="Hardly outlive their making" what="Their time to live is close to what the factory takes, or shorter." rows=${data.shortLived} columns=${[
        key,
        { name: "Lives", number: true, of: row => duration(row.lifetimeMs) },
        { name: "Factory took", number: true, of: row => duration(row.factoryMs) },
      ]} />
      <${Insight} title="Expirations in herds" what="Many entries expire within one second, and the origin gets all the calls: jitter spreads them." rows=${data.herds} columns=${[
        { name: "At", main: true, of: row => time(row.at) },
        { name: "Node", of: row => nodeName(row.node) },
        { name: "Entries", number: true, of: row => count(row.entries) },
        { name: "Share", number: true, of: row => percent(row.share) },
      ]} />
    </div>`;
};

const few = 8;

const Insight = ({ title, what, rows, columns }) => {
  const [isWhole, setWhole] = useState(false);
  return html`
    <${Card} title=${title} note=${what}>
      <${Table} caption=${title} columns=${columns} rows=${isWhole ? rows : rows.slice(0, few)} keyOf=${row => `${row.key ?? row.at} ${row.node}`}
        empty=${html`<${Empty}>None so far.<//>`} />
      ${rows.length > few && html`
        <button type="button" class="plain" aria-expanded=${isWhole} onClick=${() => setWhole(!isWhole)}>
          ${isWhole ? "Fewer" : `All ${rows.length}`}<span class="unseen"> of ${title}</span>
        </button>`}
    <//>`;
};
