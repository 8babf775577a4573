import { html } from "../html.js";
import { about, count, plural } from "../format.js";

/** How much of the keys a scan has seen, and the buttons that let it go on or stop. */
export const Progress = ({ scan, what = "key" }) => html`
  <p class="progress" role="status" aria-busy=${scan.isRunning}>
    <span>${sentence(scan, what)}</span>
    ${scan.isRunning
      ? html`<button type="button" class="plain" onClick=${scan.stop}>Stop</button>`
      : scan.isOver ? html`<button type="button" class="plain" onClick=${scan.again}>Scan again</button>`
      : scan.cursor != null && html`<button type="button" onClick=${scan.proceed}>Continue</button>`}
  </p>`;

const sentence = ({ examined, estimatedTotal, isOver, isRunning, source }, what) => {
  const where = source === "local" ? " in this node's L1" : "";
  if (isOver) return `Examined all ${plural(examined, what)}${where}.`;
  if (examined === 0) return isRunning ? "Scanning…" : "";
  // A scan may meet a key twice, and keys come meanwhile: the estimate may turn out too small.
  const total = estimatedTotal != null && estimatedTotal > examined ? ` of about ${about(estimatedTotal)}` : "";
  return `${isRunning ? "Scanning: examined" : "Examined"} ${count(examined)}${total}${where}.`;
};
