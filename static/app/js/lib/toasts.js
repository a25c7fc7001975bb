// Short messages in the corner, and the close buttons of all messages.

const ICONS = { success: "circle-check", warning: "alert-triangle", error: "alert-circle" };

/** Show a message; `level` is info, success, warning or error. Errors stay until closed. */
export function toast(text, level = "info") {
  const template = document.getElementById("toast-template");
  const notice = template.content.firstElementChild.cloneNode(true);
  notice.classList.add(`notice-${level}`);
  notice.querySelector("[data-toast-text]").textContent = text;
  const icon = notice.querySelector("use");
  icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, `#${ICONS[level] ?? "info-circle"}`));
  document.getElementById("toasts").append(notice);
  if (level !== "error") setTimeout(() => notice.remove(), 6000);
}

/** Let people close messages, and let a page or the server (HX-Trigger: {"toast": {...}}) show one. */
export function startToasts() {
  document.addEventListener("click", (event) => event.target.closest("[data-notice-close]")?.closest(".notice").remove());
  document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.level));
}
