// Answering questions without the mouse: j and k move, Enter presses the focused button, 1 to 3 choose another type.
function isTyping(element) {
  return ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
}

function questions() {
  return [...document.querySelectorAll("[data-question]")];
}

function current() {
  return document.activeElement.closest("[data-question]");
}

function move(step) {
  const all = questions();
  const place = all.indexOf(current());
  const next = all[place < 0 ? 0 : Math.min(Math.max(place + step, 0), all.length - 1)];
  next?.querySelector("[data-answer='yes']")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (/^[1-3]$/.test(event.key)) current()?.querySelector(`[data-answer="${event.key}"]`)?.click();
  else return;
  event.preventDefault();
});

// After the last answer there is no button left to focus: stay at the section.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "questions" && !document.getElementById("questions")) return;
  if (document.activeElement === document.body) document.getElementById("questions").focus();
});
