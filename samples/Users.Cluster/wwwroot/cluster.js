// Without this script the page says the same, as of the moment it was made.
(() => {
  "use strict";

  const rows = new Map([...document.querySelectorAll("[data-process]")].map(row => [row.dataset.process, row]));
  const journal = document.getElementById("journal");
  const set = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  const show = status => {
    for (const { name, state, processId } of status.processes) {
      const row = rows.get(name);
      const hadFocus = row.contains(document.activeElement) && document.activeElement.matches("button");
      row.dataset.state = state;
      set(row.querySelector(".words"), state);
      set(row.querySelector(".id"), processId === null ? "" : String(processId));

      // The button that has the focus may just have been hidden; its successor is in the same place.
      if (hadFocus) row.querySelector(state === "stopped" ? ".start button" : ".kill button").focus();
    }

    set(journal, status.journal.join("\n"));
  };

  let isLost = false;
  const look = async () => {
    try {
      const answer = await fetch("/cluster?handler=Status", { signal: AbortSignal.timeout(3000) });
      if (!answer.ok) throw new Error(answer.statusText);
      const status = await answer.json();

      // A cluster that was started anew doesn't know this page's forms.
      if (isLost) location.reload();
      show(status);
    } catch {
      isLost = true;
      for (const row of rows.values()) {
        row.dataset.state = "unknown";
        set(row.querySelector(".words"), "unknown");
      }

      set(journal, "The cluster itself does not answer: it has been stopped.");
    }

    setTimeout(look, 1000);
  };

  look();
})();
