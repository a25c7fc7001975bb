"""User agents in words, such as "Firefox on Linux": what a person recognises their own browser by."""

from typing import Final

from django import template

register = template.Library()
# The first part that is found decides, so the order matters: Edge and Opera call themselves Chrome, and Chrome Safari.
BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
PHONES: Final = ("iPhone", "Mobile")


def _first(parts: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((words for part, words in parts if part in user_agent), "")


@register.filter
def browser_words(user_agent: str) -> str:
    """Name the browser and the system."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    return " on ".join(part for part in (browser or "Unknown browser", system) if part)


@register.filter
def browser_icon(user_agent: str) -> str:
    """Return the icon of the device."""
    return "phone" if any(part in user_agent for part in PHONES) else "device-laptop"
