import { html } from "../html.js";
import { bytes, count, percent, rate, short, time } from "../format.js";
import { requestsOf } from "./overview-history.js";

/** What a glance should tell. */
export const Figures = ({ overview, history }) => {
  const minute = history.last(60_000);
  const requests = requestsOf(minute);
  const totals = sum(overview.nodes.map(node => node.totals));
  const saved = totals.l1Hits + totals.l2Hits + totals.staleHits + totals.callsSaved;
  // Nodes count only while somebody looks.
  const since = time(overview.nodes.map(node => node.countedSince).sort()[0]);
  const undelivered = overview.nodes.reduce((n, node) => n + node.undelivered, 0);
  return html`
    <section class="figures" aria-label="Figures">
      <${Figure} name="Hit ratio" value=${requests ? percent((requests - minute.misses) / requests) : "–"}
        note=${requests ? `${percent(minute.l1Hits / requests)} from L1, last minute` : "no requests in the last minute"} />
      <${Figure} name="Requests" value=${perSecond(requests, minute)} unit="/s" note="all nodes, last minute" />
      <${Figure} name="Origin calls" value=${perSecond(minute.factoryCalls, minute)} unit="/s"
        note=${`${count(totals.factoryCalls)} since ${since}`} />
      <${Figure} name="Origin calls saved" value=${short(saved)} note=${`since ${since}, ${count(totals.callsSaved)} by joining`} />
      <${Figure} name="In L1" value=${short(overview.nodes.reduce((n, node) => n + node.entries, 0))} unit="entries"
        note=${`${bytes(overview.nodes.reduce((n, node) => n + node.bytes, 0))} on all nodes`} />
      <${Figure} name="Undelivered" value=${count(undelivered)} tone=${undelivered > 0 ? "bad" : undefined}
        note="invalidations on their way to L2" />
    </section>`;
};

const Figure = ({ name, value, unit, note, tone }) => html`
  <div class="figure" data-tone=${tone}>
    <h2>${name}</h2>
    <p><b>${value}</b>${unit && html` <span>${unit}</span>`}</p>
    <p class="note">${note}</p>
  </div>`;

const perSecond = (n, { lengthMs }) => lengthMs ? rate(n / lengthMs * 1000) : "–";

const sum = totals => totals.reduce((all, each) => {
  for (const [name, value] of Object.entries(each)) all[name] = (all[name] ?? 0) + value;
  return all;
}, { l1Hits: 0, l2Hits: 0, staleHits: 0, misses: 0, factoryCalls: 0, callsSaved: 0 });
