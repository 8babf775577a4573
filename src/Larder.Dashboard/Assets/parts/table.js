import { html, useLayoutEffect, useRef, useState } from "../html.js";

/**
 * A table that becomes a list of cards where it does not fit: there each cell carries its column's name.
 * A column is `{ name, of: row => content, number, main, wrap, minor }`; `main` heads the card, `number` is aligned right, and
 * `minor` is left out of the card. `isPlain` are cards whose cells speak for themselves.
 */
export const Table = props => props.rows.length === 0 && props.empty ? props.empty : html`<${Rows} ...${props} />`;

const Rows = ({ caption, columns, rows, keyOf, isPlain }) => {
  const [element, fits] = useFit();
  return html`
    <div class="table" ref=${element} data-cards=${fits ? undefined : ""} data-plain=${isPlain ? "" : undefined}>
      <table>
        <caption class="unseen">${caption}</caption>
        <thead><tr>
          ${columns.map(column => html`<th scope="col" class=${classOf(column)} key=${column.name}>${column.name}</th>`)}
        </tr></thead>
        <tbody>
          ${rows.map((row, index) => html`
            <tr key=${keyOf?.(row) ?? index}>
              ${columns.map(column => column.main
                ? html`<th scope="row" class=${classOf(column)} data-name=${column.name} key=${column.name}>${column.of(row)}</th>`
                : html`<td class=${classOf(column)} data-name=${column.name} key=${column.name}>${column.of(row)}</td>`)}
            </tr>`)}
        </tbody>
      </table>
    </div>`;
};

// What it holds decides, not the screen: a width that was too little is remembered until there is more.
const useFit = () => {
  const element = useRef(null);
  const needed = useRef(0);
  const [fits, setFits] = useState(true);
  const measure = () => {
    const { scrollWidth, clientWidth } = element.current;
    if (fits && scrollWidth > clientWidth) {
      needed.current = scrollWidth;
      setFits(false);
    } else if (!fits && clientWidth >= needed.current) {
      setFits(true);
    }
  };
  useLayoutEffect(measure);
  useLayoutEffect(() => {
    const resized = new ResizeObserver(measure);
    resized.observe(element.current);
    return () => resized.disconnect();
  }, [fits]);
  return [element, fits];
};

const classOf = column => ["number", "main", "wrap", "minor"].filter(name => column[name]).join(" ") || undefined;
