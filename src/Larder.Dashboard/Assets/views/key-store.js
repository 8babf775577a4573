import { html } from "../html.js";
import { bytes, duration, time } from "../format.js";
import { missText, versionName } from "../nodes.js";
import { Badge, State } from "../parts/badge.js";
import { Card, Facts } from "../parts/card.js";
import { Clock } from "../parts/clock.js";
import { NodeName } from "../parts/names.js";
import { Empty } from "../parts/notice.js";
import { Tags } from "./keys-table.js";

/** The entry in L2. Times are the server's: what counts down begins at the difference of two of them. */
export const StoreEntry = ({ cache, data, receivedAt: at }) => {
  const { store: entry, at: now } = data;
  return html`
    <${Card} title="In L2" aside=${html`<${StoreState} data=${data} />`}>
      ${!entry ? html`<${Empty}>${data.storeMiss === "storeDown" ? "L2 does not answer." : "No entry."}<//>` : html`
        <${Facts} rows=${[
          ["Version", html`<span title=${entry.version}>${versionName(entry.version) ?? "–"}</span>`],
          ["Writer", entry.writer && html`<${NodeName} id=${entry.writer} />`],
          ["Written", entry.writtenAt && html`${time(entry.writtenAt)}, <${Clock} ms=${between(entry.writtenAt, now)} at=${at} /> ago`],
          ["Expires", html`<${Deadline} until=${entry.expiresAt} now=${now} at=${at} />`],
          ["Kept for fail-safe", entry.keptUntil && html`<${Deadline} until=${entry.keptUntil} now=${now} at=${at} />`],
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

export const between = (from, to) => from && to ? Date.parse(to) - Date.parse(from) : null;

/** A moment that comes nearer; `at` (of performance.now()) it was `now`. */
export const Deadline = ({ until, now, at }) => !until ? "never"
  : between(now, until) <= 0 ? "over"
  : html`<span title=${time(until)}>in <${Clock} ms=${between(now, until)} at=${at} direction=${-1} /></span>`;
