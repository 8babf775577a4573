// Numbers and times as text. An absent one is a dash, never a zero.
const none = "–";
const grouped = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

export const count = n => n == null ? none : grouped.format(n);

export const about = n => {
  if (n == null) return "an unknown number of";
  if (n < 10_000) return count(n);
  if (n < 1_000_000) return `${count(Math.round(n / 1000))} thousand`;
  return `${(n / 1_000_000).toFixed(1)} million`;
};

export const short = n => {
  if (n == null) return none;
  if (n >= 1_000_000) return `${(n / 1_000_000).toFixed(1)}M`;
  if (n >= 10_000) return `${(n / 1000).toFixed(n < 100_000 ? 1 : 0)}k`;
  return count(Math.round(n * 10) / 10);
};

export const rate = n => n == null ? none : n < 10 ? (Math.round(n * 10) / 10).toString() : short(Math.round(n));

export const percent = part => part == null || Number.isNaN(part) ? none
  : part > 0 && part < 0.001 ? "< 0.1 %"
  : `${(part * 100).toFixed(part > 0.9 && part < 1 || part > 0 && part < 0.1 ? 1 : 0)} %`;

export const bytes = n => {
  if (n == null) return none;
  if (n < 1024) return `${n} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let size = n / 1024, unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
};

// Two units at most: nobody reads the seconds of three days.
export const duration = ms => {
  if (ms == null) return none;
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms < 0.001) return "0 ms";
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const s = Math.floor(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return pair(Math.floor(s / 60), "min", s % 60, "s");
  if (s < 86_400) return pair(Math.floor(s / 3600), "h", Math.floor(s % 3600 / 60), "min");
  return pair(Math.floor(s / 86_400), "d", Math.floor(s % 86_400 / 3600), "h");
};

const pair = (large, largeUnit, small, smallUnit) =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

// Whole seconds: what counts down or up in front of the reader.
export const seconds = ms => {
  const s = Math.floor(ms / 1000);
  return s < 60 ? `${s} s` : duration(s * 1000);
};

export const time = at => {
  if (at == null) return none;
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return today ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
};

export const timeWithMs = at => at == null ? none : `${time(at)}.${String(new Date(at).getMilliseconds()).padStart(3, "0")}`;

export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

// A key of 64 KB is shown by its ends; the whole of it is a click away.
export const cut = (text, length = 120) => {
  if (text.length <= length) return text;
  const head = Math.ceil(length * 0.7);
  return `${text.slice(0, head)}…${text.slice(head - length + 1)}`;
};
