// A state, in words and with a sign: colour alone says nothing to some.
import { html } from "../html.js";
import { cut } from "../format.js";
import { Icon } from "./icon.js";

/** tone: good, warn, bad, quiet or info. */
export const Badge = ({ tone = "quiet", icon, title, children }) => html`
  <span class="badge" data-tone=${tone} title=${title}><${Icon} name=${icon ?? "info"} /><span>${children}</span></span>`;

const states = {
  fresh: { tone: "good", icon: "fresh", text: "fresh" },
  stale: { tone: "warn", icon: "stale", text: "stale", title: "Expired, and kept for fail-safe" },
  expired: { tone: "quiet", icon: "expired", text: "expired" },
  killed: { tone: "bad", icon: "tag", text: "killed by tag" },
  unreadable: { tone: "bad", icon: "error", text: "unreadable", title: "Damaged, or of serializers and keys that this node lacks" },
  foreign: { tone: "info", icon: "info", text: "foreign", title: "Written by another program, and readable" },
};

export const State = ({ state, killedBy }) => {
  const known = states[state] ?? { icon: "unknown", text: state ?? "unknown" };
  const by = killedBy === "*" ? "killed by Clear" : killedBy ? `killed by ${cut(killedBy, 24)}` : known.text;
  return html`<${Badge} tone=${known.tone} icon=${known.icon} title=${killedBy ?? known.title}>${by}<//>`;
};

export const Trust = ({ isTrusted, since, children }) => isTrusted
  ? html`<${Badge} tone="good" icon="fresh">${children ?? "trusted"}<//>`
  : html`<${Badge} tone="bad" icon="warning" title=${since}>${children ?? "distrusted"}<//>`;
