// What a view says instead of its content, or about it.
import { html } from "../html.js";
import { Icon } from "./icon.js";

/** `role` (status or alert) where it comes by itself and should be heard. */
export const Notice = ({ tone = "info", title, role, children }) => html`
  <div class="notice" data-tone=${tone} role=${role}>
    <${Icon} name=${tone === "bad" ? "warning" : tone === "good" ? "fresh" : "info"} />
    <div>${title && html`<strong>${title}</strong> `}${children}</div>
  </div>`;

export const Problem = ({ error, retry }) => error && html`
  <${Notice} tone="bad" role="alert" title=${error.title ?? "Something went wrong."}>
    ${error.message !== error.title && error.message}
    ${retry && html` <button type="button" class="plain" onClick=${retry}>Try again</button>`}
  <//>`;

export const Empty = ({ children }) => html`<p class="empty">${children}</p>`;

export const Waiting = ({ what = "Asking" }) => html`<p class="empty waiting" role="status">${what}…</p>`;
