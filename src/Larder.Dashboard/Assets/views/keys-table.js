import { html } from "../html.js";
import { bytes, cut, duration } from "../format.js";
import { versionName } from "../nodes.js";
import { link } from "../route.js";
import { useScan } from "../scan.js";
import { State } from "../parts/badge.js";
import { KeyLink } from "../parts/names.js";
import { Empty, Problem } from "../parts/notice.js";
import { Progress } from "../parts/progress.js";
import { Table } from "../parts/table.js";

const page = 100;

export const KeyTable = ({ cache, kind, text }) => {
  const scan = useScan("keys", { cache, [kind]: text, limit: page }, {
    nothing: [],
    add: (rows, { keys }) => merged(rows, keys),
    isEnough: (rows, before) => rows.length >= before.length + page,
  });
  return html`
    ${kind !== "tag" && text && !/[*?]/.test(text) && html`
      <p class="exact"><a href=${link("key", { cache, key: text })}>Explain the key <code>${cut(text, 60)}</code> itself</a></p>`}
    <${Problem} error=${scan.error} retry=${scan.again} />
    <${Table} caption="Keys" columns=${columns(cache)} rows=${scan.found} keyOf=${row => row.key}
      empty=${!scan.isRunning && !scan.error && html`<${Empty}>${scan.isOver ? "There are none." : "None so far."}<//>`} />
    <${Progress} scan=${scan} />`;
};

// A scan may meet a key twice.
const merged = (rows, keys) => {
  const known = new Set(rows.map(row => row.key));
  return [...rows, ...keys.filter(row => !known.has(row.key))];
};

const columns = cache => [
  {
    name: "Key", main: true,
    of: row => html`<${KeyLink} cache=${cache} name=${row.key} length=${120} />`,
  },
  { name: "State", of: row => html`<${State} ...${row} />` },
  {
    name: "L1", minor: true,
    of: row => row.isInL1 ? html`<span title="This node's L1 has it too">✓<span class="unseen"> in this node's L1</span></span>` : "–",
  },
  { name: "Age", number: true, of: row => duration(whole(row.ageMs)) },
  { name: "Expires in", number: true, of: row => left(row.expiresInMs) },
  { name: "Size", number: true, of: row => bytes(row.size) },
  { name: "Tags", wrap: true, of: row => html`<${Tags} tags=${row.tags ?? []} cache=${cache} />` },
  { name: "Version", minor: true, of: row => html`<span class="note" title=${row.version}>${versionName(row.version) ?? "–"}</span>` },
];

const shown = 4;

export const Tags = ({ tags, cache }) => tags.length === 0 ? "–" : html`
  <span class="tags">
    ${tags.slice(0, shown).map(tag => html`<a key=${tag} href=${link("keys", { cache, tag })}>${cut(tag, 40)}</a>`)}
    ${tags.length > shown && html`<span class="note" title=${tags.slice(shown, 50).join(", ")}>and ${tags.length - shown} more</span>`}
  </span>`;

const left = ms => ms == null ? "never" : ms <= 0 ? "over" : duration(whole(ms));

const whole = ms => ms == null ? ms : ms > 1000 ? Math.round(ms / 1000) * 1000 : ms;
