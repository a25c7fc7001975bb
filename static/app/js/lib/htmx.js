// Says so when a partial update failed; otherwise the page would just stay silent.
import { toast } from "./toasts.js";

/** Turn htmx's failures into messages. A body of the server's own partials is never shown as an error. */
export function startHtmx() {
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) toast("You are not allowed to do that, or you were logged out.", "error");
    else if (status === 404) toast("That is no longer there. Reload the page.", "error");
    else toast(`The server answered with an error (${status}).`, "error");
  });
  document.addEventListener("htmx:sendError", () => toast("The server cannot be reached.", "error"));
}
