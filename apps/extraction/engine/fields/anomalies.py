"""What does not fit together in a document's values, gathered from their failed checks."""

from collections.abc import Sequence
from typing import Final

from apps.extraction.engine.fields.embedded.comparing import DIFFERENCE
from apps.extraction.engine.fields.types import Anomaly, FieldReading

_FAILED: Final = "failed: "


def anomalies_of(values: Sequence[FieldReading]) -> list[Anomaly]:
    """Return one anomaly for each failed check; a sentence that stands with several values is told once."""
    found: dict[tuple[str, str], Anomaly] = {}
    for value in values:
        for check in value.checks:
            if check.startswith(_FAILED):
                _gather(found, value, check)
    return list(found.values())


def _gather(found: dict[tuple[str, str], Anomaly], value: FieldReading, check: str) -> None:
    is_difference = value.method == "embedded" and DIFFERENCE.match(check) is not None
    place = (value.key if is_difference else "", check)
    if place in found:
        found[place].keys.append(value.key)
        return
    found[place] = Anomaly(
        code="data_differs" if is_difference else "check_failed",
        keys=[value.key],
        message=check.removeprefix(_FAILED),
        page=value.page,
    )
