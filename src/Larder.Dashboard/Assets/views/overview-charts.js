import { html } from "../html.js";
import { duration, percent, rate } from "../format.js";
import { Chart } from "../parts/chart.js";
import { requestsOf } from "./overview-history.js";

export const Charts = ({ history }) => {
  const intervals = history.intervals;
  const times = intervals.map(each => each.time);
  const part = name => intervals.map(each => requestsOf(each.totals) ? each.totals[name] / requestsOf(each.totals) : null);
  const perSecond = of => intervals.map(each => of(each.totals) / each.lengthMs * 1000);
  const latency = (name, quantile) => intervals.map(each => each[name][quantile] ?? null);
  const quantiles = name => [
    { name: "median", color: "accent", values: latency(name, "p50Ms") },
    { name: "95 %", color: "warn", values: latency(name, "p95Ms"), dash: [6, 3] },
    { name: "99 %", color: "bad", values: latency(name, "p99Ms"), dash: [2, 3] },
  ];
  return html`
    <div class="charts">
      <div class="card">
        <${Chart} title="Answered by" note="share of requests" times=${times} format=${percent} isStacked max=${1} series=${[
          { name: "L1", color: "l1", values: part("l1Hits") },
          { name: "L2", color: "l2", values: part("l2Hits") },
          { name: "stale", color: "stale", values: part("staleHits") },
          { name: "miss", color: "miss", values: part("misses") },
        ]} />
      </div>
      <div class="card">
        <${Chart} title="Requests and origin calls" note="per second" times=${times} format=${rate} series=${[
          { name: "requests", color: "accent", values: perSecond(requestsOf) },
          { name: "origin calls", color: "bad", values: perSecond(totals => totals.factoryCalls), dash: [6, 3] },
        ]} />
      </div>
      <div class="card">
        <${Chart} title="Factories took" note="at most, by percentile" times=${times} format=${duration}
          series=${quantiles("factory")} />
      </div>
      <div class="card">
        <${Chart} title="Operations of L2 took" note="at most, by percentile" times=${times} format=${duration}
          series=${quantiles("storeOperations")} />
      </div>
    </div>`;
};
