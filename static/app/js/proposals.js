// Yes or no without the mouse: y and n answer the proposal in focus (at first the first one), j and k move.
const proposals = () => [...document.querySelectorAll("[data-proposal]")];

function current() {
  return document.activeElement.closest("[data-proposal]") ?? proposals()[0];
}

function move(step) {
  const all = proposals();
  const place = document.activeElement.closest("[data-proposal]") ? all.indexOf(current()) + step : 0;
  all[Math.min(Math.max(place, 0), all.length - 1)]?.querySelector("[data-yes]")?.focus();
}

const KEYS = {
  y: () => current()?.querySelector("[data-yes]")?.click(),
  n: () => current()?.querySelector("[data-no]")?.click(),
  j: () => move(1),
  k: () => move(-1),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

// After an answer the next proposal has the focus; after the last one the list.
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement !== document.body) return;
  (proposals()[0]?.querySelector("[data-yes]") ?? document.getElementById("proposals")).focus();
});
