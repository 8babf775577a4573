import { html, useState } from "../html.js";
import { post } from "../api.js";
import { cut } from "../format.js";
import { Action } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { Notice, Problem } from "../parts/notice.js";

const actions = {
  refresh: { title: "Refresh", what: "Each node reads it anew: sliding expirations begin again." },
  expire: { title: "Expire", what: "All nodes take it for expired. With fail-safe it stays as a fallback until it is made anew." },
  remove: { title: "Remove", kind: "danger", what: "All nodes and L2 drop it. The next reader calls the origin; there is no fallback." },
};

export const KeyActions = ({ cache, name, onDone }) => {
  const [asked, setAsked] = useState(null);
  const [outcome, setOutcome] = useState({});
  const act = async action => {
    setAsked(null);
    try {
      setOutcome({ done: await post(`key/${action}`, { cache }, { key: name }) });
    } catch (error) {
      setOutcome({ error });
    }
    onDone();
  };
  return html`
    <div class="actions">
      <${Action} title=${actions.refresh.what} onPress=${() => act("refresh")}>Refresh<//>
      <${Action} title=${actions.expire.what} onPress=${() => setAsked("expire")}>Expire…<//>
      <${Action} kind="danger" title=${actions.remove.what} onPress=${() => setAsked("remove")}>Remove…<//>
    </div>
    ${outcome.done && html`<div class="outcome"><${Notice} tone="good" role="status">${outcome.done.sentence}<//></div>`}
    ${outcome.error && html`<div class="outcome"><${Problem} error=${outcome.error} /></div>`}
    ${asked && html`
      <${Dialog} title=${`${actions[asked].title} this key?`} onClose=${() => setAsked(null)}>
        <p><code>${cut(name, 300)}</code></p>
        <p>${actions[asked].what}</p>
        <div class="actions">
          <button type="button" onClick=${() => setAsked(null)}>Cancel</button>
          <${Action} kind=${actions[asked].kind ?? "primary"} onPress=${() => act(asked)}>${actions[asked].title}<//>
        </div>
      <//>`}`;
};
