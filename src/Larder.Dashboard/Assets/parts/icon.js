// Line drawings of 16 by 16, in the colour of the text beside them.
import { html } from "../html.js";

const paths = {
  fresh: "M3 8.5l3.2 3.2L13 4.8",
  stale: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3.2l2.3 1.4",
  expired: "M4.5 2.5h7M4.5 13.5h7M5.5 2.5v2.2L8 8l2.5-3.3V2.5M5.5 13.5v-2.2L8 8l2.5 3.3v2.2",
  tag: "M2.5 2.5h5l6 6-5 5-6-6zM5.3 5.3v.01",
  warning: "M8 2.5l6 11H2zM8 6.5v3.3M8 11.8v.01",
  error: "M4 4l8 8M12 4l-8 8",
  info: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 7.3v3.5M8 5.2v.01",
  unknown: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M6.3 6.6a1.7 1.7 0 1 1 2.4 1.6c-.5.2-.7.5-.7 1M8 11v.01",
  none: "M4 8h8",
  key: "M5.5 8a2.5 2.5 0 1 0 0 .01M8 8h6M12 8v2.5",
  closed: "M6 4l4 4-4 4",
  open: "M4 6l4 4 4-4",
  search: "M7 2.8a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 1 0 0-8.4M10.2 10.2l3.3 3.3",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.5l7.5 4.5L5 12.5z",
  chart: "M2.5 2.5v11h11M5 10.5l2.5-3 2 1.5 3.5-4",
  table: "M2.5 3h11v10h-11zM2.5 6.4h11M2.5 9.7h11M6.2 3v10",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  lock: "M4 7.2h8v6.3H4zM5.7 7.2V5a2.3 2.3 0 0 1 4.6 0v2.2",
  auto: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
  light: "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6" +
    "M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  dark: "M13.2 9.7A5.7 5.7 0 1 1 6.3 2.8a4.6 4.6 0 0 0 6.9 6.9z",
  back: "M10 3.5L5.5 8l4.5 4.5",
};

export const Icon = ({ name }) => html`
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d=${paths[name] ?? paths.unknown} /></svg>`;
