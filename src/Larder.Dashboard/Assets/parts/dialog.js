import { html, useEffect, useId, useRef } from "../html.js";

/** The browser's own modal dialog: it keeps the focus, closes by Escape and gives the focus back. */
export const Dialog = ({ title, onClose, children }) => {
  const element = useRef(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  return html`
    <dialog ref=${element} aria-labelledby=${id} onClose=${onClose}
      onClick=${event => event.target === element.current && element.current.close()}>
      <div class="dialog">
        <h2 id=${id}>${title}</h2>
        ${children}
      </div>
    </dialog>`;
};
