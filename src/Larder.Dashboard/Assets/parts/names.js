// Keys and nodes as they are named everywhere.
import { html } from "../html.js";
import { cut } from "../format.js";
import { nodeName } from "../nodes.js";
import { link } from "../route.js";

export const KeyLink = ({ cache, name, length = 100 }) => html`
  <a class="mono" href=${link("key", { cache, key: name })}>${cut(name, length)}</a>`;

/** Its name; the id, which is another at every start, for those who point at it. */
export const NodeName = ({ id, isThis }) => html`
  <span title=${id}>${nodeName(id)}</span>${isThis && html` <span class="note">this one</span>`}`;
