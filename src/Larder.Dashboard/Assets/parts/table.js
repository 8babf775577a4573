import { html } from "../html.js";

/**
 * A table that becomes a list of cards on a phone: there each cell carries its column's name.
 * A column is `{ name, of: row => content, number, main, wrap, minor }`; `main` heads the card, `number` is aligned right, and
 * `minor` is left out of the card. `isPlain` are cards whose cells speak for themselves.
 */
export const Table = ({ caption, columns, rows, keyOf, empty, isPlain }) => rows.length === 0 && empty ? empty : html`
  <div class="table" data-plain=${isPlain ? "" : undefined}>
    <table>
      <caption class="unseen">${caption}</caption>
      <thead><tr>
        ${columns.map(column => html`<th scope="col" class=${classOf(column)} key=${column.name}>${column.title ?? column.name}</th>`)}
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

const classOf = column => [column.number && "number", column.main && "main", column.wrap && "wrap", column.minor && "minor"].filter(Boolean).join(" ") || undefined;
