import { html, useEffect, useRef } from "../html.js";
import { useGet } from "../api.js";
import { bytes } from "../format.js";
import { Badge } from "../parts/badge.js";
import { Copy } from "../parts/button.js";
import { Card } from "../parts/card.js";
import { Empty, Notice, Problem, Waiting } from "../parts/notice.js";

export const Value = ({ cache, data, mayView }) => {
  const reason = !mayView ? html`Values are hidden here: the app does not permit to see them (<code>ViewValues</code>).`
    : !data.store && !data.nodes.some(node => node.isThis && node.local) ? "There is none, in L2 or in this node's L1."
    : null;
  return reason
    ? html`<${Card} title="Value"><${Empty}>${reason}<//><//>`
    : html`<${Shown} cache=${cache} name=${data.key} version=${data.store?.version} />`;
};

const Shown = ({ cache, name, version }) => {
  const value = useGet("key/value", { cache, key: name });
  const seen = useRef(version);
  useEffect(() => {
    if (seen.current !== version) value.reload();
    seen.current = version;
  }, [version]);

  const { data, error } = value;
  return html`
    <${Card} title="Value" note=${data && noteOf(data)}
      aside=${html`
        ${data?.isMasked && html`<${Badge} icon="lock" title="The app's redactor has replaced personal data">masked<//>`}
        ${data?.text && html`<${Copy} text=${data.text} what="what is shown" />`}`}>
      <${Problem} error=${error} retry=${value.reload} />
      ${!data && !error && html`<${Waiting} />`}
      ${(data?.note || data?.isCut) && html`<${Notice} tone="info">${data.note ?? "Only the beginning is shown."}<//>`}
      ${data?.text != null && html`<pre class="value" tabindex="0" role="group" aria-label="Value"><${Text} data=${data} /></pre>`}
    <//>`;
};

const kinds = { json: "JSON", text: "text", bytes: "bytes" };

const noteOf = ({ kind, size, storedSize, level, type }) => [
  kinds[kind],
  size != null && bytes(size),
  storedSize !== size && `${bytes(storedSize)} as stored`,
  level && level !== "none" && `from ${level.toUpperCase()}`,
  type && `of the type ${type}`,
].filter(Boolean).join(", ");

// Colours help to read; beyond this length they only cost.
const coloured = 40_000;

const Text = ({ data }) => data.kind === "json" && data.text.length <= coloured ? tokens(data.text) : data.text;

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

const tokens = text => {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(token)) {
    parts.push(text.slice(last, match.index));
    const [all, string, colon] = match;
    parts.push(html`<span class=${colon ? "name" : string ? "string" : "literal"}>${string ?? all}</span>`, colon);
    last = match.index + all.length;
  }
  parts.push(text.slice(last));
  return parts;
};
