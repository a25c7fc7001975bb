// The dashboard's charts: drawn once, then again when new figures came in or the theme changed.
import { drawChart } from "./charts.js";

let shown = "";

function drawAll(force) {
  const source = document.getElementById("chart-values");
  if (!source || (!force && source.textContent === shown)) return;
  shown = source.textContent;
  const charts = JSON.parse(shown);
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) drawChart(canvas, charts[canvas.dataset.chart]);
}

drawAll(true);
document.addEventListener("docintel:theme", () => drawAll(true));
document.addEventListener("htmx:afterSettle", () => drawAll(false));
