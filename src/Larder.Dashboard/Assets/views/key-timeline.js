import { html } from "../html.js";
import { time } from "../format.js";
import { Card } from "../parts/card.js";
import { Empty } from "../parts/notice.js";
import { Deadline } from "./key-store.js";

/** What is to come at the top, then now, then what was. */
export const Timeline = ({ data, receivedAt }) => {
  const ahead = data.store ? [
    { at: data.store.keptUntil, text: "gone for good" },
    { at: data.store.expiresAt, text: data.store.slidingMs ? "expires, unless it is read before" : "expires" },
  ].filter(each => each.at && each.at > data.at) : [];
  const past = data.timeline.filter(item => item.at <= data.at);
  return html`
    <${Card} title="Timeline" note="as far as the nodes remember">
      ${ahead.length + past.length === 0 ? html`<${Empty}>Nothing is remembered of it.<//>` : html`
        <ol class="timeline">
          ${ahead.map(item => html`
            <li class="ahead" key=${item.text}><time datetime=${item.at}>${time(item.at)}</time>
              <span>${item.text} <${Deadline} until=${item.at} now=${data.at} at=${receivedAt} /></span></li>`)}
          <li class="present"><time datetime=${data.at}>${time(data.at)}</time><span>now</span></li>
          ${past.map((item, i) => html`
            <li key=${`${item.at} ${item.kind} ${i}`} data-kind=${item.kind}>
              <time datetime=${item.at}>${time(item.at)}</time><span>${item.text}</span></li>`)}
        </ol>`}
    <//>`;
};
