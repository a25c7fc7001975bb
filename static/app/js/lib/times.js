// <time data-relative>: shows "3 minutes ago" and keeps it true; the title gives the reader's local time.
const STEPS = [
  [60, "second", 1],
  [3600, "minute", 60],
  [86400, "hour", 3600],
  [2592000, "day", 86400],
  [31536000, "month", 2592000],
  [Infinity, "year", 31536000],
];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });

/** Say how far a moment is from now, in English words. */
export function relative(moment, now = Date.now()) {
  const seconds = (moment - now) / 1000;
  const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  return unit === "second" && seconds <= 0 ? "just now" : words.format(Math.round(seconds / size), unit);
}

function refresh() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const moment = new Date(element.dateTime);
    element.textContent = relative(moment.getTime());
    element.title = whole.format(moment);
  }
}

/** Refresh now, every minute, and after htmx has swapped content in. */
export function startTimes() {
  refresh();
  setInterval(refresh, 60_000);
  document.addEventListener("htmx:afterSwap", refresh);
}
