// The page viewer: what a word is, where a value, table or mention lies, zoom, and the arrow keys.
import { hintPlace, markLink, pageShown, revealShown, showPlace } from "./lib/places.js";

const ZOOMS = [1, 1.5, 2, 3];
const view = { zoom: 0, showsWords: false };

function svgOf() {
  return document.querySelector(".page-boxes");
}

function pick(rect) {
  for (const each of document.querySelectorAll(".is-picked")) each.classList.remove("is-picked");
  rect.classList.add("is-picked");
  const place = document.querySelector("[data-picked-text]");
  const word = document.createElement("strong");
  word.textContent = rect.dataset.word;
  const how = rect.dataset.percent ? ` recognised, ${rect.dataset.percent} sure` : " from the file's own text";
  place.replaceChildren(word, how);
}

// scrollIntoView would move the whole page as well.
function showThumbnail() {
  const strip = document.querySelector(".thumbnails");
  const current = strip?.querySelector("[aria-current]");
  if (!current) return;
  strip.scrollTop = current.offsetTop - strip.clientHeight / 3;
  strip.scrollLeft = current.offsetLeft - strip.clientWidth / 3;
}

/** Put zoom and word boxes back after a page was swapped in. */
function apply() {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  const zoom = ZOOMS[view.zoom];
  sheet.style.setProperty("--zoom", zoom);
  const picture = sheet.querySelector(".page-picture");
  if (zoom > 1 && picture.getAttribute("src") !== picture.dataset.large) picture.src = picture.dataset.large;
  svgOf().classList.toggle("show-words", view.showsWords);
  document.querySelector("[data-toggle-words]")?.setAttribute("aria-pressed", String(view.showsWords));
  picture.addEventListener("error", () => {
    sheet.querySelector(".page-broken").hidden = false;
    picture.hidden = true;
  }, { once: true });
  showThumbnail();
}

function zoom(direction) {
  view.zoom = Math.min(Math.max(view.zoom + direction, 0), ZOOMS.length - 1);
  apply();
}

function toggleWords() {
  view.showsWords = !view.showsWords;
  apply();
}

function onClick(event) {
  const word = event.target.closest("[data-word]");
  const box = event.target.closest(".page-boxes [data-anchor]");
  if (word) {
    if (!document.querySelector("[data-pick-form]")) pick(word);
  } else if (box) showPlace(box.dataset.anchor);
  else if (event.target.closest("[data-toggle-words]")) toggleWords();
  else if (event.target.closest("[data-zoom]")) zoom(event.target.closest("[data-zoom]").dataset.zoom === "in" ? 1 : -1);
}

// Before htmx hears of the click: what lies on the page shown needs no other page.
function onLink(event) {
  const link = event.target.closest("[data-show]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.dataset.page && link.dataset.page !== pageShown()) {
    markLink(link.dataset.show);
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  link.focus();
  showPlace(link.dataset.show);
  if (link.dataset.page) history.replaceState(history.state, "", link.href);
}

const KEYS = {
  ArrowLeft: () => document.querySelector('#viewer [rel="prev"]')?.click(),
  ArrowRight: () => document.querySelector('#viewer [rel="next"]')?.click(),
  "+": () => zoom(1),
  "-": () => zoom(-1),
  w: toggleWords,
};

function onKey(event) {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (!document.querySelector("#viewer .viewer-main")) return;
  // A magnified page scrolls sideways with the arrows while it has the focus.
  if (event.key.startsWith("Arrow") && view.zoom > 0 && event.target.closest(".page-scroll")) return;
  KEYS[event.key]?.();
}

document.addEventListener("click", onLink, true);
document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("pointerover", (event) => {
  const link = event.target.closest("[data-show]");
  hintPlace(link?.dataset.show ?? "");
});
document.addEventListener("htmx:afterSettle", (event) => {
  apply();
  if (event.target.id === "viewer") revealShown();
});
apply();
revealShown();
