// Without this script the page says the same, as of the moment it was made.
(() => {
  "use strict";

  // As Durations.ToClock writes it.
  const text = seconds => {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
    return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
  };

  const clocks = [...document.querySelectorAll("[data-clock]")].map(element => ({
    element,
    direction: element.dataset.clock === "down" ? -1 : 1,
    seconds: Number(element.dataset.seconds),
  }));

  if (clocks.length > 0) {
    // When the server made this page, as near as the browser knows; a button's own second belongs to the request before.
    const made = performance.getEntriesByType("navigation")[0]?.responseStart ?? performance.now();
    const timer = setInterval(() => {
      // Not ticks counted: a tab in the background is given few of those.
      const elapsed = (performance.now() - made) / 1000;
      for (const { element, direction, seconds } of clocks) {
        const now = seconds + direction * elapsed;
        element.textContent = now > 0 ? text(now) : "over; reload to see";
        if (now <= 0) clearInterval(timer);
      }
    }, 1000);
  }

  // The origin is slow on purpose: say that it is being asked, and don't ask twice.
  const buttons = [...document.querySelectorAll("button[data-busy]")].map(button => ({ button, label: button.textContent }));
  for (const { button } of buttons) {
    button.form.addEventListener("submit", () => {
      button.textContent = button.dataset.busy;
      button.disabled = true;
    });
  }

  // Back from the browser's history, the page is as it was left: busy.
  addEventListener("pageshow", () => {
    for (const { button, label } of buttons) {
      button.textContent = label;
      button.disabled = false;
    }
  });
})();
