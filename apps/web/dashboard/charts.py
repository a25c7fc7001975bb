"""The dashboard's charts as data: one shape for the script that draws them and for the table beside each."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from apps.web.documents.types import type_title

MOST_TYPES: Final = 11


@dataclass(frozen=True)
class Series:
    """One row of values; `color` names a CSS variable."""

    label: str
    values: list[int]
    color: str


@dataclass(frozen=True)
class Chart:
    """A chart; `kind` is bars, rows (bars that lie) or stacked."""

    id: str
    kind: str
    summary: str
    axis: str
    labels: list[str]
    series: list[Series]

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """The rows of the table: a label and one value for each series."""
        return [(label, [each.values[place] for each in self.series]) for place, label in enumerate(self.labels)]

    @property
    def data(self) -> dict[str, Any]:
        """Everything as JSON-able values."""
        return asdict(self)


def charts_of(figures: dict[str, Any]) -> dict[str, Chart]:
    """Make the charts of a workspace's figures."""
    return {
        "received": _received(figures["documents"]["by_day"]),
        "types": _types(figures["documents"]["by_type"]),
        "hours": _hours(figures["throughput_24_h"]["by_hour"]),
    }


def _received(days: list[dict[str, Any]]) -> Chart:
    counts = [day["count"] for day in days]
    return Chart(
        id="received",
        kind="bars",
        summary=f"Documents received on each of the last {len(days)} days, {sum(counts)} in all.",
        axis="Day",
        labels=[f"{(day := date.fromisoformat(each['day'])).day} {day:%b}" for each in days],
        series=[Series("Documents", counts, "--di-chart-1")],
    )


def _types(types: list[dict[str, Any]]) -> Chart:
    named = [(type_title(each["type"]), each["count"]) for each in types]
    shown, rest = named[:MOST_TYPES], named[MOST_TYPES:]
    if rest:
        shown.append((f"{len(rest)} more types", sum(count for _, count in rest)))
    return Chart(
        id="types",
        kind="rows",
        summary="Documents by type: " + ", ".join(f"{title} {count}" for title, count in shown) + ".",
        axis="Type",
        labels=[title for title, _ in shown],
        series=[Series("Documents", [count for _, count in shown], "--di-chart-2")],
    )


def _hours(hours: list[dict[str, Any]]) -> Chart:
    failed = [each["failed"] for each in hours]
    done = [each["documents"] - each["failed"] for each in hours]
    return Chart(
        id="hours",
        kind="stacked",
        summary=f"Documents processed in each of the last 24 hours: {sum(done)} read, {sum(failed)} failed.",
        axis="Hour (UTC)",
        labels=[f"{datetime.fromisoformat(each['hour']):%H:%M}" for each in hours],
        series=[Series("Read", done, "--di-chart-1"), Series("Failed", failed, "--di-chart-4")],
    )
