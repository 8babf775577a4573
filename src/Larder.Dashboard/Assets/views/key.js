import { html, useState } from "../html.js";
import { useGet } from "../api.js";
import { cut, time } from "../format.js";
import { answered, lastHeard, nodeName } from "../nodes.js";
import { go, link } from "../route.js";
import { Badge } from "../parts/badge.js";
import { Copy } from "../parts/button.js";
import { Card } from "../parts/card.js";
import { Icon } from "../parts/icon.js";
import { Notice, Problem, Waiting } from "../parts/notice.js";
import { Search, SearchField } from "../parts/search.js";
import { KeyActions } from "./key-actions.js";
import { KeyNodes } from "./key-nodes.js";
import { StoreEntry } from "./key-store.js";
import { Timeline } from "./key-timeline.js";
import { Value } from "./key-value.js";

export const Key = ({ cache, permissions, query }) => query.key
  ? html`<${Explained} key=${query.key} cache=${cache} permissions=${permissions} name=${query.key} />`
  : html`<${AskForKey} cache=${cache} />`;

const AskForKey = ({ cache }) => {
  const [typed, setTyped] = useState("");
  return html`
    <${Search} onSubmit=${() => go("key", { cache, key: typed })}>
      <${SearchField} name="Key" value=${typed} onInput=${setTyped} />
      <button>Explain</button>
    <//>`;
};

const Explained = ({ cache, permissions, name }) => {
  const explained = useGet("key", { cache, key: name }, 2000);
  const { data, error } = explained;
  return html`
    <div class="subject">
      <a class="back" href=${link("keys", { cache })}><${Icon} name="back" />Keys</a>
      <${Name} text=${name} />
      ${permissions.invalidate && html`<${KeyActions} cache=${cache} name=${name} onDone=${explained.reload} />`}
    </div>
    <${Problem} error=${error} retry=${explained.reload} />
    ${!data ? !error && html`<${Waiting} what="Asking every node" />` : html`
      <${Sentence} data=${data} />
      <div class="halves">
        <${StoreEntry} cache=${cache} data=${data} receivedAt=${explained.receivedAt} />
        <${Timeline} data=${data} receivedAt=${explained.receivedAt} />
      </div>
      <${Card} title="L1 of each node" note=${answered(data.asked)}><${KeyNodes} data=${data} receivedAt=${explained.receivedAt} /><//>
      <${Value} cache=${cache} data=${data} mayView=${permissions.viewValues} />`}`;
};

const long = 200;

const Name = ({ text }) => {
  const [isWhole, setWhole] = useState(false);
  return html`
    <p class="name"><code>${isWhole ? text : cut(text, long)}</code>
      ${text.length > long && html`
        <button type="button" class="plain" onClick=${() => setWhole(!isWhole)}>
          ${isWhole ? "Less" : `All ${text.length} characters`}
        </button>`}
      <${Copy} text=${text} what="the key" /></p>`;
};

const Sentence = ({ data }) => {
  const isBehind = data.nodes.some(node => node.isBehind || node.isUndelivered || !node.isTrusted) || data.asked.silent.length > 0;
  return html`
    <${Notice} tone=${isBehind || data.storeMiss === "storeDown" ? "bad" : "info"}>
      <p class="sentence" role="status">${data.sentence}</p>
      <p class="note">${answered(data.asked)} at ${time(data.at)}.${" "}
        ${data.asked.silent.map(node => html`
          <${Badge} key=${node.id} tone="bad" icon="warning">${nodeName(node.id)} silent, ${lastHeard(node)}<//>`)}</p>
    <//>`;
};
