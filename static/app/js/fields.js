// The fields beside the page: their boxes, clicking words together, and going through them by keyboard.
import { pageShown, showPlace } from "./lib/places.js";

const SVG = "http://www.w3.org/2000/svg";
const LEAST_DRAG_PX = 5;
const state = { chosen: [], place: -1, step: 0, lasso: null, dragged: false };

const panel = () => document.getElementById("values-panel");
const form = () => document.querySelector("[data-pick-form]");
const boxes = () => document.querySelector(".page-boxes");
const links = () => [...document.querySelectorAll("#values-panel .value-link")];

/* --- boxes of values: the panel knows them, the page shows those that lie on it ------------------------------------ */

function drawBoxes() {
  const group = document.querySelector("[data-value-boxes]");
  if (!group || !panel()) return;
  const rects = [...panel().querySelectorAll("[data-box]")]
    .filter((link) => link.dataset.page === pageShown())
    .map((link) => {
      const rect = document.createElementNS(SVG, "rect");
      const [x, y, width, height] = link.dataset.box.split(" ");
      for (const [name, side] of Object.entries({ x, y, width, height })) rect.setAttribute(name, side);
      rect.dataset.anchor = link.dataset.show;
      rect.classList.toggle("is-shown", link.getAttribute("aria-current") === "true");
      return rect;
    });
  group.replaceChildren(...rects);
}

/* --- words clicked together ---------------------------------------------------------------------------------------- */

function words() {
  return [...document.querySelectorAll(".word-boxes rect")];
}

function wordIn(event) {
  return event.target.closest?.("[data-word]");
}

function choose(indices) {
  state.chosen = [...new Set(indices)].sort((one, other) => one - other);
  for (const rect of words()) rect.classList.toggle("is-chosen", state.chosen.includes(Number(rect.dataset.index)));
  if (!form()) return;
  form().querySelector("[data-pick-words]").value = state.chosen.join(",");
  form().querySelector("[data-pick-page]").value = pageShown();
  const text = form().querySelector("[data-pick-text]");
  if (state.chosen.length && text.tagName !== "SELECT") {
    text.value = state.chosen.map((index) => words()[index].dataset.word).join(" ");
  }
  const hint = form().querySelector("[data-pick-hint]");
  const count = state.chosen.length;
  if (count) hint.textContent = `${count} word${count === 1 ? "" : "s"} of page ${pageShown()}. Click again to leave one out.`;
}

function toggleWord(rect) {
  const index = Number(rect.dataset.index);
  choose(state.chosen.includes(index) ? state.chosen.filter((each) => each !== index) : [...state.chosen, index]);
}

function onPointerDown(event) {
  state.dragged = false;
  if (!form() || event.pointerType === "touch" || event.button !== 0 || !event.target.closest(".page-boxes")) return;
  event.preventDefault(); // the picture under the boxes is not dragged
  state.lasso = { x: event.clientX, y: event.clientY, rect: null };
}

function onPointerMove(event) {
  const start = state.lasso;
  if (!start) return;
  if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < LEAST_DRAG_PX && !start.rect) return;
  const sheet = boxes().getBoundingClientRect();
  if (!start.rect) {
    start.rect = document.createElementNS(SVG, "rect");
    start.rect.classList.add("lasso");
    boxes().append(start.rect);
  }
  const share = (value, from, size) => (value - from) / size;
  const x = [share(start.x, sheet.left, sheet.width), share(event.clientX, sheet.left, sheet.width)].sort((a, b) => a - b);
  const y = [share(start.y, sheet.top, sheet.height), share(event.clientY, sheet.top, sheet.height)].sort((a, b) => a - b);
  start.rect.setAttribute("x", x[0]);
  start.rect.setAttribute("y", y[0]);
  start.rect.setAttribute("width", x[1] - x[0]);
  start.rect.setAttribute("height", y[1] - y[0]);
}

