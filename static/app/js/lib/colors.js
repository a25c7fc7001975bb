// The theme's colours for code that draws (charts): CSS variables resolved to what the browser paints.
const probe = document.createElement("span");
probe.hidden = true;

/** Resolve a CSS variable such as "--di-chart-1" to a colour; ask again after a "docintel:theme" event. */
export function cssColor(name) {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}
