import { html } from "../html.js";
import { Icon } from "./icon.js";

/** A row of fields above what they search; `onSubmit` for those that wait for it. */
export const Search = ({ onSubmit, children }) => {
  const submit = event => {
    event.preventDefault();
    onSubmit?.();
  };
  return html`<form class="search" role="search" onSubmit=${submit}>${children}</form>`;
};

/** The field itself. `name` is what is read aloud, and `hint` what is written in it, by default the same. */
export const SearchField = ({ name, hint = name, icon = "search", value, onInput }) => html`
  <label class="field">
    <span class="unseen">${name}</span><${Icon} name=${icon} />
    <input type="search" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder=${hint}
      value=${value} onInput=${event => onInput(event.target.value)} />
  </label>`;

export const Check = ({ isOn, onChange, children }) => html`
  <label class="check"><input type="checkbox" checked=${isOn} onChange=${event => onChange(event.target.checked)} /> ${children}</label>`;
