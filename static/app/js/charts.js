// Draws charts with Chart.js from plain data; colours come from CSS variables and follow the theme.
import { cssColor } from "./lib/colors.js";

const whole = { precision: 0, maxTicksLimit: 5 };

function scale(colors, isValue) {
  return {
    grid: { display: isValue, color: colors.grid, drawTicks: false },
    border: { display: false },
    ticks: { color: colors.text, padding: 6, ...(isValue ? whole : { autoSkip: true, maxRotation: 0 }) },
    beginAtZero: true,
  };
}

function configuration(chart) {
  const colors = { text: cssColor("--tblr-secondary"), grid: cssColor("--di-chart-grid") };
  const lies = chart.kind === "rows";
  const stacked = chart.kind === "stacked";
  const value = { ...scale(colors, true), stacked };
  const label = { ...scale(colors, false), stacked };
  if (lies) label.ticks = { ...label.ticks, autoSkip: false };
  return {
    type: "bar",
    data: {
      labels: chart.labels,
      datasets: chart.series.map((series) => ({
        label: series.label,
        data: series.values,
        backgroundColor: cssColor(series.color),
        borderRadius: 4,
        borderSkipped: lies ? "left" : "bottom",
        maxBarThickness: lies ? 18 : 26,
      })),
    },
    options: {
      indexAxis: lies ? "y" : "x",
      maintainAspectRatio: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 300 },
      scales: lies ? { x: value, y: label } : { x: label, y: value },
      plugins: {
        legend: {
          display: chart.series.length > 1,
          align: "end",
          labels: { color: colors.text, boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: 3 },
        },
        tooltip: { intersect: false, mode: "index", axis: lies ? "y" : "x" },
      },
    },
  };
}

/** Draw a chart into a canvas, or draw it anew; the canvas then says data-drawn. */
export function drawChart(canvas, chart) {
  const { Chart } = globalThis;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const drawn = Chart.getChart(canvas);
  const wanted = configuration(chart);
  if (drawn) {
    Object.assign(drawn.data, wanted.data);
    drawn.options = wanted.options;
    drawn.update("none");
  } else {
    new Chart(canvas, wanted);
  }
  canvas.setAttribute("aria-label", chart.summary);
  canvas.dataset.drawn = "yes";
}
