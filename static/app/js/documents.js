// The list: ticking rows, questions before what cannot be taken back, and fetching the list anew when it has changed.
import { openDialog } from "./lib/dialogs.js";

const chosen = new Set();
const boxes = () => [...document.querySelectorAll('.doc-table input[name="ids"]')];

/** Show how many rows are ticked; rows that were swapped in get their tick back. */
function refresh() {
  const all = boxes();
  for (const box of all) box.checked = chosen.has(box.value);
  const count = all.filter((box) => box.checked).length;
  const bar = document.getElementById("bulk-form");
  if (bar) {
    bar.classList.toggle("has-chosen", count > 0);
    bar.querySelector("[data-bulk-count]").textContent = count === 1 ? "1 document ticked" : `${count} documents ticked`;
  }
  const whole = document.querySelector("[data-select-all]");
  if (whole) {
    whole.checked = count > 0 && count === all.length;
    whole.indeterminate = count > 0 && count < all.length;
  }
}

function onChange(event) {
  if (event.target.matches("[data-select-all]")) {
    for (const box of boxes()) remember(box.value, event.target.checked);
  } else if (event.target.matches('.doc-table input[name="ids"]')) {
    remember(event.target.value, event.target.checked);
  } else return;
  refresh();
}

function remember(id, isTicked) {
  if (isTicked) chosen.add(id);
  else chosen.delete(id);
}

// A refresh that is wanted while another is under way would be lost with the element that is swapped out.
const list = { timer: 0, isWanted: false };

function refreshList() {
  const results = document.getElementById("document-results");
  list.isWanted = Boolean(results?.classList.contains("htmx-request"));
  if (results && !list.isWanted) results.dispatchEvent(new Event("refresh"));
}

function refreshSoon() {
  clearTimeout(list.timer);
  list.timer = setTimeout(refreshList, 150);
}

// One form, several buttons: only those with data-ask="ID" open a dialog first.
function onSubmit(event) {
  const button = event.submitter;
  if (!button?.dataset.ask || button.dataset.answered) return;
  event.preventDefault();
  openDialog(button.dataset.ask, () => {
    button.dataset.answered = "yes";
    event.target.requestSubmit(button);
    delete button.dataset.answered;
  });
}

for (const box of boxes()) remember(box.value, box.checked);
document.addEventListener("change", onChange);
document.addEventListener("submit", onSubmit);
document.addEventListener("htmx:afterSettle", () => {
  refresh();
  if (list.isWanted) refreshSoon();
});
document.body.addEventListener("documents-changed", refreshSoon);
refresh();
