"""Gives a sample's document the values that a perfect reader would find, each at its place on the page."""

from collections.abc import Mapping, Sequence

from apps.documents.models import Document
from apps.extraction.engine.fields.reading_text import typed_text
from apps.extraction.engine.fields.support import bare, box_of
from apps.extraction.engine.fields.types import FieldReading, LineItem, Method, ValueType
from apps.extraction.engine.types import PageReading
from apps.extraction.fields.selectors.schemas import fields_of_document
from apps.extraction.fields.services.store import Found, fields_store
from apps.extraction.models import FieldValue
from apps.extraction.selectors import page_readings
from apps.pipeline.samples.model import Truth

MOST_WORDS = 12


def placed(
    pages: Sequence[PageReading], key: str, value_type: ValueType, value: str, *, confidence: float | None = 0.93
) -> FieldReading | None:
    """Return the value at the first words of the pages that say it."""
    for page in pages:
        for first in range(len(page.words)):
            for last in range(first + 1, min(first + MOST_WORDS, len(page.words)) + 1):
                raw = " ".join(word.text for word in page.words[first:last])
                if _says(key, value_type, raw, value):
                    words = list(range(first, last))
                    return FieldReading(
                        key=key,
                        value=value,
                        value_type=value_type,
                        raw_text=raw,
                        method="rule",
                        producer="test-1",
                        confidence=confidence,
                        page=page.number,
                        box=box_of(page.words[index] for index in words),
                        words=words,
                        currency="USD" if value_type == "amount" else "",
                    )
    return None


def _says(key: str, value_type: ValueType, raw: str, value: str) -> bool:
    if value_type in {"text", "identifier"}:
        return bare(raw) == bare(value)
    read = typed_text(key, value_type, raw)
    return read is not None and read.value == value


def items_of(rows: Sequence[Mapping[str, str]], method: Method = "rule") -> FieldReading:
    """Return line items without a place."""
    return FieldReading(
        key="line_items",
        value=[LineItem(**{name: str(text) for name, text in row.items()}) for row in rows],
        value_type="table",
        raw_text="",
        method=method,
        producer="test-1",
    )


def give_values(document: Document, truth: Truth, *, left_out: Sequence[str] = ()) -> list[FieldValue]:
    """Store the true values of a document that its pages show, as a machine would have read them."""
    assert document.current_reading is not None
    pages = page_readings(reading_id=document.current_reading.pk, first=1, last=9)
    kinds = {field.key: field.value_type for field in fields_of_document(document=document)}
    found: list[FieldReading] = []
    for key, value in truth.fields.items():
        if key in left_out or key not in kinds:
            continue
        for each in (value,) if isinstance(value, str) else value:
            reading = placed(pages, key, kinds[key], each)  # type: ignore[arg-type]  # the schema's kinds are these
            found += [reading] if reading else []
    if truth.line_items and "line_items" not in left_out:
        found.append(items_of(truth.line_items))
    return fields_store(reading=document.current_reading, found=Found(found, document.type_label), pages=pages)
