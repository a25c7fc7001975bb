"""Durations in words a person reads at a glance."""

MINUTE_S, HOUR_S = 60, 3_600


def duration(seconds: float | None) -> str:
    """Say a measured duration: "0.8 s", "12 s", "3.5 min", "2.1 h"; a dash where nothing was measured."""
    if seconds is None:
        return "-"
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    if seconds < MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < HOUR_S:
        return f"{seconds / MINUTE_S:.1f} min"
    return f"{seconds / HOUR_S:.1f} h"


def time_left(seconds: float | None) -> str:
    """Say an expected duration, roughly, as it is a forecast; nothing where there is none."""
    if seconds is None:
        return ""
    if seconds < MINUTE_S:
        return "less than a minute left"
    if seconds < HOUR_S:
        minutes = round(seconds / MINUTE_S)
        return f"about {minutes} minute{'s' if minutes > 1 else ''} left"
    hours = round(seconds / HOUR_S)
    return f"about {hours} hour{'s' if hours > 1 else ''} left"
