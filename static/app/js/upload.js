// Uploading with progress: one request a file, three at a time. Files come from the file chooser or are dropped anywhere.
import { filesOf, watchDrops } from "./lib/drops.js";

const AT_ONCE = 3;
const place = document.querySelector("[data-upload]");
const list = document.querySelector("[data-upload-list]");
const summary = document.querySelector("[data-upload-summary]");
const template = document.querySelector("[data-upload-template]");
const waiting = [];
const counts = { total: 0, ended: 0, refused: 0 };
let running = 0;

function tell() {
  const left = counts.total - counts.ended;
  const refused = counts.refused ? `, ${counts.refused} not taken` : "";
  summary.textContent = left
    ? `Uploading ${counts.ended + 1} of ${counts.total}`
    : `${counts.total - counts.refused} of ${counts.total} uploaded${refused}`;
}

function show(file) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.querySelector("[data-name]").textContent = file.name;
  list.append(item);
  item.scrollIntoView({ block: "nearest" });
  return item;
}

function end(refused) {
  counts.ended += 1;
  if (refused) counts.refused += 1;
  tell();
}

function refuse(item, why, file) {
  item.classList.add("is-refused");
  item.querySelector("progress").remove();
  item.querySelector("[data-note]").textContent = `Not taken: ${why}`;
  if (file) offerRetry(item, file);
  end(true);
}

function offerRetry(item, file) {
  const button = item.querySelector("[data-retry]");
  button.hidden = false;
  button.addEventListener("click", () => {
    item.remove();
    counts.total -= 1;
    counts.ended -= 1;
    counts.refused -= 1;
    add([file]);
  });
}

// The server's line replaces ours: it links the document or says why the file was refused.
function replace(item, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const line = holder.content.firstElementChild;
  item.replaceWith(line);
  return line.dataset.outcome;
}

function answered(item, file, request) {
  const isLine = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/html") && !request.responseURL.includes("/login");
  if ([200, 201].includes(request.status) && isLine) {
    end(replace(item, request.responseText) === "refused");
    document.body.dispatchEvent(new CustomEvent("documents-changed"));
  } else if (request.status === 403) refuse(item, "you may not upload here, or you were logged out. Reload the page.");
  else refuse(item, `the server answered with an error (${request.status || "no answer"}).`, file);
}

function send({ item, file }) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", place.querySelector('[name="csrfmiddlewaretoken"]').value);
  body.append("tags", place.querySelector('[name="tags"]')?.value ?? "");
  body.append("files", file);
  const request = new XMLHttpRequest();
  const bar = item.querySelector("progress");
  const note = item.querySelector("[data-note]");
  note.textContent = "Uploading";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.upload.addEventListener("load", () => {
    note.textContent = "Storing";
  });
  request.addEventListener("loadend", () => {
    running -= 1;
    answered(item, file, request);
    next();
  });
  request.open("POST", place.dataset.url);
  request.send(body);
}

function next() {
  while (running < AT_ONCE && waiting.length) {
    running += 1;
    send(waiting.shift());
  }
}

/** Show files and send them; what is plainly too large is refused before it travels. */
function add(files) {
  if (!files.length) return;
  list.closest(".card").hidden = false;
  counts.total += files.length;
  for (const file of files) {
    const item = show(file);
    if (file.size > Number(place.dataset.maxBytes)) refuse(item, `the file is larger than ${place.dataset.maxMb} MB.`);
    else waiting.push({ item, file });
  }
  tell();
  next();
}

place.querySelector('input[type="file"]')?.addEventListener("change", (event) => {
  add([...event.target.files]);
  event.target.value = "";
});
document.querySelector("[data-tray-close]")?.addEventListener("click", () => {
  if (counts.ended === counts.total) list.replaceChildren();
  place.hidden = true;
});
addEventListener("beforeunload", (event) => {
  if (running || waiting.length) event.preventDefault();
});
watchDrops(async (transfer) => add(await filesOf(transfer)), document.querySelector("[data-drop-veil]"));
document.documentElement.dataset.uploads = "ready";
