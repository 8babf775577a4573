import { html, useEffect, useRef, useState } from "../html.js";
import { useEvents } from "../api.js";
import { plural } from "../format.js";
import { answered } from "../nodes.js";
import { Card } from "../parts/card.js";
import { Icon } from "../parts/icon.js";
import { Empty } from "../parts/notice.js";
import { Check, Search, SearchField } from "../parts/search.js";
import { EventTable, joined } from "./live-events.js";
import { groups, kindsOf } from "./live-kinds.js";

const kept = 300;

export const Live = ({ cache }) => {
  const [filter, setFilter] = useState({ groups: Object.keys(groups), text: "" });
  const [isPaused, setPaused] = useState(false);
  const text = useRested(filter.text);
  const kinds = kindsOf(filter.groups);
  const feed = useFeed({ cache, kinds: kinds.join(), text }, isPaused);
  // What came before the filter was set is filtered here.
  const wanted = filter.text.toLowerCase();
  const rows = feed.rows.filter(row => kinds.includes(row.kind) && (row.subject ?? "").toLowerCase().includes(wanted));
  return html`
    <${Filter} filter=${filter} setFilter=${setFilter} isPaused=${isPaused} setPaused=${setPaused} />
    <${Card} title="Operations and invalidations" note=${noteOf(feed, isPaused)}>
      ${rows.length === 0
        ? html`<${Empty}>${filter.groups.length === 0 ? "Nothing is chosen." : "Nothing of that kind has happened yet."}<//>`
        : html`<${EventTable} cache=${cache} rows=${rows} />`}
    <//>`;
};

// Events come faster than a page should draw: they are taken over four times a second.
const useFeed = (query, isPaused) => {
  const [state, setState] = useState({ rows: [] });
  const waiting = useRef([]);
  const isOpen = useEvents("events", query, {
    event: event => waiting.current.push(event),
    sampling: sampling => setState(was => ({ ...was, sampling })),
  }, !isPaused && query.kinds !== "");

  useEffect(() => {
    const timer = setInterval(() => {
      const arrived = waiting.current.splice(0);
      if (arrived.length > 0) setState(was => ({ ...was, rows: joined(was.rows, arrived, kept) }));
    }, 250);
    return () => clearInterval(timer);
  }, []);
  return { ...state, isOpen };
};

const noteOf = ({ sampling, isOpen }, isPaused) => {
  if (isPaused) return "paused: nothing is asked of the nodes meanwhile";
  if (!isOpen || !sampling) return "connecting";
  const missed = sampling.missed > 0 ? `, ${plural(sampling.missed, "event")} too many to show in the last second` : "";
  return `${answered(sampling.asked)}; requests are sampled${missed}`;
};

const useRested = value => {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), 300);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
};

const Filter = ({ filter, setFilter, isPaused, setPaused }) => {
  const toggle = name => setFilter({
    ...filter,
    groups: filter.groups.includes(name) ? filter.groups.filter(each => each !== name) : [...filter.groups, name],
  });
  return html`
    <${Search}>
      <button type="button" class=${isPaused ? "primary" : ""} aria-pressed=${isPaused} onClick=${() => setPaused(!isPaused)}>
        <${Icon} name=${isPaused ? "play" : "pause"} />${isPaused ? "Go on" : "Pause"}
      </button>
      <${SearchField} name="Key or tag contains" value=${filter.text} onInput=${text => setFilter({ ...filter, text })} />
      <fieldset class="choices"><legend class="unseen">Kinds</legend>
        ${Object.entries(groups).map(([name, group]) => html`
          <${Check} key=${name} isOn=${filter.groups.includes(name)} onChange=${() => toggle(name)}>${group.title}<//>`)}
      </fieldset>
    <//>`;
};
