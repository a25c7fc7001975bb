// Starts what every page has. Pages add their own modules in {% block scripts %}.
import { startCopyButtons } from "./lib/copy.js";
import { startDialogs } from "./lib/dialogs.js";
import { startHtmx } from "./lib/htmx.js";
import { startMenus } from "./lib/menus.js";
import { startShortcuts } from "./lib/shortcuts.js";
import { startTabs } from "./lib/tabs.js";
import { startTheme } from "./lib/theme.js";
import { startTimes } from "./lib/times.js";
import { startToasts } from "./lib/toasts.js";

document.documentElement.classList.add("has-js");
startMenus();
startDialogs();
startTabs();
startTheme();
startTimes();
startToasts();
startCopyButtons();
startShortcuts();
startHtmx();