function onPointerUp() {
  const lasso = state.lasso;
  state.lasso = null;
  if (!lasso?.rect) return;
  const area = lasso.rect.getBoundingClientRect();
  lasso.rect.remove();
  state.dragged = true;
  const inside = words().filter((rect) => {
    const place = rect.getBoundingClientRect();
    const [x, y] = [(place.left + place.right) / 2, (place.top + place.bottom) / 2];
    return x >= area.left && x <= area.right && y >= area.top && y <= area.bottom;
  });
  if (inside.length) choose(inside.map((rect) => Number(rect.dataset.index)));
}

function onClick(event) {
  const word = wordIn(event);
  if (!word || !form() || state.dragged) return;
  toggleWord(word);
  if (!window.matchMedia("(pointer: coarse)").matches) form().querySelector("[data-pick-text]").focus({ preventScroll: true });
}

/* --- keys ---------------------------------------------------------------------------------------------------------- */

function currentLine() {
  return document.activeElement?.closest?.("#values-panel [data-line]");
}

function focusLine(place) {
  const all = links();
  const link = all[Math.min(Math.max(place, 0), all.length - 1)];
  if (!link) return;
  link.focus();
  if (link.dataset.show && link.dataset.page === pageShown()) showPlace(link.dataset.show);
}

function placeOf(line) {
  const link = line?.querySelector(".value-link") ?? document.querySelector("#values-panel .value-link[aria-current]");
  return links().indexOf(link);
}

function move(step) {
  focusLine(placeOf(currentLine()) + step);
}

function press(selector) {
  const button = currentLine()?.querySelector(selector);
  button?.click();
  return Boolean(button);
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => currentLine() && (move(1), true),
  ArrowUp: () => currentLine() && (move(-1), true),
  c: () => press("[data-confirm-line]"),
  e: () => press("[data-edit-line]"),
  n: () => document.querySelector('[data-queue="next"]')?.click(),
  p: () => document.querySelector('[data-queue="previous"]')?.click(),
  a: () => document.querySelector('[data-queue="all"]')?.click(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || !panel()) return;
  if (event.key === "Escape" && document.querySelector("[data-cancel-edit]")) {
    document.querySelector("[data-cancel-edit]").click();
    return;
  }
  const text = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Enter" && text?.matches("textarea[data-pick-text]") && !event.shiftKey) {
    event.preventDefault();
    text.form.requestSubmit();
    return;
  }
  if (text) return;
  if (event.key === "Enter" && event.target.matches(".value-link")) {
    event.preventDefault();
    press("[data-edit-line]");
  } else if (KEYS[event.key]?.() !== undefined || "jk".includes(event.key)) event.preventDefault();
}

/* --- after the panel or the page was swapped ----------------------------------------------------------------------- */

function remember(event) {
  if (event.target.closest?.("#values-panel") === null) return;
  state.place = placeOf(event.target.closest("[data-line]"));
  state.step = event.target.querySelector?.("[data-confirm-line]") ? 1 : 0;
}

function settle(event) {
  const isPanel = event.target.id === "values-panel";
  for (const input of document.querySelectorAll("[data-page-seen]")) input.value = pageShown();
  drawBoxes();
  boxes()?.classList.toggle("is-picking", Boolean(form()));
  choose([]);
  if (!isPanel) return;
  const text = form()?.querySelector("[data-pick-text]");
  if (text) {
    text.focus({ preventScroll: true });
    text.select?.();
    text.closest("[data-line], .new-field")?.scrollIntoView({ block: "nearest" });
  } else if (state.place >= 0) focusLine(state.place + state.step);
}

document.addEventListener("pointerdown", onPointerDown);
document.addEventListener("pointermove", onPointerMove);
document.addEventListener("pointerup", onPointerUp);
document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("htmx:beforeRequest", remember);
document.addEventListener("htmx:afterSettle", settle);
settle({ target: panel() ?? document.body });
