"""Whether the pages show what a file says of itself: people read the page, programs the data, and both must agree."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import structs

from apps.extraction.engine.fields.support import bare
from apps.extraction.engine.fields.types import FieldReading
from apps.extraction.engine.types import PageReading

# What an invoice must show as it says it. Names are shortened, terms are told in days, references left out.
_MUST_BE_SHOWN: Final = frozenset({"invoice_number", "issue_date", "grand_total"})
# Whatever is read there instead is told: numbers with check digits are read right or not at all.
_TOLD: Final = _MUST_BE_SHOWN | {"iban", "seller_vat_id"}
_SURE: Final = 0.9  # probability from which any other value read on a page is believed against the data

# How checks begin that tell of a page, or of another source in the file, that says something else.
DIFFERENCE: Final = re.compile(r"failed: (?:page \d+ shows |the [\w' ]+ says |not found on the pages)")


def compared(
    embedded: Sequence[FieldReading], read: Sequence[FieldReading], pages: Sequence[PageReading]
) -> list[FieldReading]:
    """Return the embedded values, placed already, with what the pages say to them.

    Each gets a check: `ok` where a page shows it, `failed` where the pages name another value or do not show what must
    be shown, `note` where a value is only not printed. What was read instead becomes an alternative.
    """
    if not any(page.words for page in pages):
        return list(embedded)
    others = {reading.key: reading for reading in reversed(read)}
    is_recognised = any(page.text_source in {"ocr", "mixed"} for page in pages)
    return [_checked(value, others.get(value.key), is_recognised=is_recognised) for value in embedded]


def _checked(value: FieldReading, other: FieldReading | None, *, is_recognised: bool) -> FieldReading:
    if value.value_type == "table":
        return value
    if value.page is not None:
        return structs.replace(value, checks=[*value.checks, f"ok: shown on page {value.page}"])
    if other is not None and _differs(value, other) and (value.key in _TOLD or (other.confidence or 0) >= _SURE):
        message = f"failed: page {other.page} shows {other.value}"
        return structs.replace(value, checks=[*value.checks, message], alternatives=[*value.alternatives, other])
    # Recognition misreads: what it did not find may be there.
    kind = "failed" if value.key in _MUST_BE_SHOWN and not is_recognised else "note"
    return structs.replace(value, checks=[*value.checks, f"{kind}: not found on the pages"])


def _differs(value: FieldReading, other: FieldReading) -> bool:
    return bare(str(value.value)) != bare(str(other.value))
