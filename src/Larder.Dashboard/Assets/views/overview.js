import { html, useState } from "../html.js";
import { useEvents, useGet } from "../api.js";
import { answered, distrust, lastHeard, nodeName } from "../nodes.js";
import { plural } from "../format.js";
import { Notice, Problem, Waiting } from "../parts/notice.js";
import { Card } from "../parts/card.js";
import { Charts } from "./overview-charts.js";
import { Figures } from "./overview-figures.js";
import { Nodes } from "./overview-nodes.js";
import { remembered } from "./overview-history.js";

export const Overview = ({ cache }) => {
  const first = useGet("overview", { cache });
  const [history] = useState(() => remembered(cache));
  const [latest, setLatest] = useState(null);
  const isLive = useEvents("overview/live", { cache }, {
    overview: overview => {
      if (overview.interval) history.add(overview.interval);
      setLatest(overview);
    },
  });

  const overview = latest ?? first.data;
  if (!overview) return first.error ? html`<${Problem} error=${first.error} retry=${first.reload} />` : html`<${Waiting} />`;
  const missing = history.missing(overview);
  return html`
    <${Summary} overview=${overview} missing=${missing} isLive=${isLive || !latest} />
    <${Figures} overview=${overview} history=${history} />
    <${Charts} history=${history} />
    <${Card} title="Nodes" note=${answered(overview.asked)}><${Nodes} overview=${overview} missing=${missing} /><//>`;
};

// The worst first; one sentence each.
const troubles = (overview, missing) => [
  ...overview.asked.silent.map(node => `${nodeName(node.id)} does not answer.`),
  ...missing.map(node => `${nodeName(node.id)} is gone: ${lastHeard(node)}.`),
  ...overview.nodes.filter(node => node.store === "down").map(node => `L2 does not answer ${node.name}.`),
  ...overview.nodes.filter(node => !node.isTrusted).map(distrust),
  ...overview.nodes.filter(node => node.undelivered > 0).map(undelivered),
];

const undelivered = ({ name, undelivered: n }) => `${plural(n, "invalidation")} of ${name} ${n === 1 ? "has" : "have"} not reached L2 yet.`;

const Summary = ({ overview, missing, isLive }) => {
  const sentences = troubles(overview, missing);
  return html`
    ${!isLive && html`
      <${Notice} tone="warn" role="status" title="Not live.">The stream broke off; it is tried again. What you see may be old.<//>`}
    ${sentences.length === 0
      ? html`<${Notice} tone="good" role="status">${all(overview.nodes)}<//>`
      : html`
        <${Notice} tone="bad" role="status">
          <ul class="sentences">${sentences.map(text => html`<li key=${text}>${text}</li>`)}</ul>
        <//>`}`;
};

const all = nodes => nodes.length === 1
  ? "The only node trusts its L1, and nothing waits for delivery."
  : `All ${nodes.length} nodes answer and trust their L1, and nothing waits for delivery.`;
