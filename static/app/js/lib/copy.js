// Buttons with data-copy="ID" copy the value or text of that element.
import { toast } from "./toasts.js";

/** Listen for copy buttons, which stay hidden without script. */
export function startCopyButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.innerText);
      toast("Copied.", "success");
    } catch {
      source.select?.();
      toast("Your browser does not allow copying here: press Ctrl+C.", "warning");
    }
  });
}
