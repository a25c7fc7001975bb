// The boxes on a page's picture: which of them is shown, and bringing it into view.
const BOXES = ".page-boxes [data-anchor]";

function belongs(rect, anchor) {
  return rect.dataset.anchor === anchor || rect.dataset.kind === anchor;
}

/** Return the number of the page shown, as text. */
export function pageShown() {
  return document.getElementById("viewer")?.dataset.page ?? "";
}

// The picture scrolls inside its frame; the window moves only where the frame itself is out of sight.
function reveal(rect) {
  const frame = rect.closest(".page-scroll");
  const place = rect.getBoundingClientRect();
  const view = frame.getBoundingClientRect();
  if (frame.scrollHeight > frame.clientHeight + 1 || frame.scrollWidth > frame.clientWidth + 1) {
    frame.scrollBy({
      top: place.top + place.height / 2 - view.top - view.height / 2,
      left: place.left + place.width / 2 - view.left - view.width / 2,
    });
  }
  const now = rect.getBoundingClientRect();
  if (now.top < 80 || now.bottom > window.innerHeight) rect.scrollIntoView({ block: "center", inline: "nearest" });
}

/** Mark the link that leads to a place. */
export function markLink(anchor) {
  for (const link of document.querySelectorAll("[data-show]")) {
    if (link.dataset.show === anchor) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Mark the boxes of a value, table, mention or kind, and bring the first into view. */
export function showPlace(anchor) {
  const all = [...document.querySelectorAll(BOXES)];
  for (const rect of all) rect.classList.toggle("is-shown", belongs(rect, anchor));
  markLink(anchor);
  const first = all.find((rect) => belongs(rect, anchor));
  if (first) reveal(first);
}

/** Mark boxes faintly, as long as the pointer is over what names them; without an anchor none. */
export function hintPlace(anchor) {
  for (const rect of document.querySelectorAll(BOXES)) rect.classList.toggle("is-hinted", belongs(rect, anchor));
}

/** Bring what the server has marked into view, after a page came with it. */
export function revealShown() {
  const rect = document.querySelector(`${BOXES}.is-shown`);
  if (rect) reveal(rect);
}
