// Tabs that do not fit scroll sideways: the current one is brought into view, on phones above all.
function showCurrent() {
  for (const current of document.querySelectorAll(".tabs [aria-current]")) {
    const list = current.closest(".tabs");
    const hidden = current.getBoundingClientRect().right - list.getBoundingClientRect().right;
    if (hidden > 0) list.scrollLeft += hidden + list.clientWidth / 4;
  }
}

/** Bring current tabs into view now, and whenever htmx has replaced a part of the page. */
export function startTabs() {
  showCurrent();
  document.addEventListener("htmx:afterSettle", showCurrent);
}
