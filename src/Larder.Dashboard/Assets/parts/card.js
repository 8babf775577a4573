import { html, useId } from "../html.js";

/** A part of a view, with a heading and perhaps something at its right. */
export const Card = ({ title, note, aside, children }) => {
  const id = useId();
  return html`
    <section class="card" aria-labelledby=${id}>
      <header>
        <h2 id=${id}>${title}</h2>
        ${note && html`<p class="note">${note}</p>`}
        ${aside && html`<div class="aside">${aside}</div>`}
      </header>
      ${children}
    </section>`;
};

/** Pairs of a name and what it is: `[name, value]`; those without a value are left out. */
export const Facts = ({ rows }) => html`
  <dl class="facts">
    ${rows.filter(([, value]) => value != null).map(([name, value]) => html`
      <div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
