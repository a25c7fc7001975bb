// Light, dark or automatic colours; the choice lives in a cookie that the server renders into <html data-bs-theme>.
const YEAR_S = 365 * 24 * 3600;

function mark(theme) {
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === theme));
  }
}

/** Wire the theme buttons, which stay hidden without script. */
export function startTheme() {
  const root = document.documentElement;
  for (const chooser of document.querySelectorAll("[data-theme-chooser]")) chooser.hidden = false;
  mark(root.dataset.bsTheme);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-set]");
    if (!button) return;
    const theme = button.dataset.themeSet;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `docintel_theme=${theme}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
    root.dataset.bsTheme = theme;
    mark(theme);
    document.dispatchEvent(new CustomEvent("docintel:theme"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    if (root.dataset.bsTheme === "auto") document.dispatchEvent(new CustomEvent("docintel:theme"));
  });
}
