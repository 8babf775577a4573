import { html, useState } from "../html.js";
import { Icon } from "./icon.js";

/** A button that is busy while what it does runs, and can't be pressed twice meanwhile. */
export const Action = ({ onPress, kind = "", icon, disabled, title, children }) => {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    try {
      await onPress();
    } finally {
      setBusy(false);
    }
  };
  return html`
    <button type="button" class=${kind} title=${title} disabled=${disabled || busy} aria-busy=${busy} onClick=${press}>
      ${icon && html`<${Icon} name=${icon} />`}${children}
    </button>`;
};

export const Copy = ({ text, what }) => {
  const [done, setDone] = useState(false);
  // Only where the browser allows it: an address without TLS that is not the own machine has no clipboard.
  if (!navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return html`
    <button type="button" class="plain" onClick=${copy} aria-label=${`Copy ${what}`} title=${`Copy ${what}`}>
      <${Icon} name=${done ? "fresh" : "copy"} /><span role="status" class="unseen">${done ? "Copied" : ""}</span>
    </button>`;
};
