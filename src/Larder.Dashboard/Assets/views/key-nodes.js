import { html } from "../html.js";
import { bytes, time } from "../format.js";
import { distrust, lastHeard, missText, versionName } from "../nodes.js";
import { Badge, Trust } from "../parts/badge.js";
import { Clock } from "../parts/clock.js";
import { NodeName } from "../parts/names.js";
import { Table } from "../parts/table.js";
import { Deadline, between } from "./key-store.js";

export const KeyNodes = ({ data, receivedAt }) => html`
  <${Table} caption="What each node has of the key" columns=${columns(data, receivedAt)} keyOf=${node => node.nodeId}
    rows=${[...data.nodes, ...data.asked.silent.map(node => ({ nodeId: node.id, lastHeardAt: node.lastHeardAt, isSilent: true }))]} />`;

const columns = (data, at) => {
  const ofCopy = of => node => node.local ? of(node.local, node) : "–";
  return [
    { name: "Node", main: true, of: node => html`<${NodeName} id=${node.nodeId} isThis=${node.isThis} />` },
    { name: "A read here", of: node => html`<${Read} node=${node} />` },
    { name: "Its copy", of: node => html`<${CopyOf} node=${node} store=${data.store} />` },
    { name: "Age", number: true, of: ofCopy(copy => html`<${Clock} ms=${between(copy.writtenAt, data.at)} at=${at} />`) },
    { name: "Expires", number: true, of: ofCopy(copy => html`<${Deadline} until=${copy.expiresAt} now=${data.at} at=${at} />`) },
    { name: "Size", number: true, of: ofCopy(copy => bytes(copy.size)) },
    {
      name: "L1", of: node => node.isSilent
        ? html`<${Badge} tone="bad" icon="warning">no answer<//> <span class="note">${lastHeard(node)}</span>`
        : html`<${Trust} isTrusted=${node.isTrusted}>${node.isTrusted ? "trusted" : `distrusted since ${time(node.distrustedSince)}`}<//>
          ${node.isUndelivered && html` <${Badge} tone="bad" icon="warning" title=${missText("undelivered")}>undelivered<//>`}`,
    },
  ];
};

const Read = ({ node }) => {
  if (node.isSilent) return "–";
  if (node.localMiss === "none") return html`<${Badge} tone="good" icon="fresh">served from L1<//>`;
  if (node.localMiss === "notThere") return html`<${Badge} icon="none">not in L1<//>`;
  return html`<${Badge} tone="warn" icon=${node.localMiss === "expired" ? "expired" : node.localMiss === "tagged" ? "tag" : "warning"}
    title=${node.localMiss === "notTrusted" ? distrust(node) : undefined}>goes past L1: ${missText(node.localMiss)}<//>`;
};

const CopyOf = ({ node, store }) => {
  if (!node.local) return "–";
  const name = node.local.version && html`<span title=${node.local.version}>${versionName(node.local.version)}</span> `;
  if (node.isBehind) return html`${name}<${Badge} tone="bad" icon="stale">not what L2 has<//>`;
  return html`${name}${store && node.localMiss === "none" ? html`<span class="note">as in L2</span>` : !name && "–"}`;
};
