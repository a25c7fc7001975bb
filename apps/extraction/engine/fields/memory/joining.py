"""What the memory recalls beside what the extractors found: which of the two counts."""

from collections.abc import Collection, Sequence

import msgspec

from apps.extraction.engine.fields.types import FieldReading


def joined(
    found: Sequence[FieldReading], recalled: Sequence[FieldReading], *, repeatable: Collection[str] = ()
) -> list[FieldReading]:
    """Return the values of both.

    One shown on the same layout goes before what an extractor thinks, which stays one click away; one that only stands
    beside like words fills a gap. Data inside the file, and the values of repeatable fields, are never replaced.
    """
    values = list(found)
    for recall in recalled:
        there = [place for place, value in enumerate(values) if value.key == recall.key]
        if not there:
            values.append(recall)
        elif recall.method == "rule" and recall.key not in repeatable and values[there[0]].method != "embedded":
            other = values[there[0]]
            if other.value != recall.value:
                alternatives = [msgspec.structs.replace(other, alternatives=[]), *other.alternatives]
                values[there[0]] = msgspec.structs.replace(recall, alternatives=alternatives)
    return values
