"""How a cell's value is shown."""

import datetime as dt
from typing import TypeAlias

from apps.extraction.engine.readers.sheets.formats import NumberFormat

Value: TypeAlias = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

_MOST_EXACT = 1e15  # beyond it a double cannot tell whole numbers apart


def shown(value: Value, form: NumberFormat | None = None) -> str:
    """Return a value as a person reads it: whole numbers without a fraction, dates as ISO 8601."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, form)
    if isinstance(value, dt.datetime):
        return _moment(value)
    return _duration(value) if isinstance(value, dt.timedelta) else value.isoformat()


def _number(value: float, form: NumberFormat | None) -> str:
    if form is not None:
        return f"{value:.{form.decimals}{'%' if form.is_percent else 'f'}}"
    is_whole = isinstance(value, int) or (value.is_integer() and abs(value) < _MOST_EXACT)
    return str(int(value)) if is_whole else f"{value:.15g}"


def _moment(value: dt.datetime) -> str:
    if value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat(sep=" ", timespec="seconds" if value.second or value.microsecond else "minutes")


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
