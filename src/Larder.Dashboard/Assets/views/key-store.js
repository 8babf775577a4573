import { html } from "../html.js";
import { bytes, duration, time } from "../format.js";
import { missText, nodeName, versionName } from "../nodes.js";
import { Badge, State } from "../parts/badge.js";
import { Card, Facts } from "../parts/card.js";
import { Clock } from "../parts/clock.js";
import { Empty } from "../parts/notice.js";
import { Tags } from "./keys-table.js";

/** The entry in L2. Times are the server's: what counts down begins at the difference of two of them. */
export const StoreEntry = ({ cache, data, receivedAt }) => {
  const entry = data.store;
  return html`
    <${Card} title="In L2" aside=${html`<${StoreState} data=${data} />`}>
      ${!entry ? html`<${Empty}>${data.storeMiss === "storeDown" ? "L2 does not answer." : "No entry."}<//>` : html`
        <${Facts} rows=${[
          ["Version", html`<span title=${entry.version}>${versionName(entry.version) ?? "–"}</span>`],
          ["Writer", entry.writer && html`<span title=${entry.writer}>${nodeName(entry.writer)}</span>`],
          ["Written", entry.writtenAt && html`${time(entry.writtenAt)}, <${Clock} ms=${between(entry.writtenAt, data.at)} at=${receivedAt} /> ago`],
          ["Expires", entry.expiresAt ? html`<${Deadline} until=${entry.expiresAt} now=${data.at} at=${receivedAt} over="over" />` : "never"],
          ["Kept for fail-safe", entry.keptUntil && html`<${Deadline} until=${entry.keptUntil} now=${data.at} at=${receivedAt} over="gone" />`],
          ["Sliding", entry.slidingMs && duration(entry.slidingMs)],
          ["Size", bytes(entry.size)],
          ["Origin's ETag", entry.eTag && html`<code>${entry.eTag}</code>`],
          ["Tags", html`<${Tags} tags=${entry.tags ?? []} cache=${cache} />`],
        ]} />`}
    <//>`;
};

const StoreState = ({ data }) => {
  if (data.storeMiss === "none") return data.store ? html`<${State} state="fresh" />` : null;
  if (data.storeMiss === "tagged") return html`<${State} state="killed" killedBy=${data.killedBy} />`;
  if (data.storeMiss === "expired") return html`<${State} state=${data.store?.keptUntil ? "stale" : "expired"} />`;
  if (data.storeMiss === "notThere") return html`<${Badge} icon="none">not there<//>`;
  return html`<${Badge} tone="bad" icon="warning">${missText(data.storeMiss)}<//>`;
};

export const between = (from, to) => Date.parse(to) - Date.parse(from);

export const Deadline = ({ until, now, at, over }) => html`<span title=${time(until)}>in <${Clock} ms=${between(now, until)} at=${at} direction=${-1} over=${over} /></span>`;
