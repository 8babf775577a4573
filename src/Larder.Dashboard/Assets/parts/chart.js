// A chart over time, and the same as a table for those who can't see it or want the numbers.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { time } from "../format.js";
import { Icon } from "./icon.js";
import uPlot from "../vendor/uplot.js";

/**
 * `times` are milliseconds; `series` are `{ name, color, values, dash }` with as many values; `format` makes text of one.
 * `isStacked` draws areas upon each other, to the top: `max`.
 */
export const Chart = ({ title, note, times, series, format, isStacked, max }) => {
  const [asTable, setAsTable] = useState(false);
  const [at, setAt] = useState(null);
  const index = at != null && at < times.length ? at : times.length - 1;
  return html`
    <figure class="chart">
      <figcaption>
        <strong>${title}</strong>${note && html`<span class="note">${note}</span>`}
        <button type="button" class="plain" aria-pressed=${asTable} onClick=${() => setAsTable(!asTable)}>
          <${Icon} name=${asTable ? "chart" : "table"} />${asTable ? "Chart" : "Table"}<span class="unseen"> of ${title}</span>
        </button>
      </figcaption>
      ${asTable
        ? html`<${Numbers} ...${{ title, times, series, format }} />`
        : html`<${Plot} ...${{ times, series, format, isStacked, max, onPoint: setAt }} />`}
      <ul class="legend">
        ${series.map(each => html`
          <li key=${each.name}>
            <span class="swatch" data-color=${each.color} data-dashed=${each.dash ? "" : undefined}></span>
            ${each.name} <b>${index >= 0 ? format(each.values[index]) : "–"}</b>
          </li>`)}
        <li class="when">${at != null && index >= 0 ? time(times[index]) : "now"}</li>
      </ul>
    </figure>`;
};

const Numbers = ({ title, times, series, format }) => html`
  <div class="numbers" tabindex="0" role="group" aria-label=${`${title}, as a table`}>
    <table>
      <caption class="unseen">${title}</caption>
      <thead><tr>
        <th scope="col">Time</th>
        ${series.map(each => html`<th scope="col" class="number" key=${each.name}>${each.name}</th>`)}
      </tr></thead>
      <tbody>
        ${times.map((_, i) => times.length - 1 - i).map(i => html`
          <tr key=${times[i]}>
            <th scope="row">${time(times[i])}</th>
            ${series.map(each => html`<td class="number" key=${each.name}>${format(each.values[i])}</td>`)}
          </tr>`)}
      </tbody>
    </table>
  </div>`;

const Plot = ({ times, series, format, isStacked, max, onPoint }) => {
  const place = useRef(null);
  const plot = useRef(null);
  const theme = useTheme();
  const data = [times.map(t => t / 1000), ...(isStacked ? stacked(series) : series.map(each => each.values))];
  const names = series.map(each => each.name).join();

  useLayoutEffect(() => {
    const options = optionsOf({ series, format, isStacked, max, onPoint, place: place.current });
    const made = plot.current = new uPlot(options, data, place.current);
    const resized = new ResizeObserver(([entry]) => made.setSize({ width: Math.floor(entry.contentRect.width), height }));
    resized.observe(place.current);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [names, theme, isStacked, max]);

  useEffect(() => plot.current.setData(data));

  return html`<div class="plot" ref=${place} aria-hidden="true"></div>`;
};

const height = 168;

// The last series carries the sum of all, and is drawn first, so that the others cover it.
const stacked = series => series.map((_, i) => series[0].values.map((_, at) =>
  series.slice(0, i + 1).reduce((sum, each) => sum + (each.values[at] ?? 0), 0))).reverse();

const optionsOf = ({ series, format, isStacked, max, onPoint, place }) => {
  const color = colorsOf(place);
  const grid = { stroke: color("line"), width: 1 };
  const axis = { stroke: color("quiet"), font: "11px system-ui, sans-serif", ticks: { show: false }, grid };
  const drawn = isStacked ? [...series].reverse() : series;
  return {
    width: place.clientWidth || 300,
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: !isStacked }, drag: { x: false, y: false } },
    scales: {
      // A first point is not a year wide.
      x: { range: (_, from, to) => to == null ? [Date.now() / 1000 - 60, Date.now() / 1000] : [Math.min(from, to - 60), to] },
      y: { range: (_, __, top) => [0, max ?? Math.max(top || 0, 1e-9) * 1.1] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 28, space: 80, values: (_, ticks) => ticks.map(t => time(t * 1000)) },
      { ...axis, size: 56, space: 32, values: (_, ticks) => ticks.map(format) },
    ],
    series: [{}, ...drawn.map(each => ({
      stroke: color(each.color),
      width: isStacked ? 0 : 1.5,
      dash: each.dash,
      fill: isStacked ? color(each.color) : undefined,
      points: { show: false },
    }))],
    hooks: { setCursor: [chart => onPoint(chart.cursor.idx)] },
  };
};

// A canvas knows no custom properties: an element resolves them.
const colorsOf = place => name => {
  const probe = document.createElement("span");
  probe.dataset.color = name;
  place.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
};

// Changes with the theme that is chosen, and with the one that the system has.
const useTheme = () => {
  const read = () => `${document.documentElement.dataset.theme} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
  const [theme, setTheme] = useState(read);
  useEffect(() => {
    const changed = () => setTheme(read());
    const system = matchMedia("(prefers-color-scheme: dark)");
    const chosen = new MutationObserver(changed);
    chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    system.addEventListener("change", changed);
    return () => {
      chosen.disconnect();
      system.removeEventListener("change", changed);
    };
  }, []);
  return theme;
};
