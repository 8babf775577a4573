// Not a module: it runs before the first paint, so that a chosen theme does not flash the other one.
document.documentElement.dataset.theme = (() => {
  try {
    return localStorage.getItem("larder.theme") ?? "auto";
  } catch {
    return "auto"; // Storage may be forbidden.
  }
})();
