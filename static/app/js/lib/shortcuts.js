// "/" goes to the search box. Pages with more keys of their own list them in their help.

function isTyping(element) {
  return element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
}

/** Listen for the keys that work on every page. */
export function startShortcuts() {
  const search = document.getElementById("global-search");
  document.addEventListener("keydown", (event) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key !== "/" || modified || !search || isTyping(event.target)) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}
