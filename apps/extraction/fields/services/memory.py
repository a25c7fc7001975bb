"""What people showed, remembered for later documents, and what it proposes on one."""

from collections.abc import Sequence
from typing import Final

import msgspec

from apps.core.prepared import Given, Prepared
from apps.documents.models import Document
from apps.extraction.engine.fields.memory import Place, Remembered, place_of, recall, template_of
from apps.extraction.engine.fields.memory.joining import joined
from apps.extraction.engine.fields.support import bare
from apps.extraction.engine.fields.types import FieldReading
from apps.extraction.engine.types import PageReading
from apps.extraction.fields.selectors.schemas import Field
from apps.extraction.fields.services.decisions import Decision
from apps.extraction.models import Example, FieldValue, ValueState
from apps.extraction.selectors import page_readings

MOST_EXAMPLES: Final = 400  # of a workspace and type, the newest: if none fits, 15 to 23 ms on a page of 640 words
_SHOWN: Final = Prepared(
    lambda: (
        Example.objects.filter(workspace_id=Given("workspace_id"), document_type=Given("document_type"))
        .exclude(document_id=Given("document_id"))
        .order_by("-id")[:MOST_EXAMPLES]
    )
)


def decision_remember(*, document: Document, decision: Decision) -> None:
    """Remember where a person saw a value, or that it is not where the machine saw it.

    Who takes back a value that a person gave takes back the example too. A value that was accepted as an extractor
    found it teaches nothing: the extractor finds the next one too.
    """
    before, after = decision.before, decision.after
    if after.state == ValueState.REJECTED:
        if before is not None and before.is_human:
            Example.objects.filter(document=document, key=before.key, is_right=True).delete()
        elif before is not None:
            _remember(document, before, is_right=False)
        return
    is_known = after.state == ValueState.ACCEPTED and before is not None and not before.producer.startswith("memory")
    if not is_known:
        _remember(document, after, is_right=True)


def _remember(document: Document, value: FieldValue, *, is_right: bool) -> None:
    if value.page_number is None or not value.words or document.current_reading_id is None:
        return
    wanted = {1, value.page_number}
    numbers = {
        number: page
        for number in wanted
        for page in page_readings(reading_id=document.current_reading_id, first=number, last=number)
    }
    page, first = numbers.get(value.page_number), numbers.get(1)
    if page is None or max(value.words) >= len(page.words):
        return
    Example.objects.filter(document=document, key=value.key, is_right=is_right).delete()
    Example.objects.create(
        workspace_id=document.workspace_id,
        document=document,
        document_type=document.type_label,
        key=value.key,
        value_type=value.value_type,
        is_right=is_right,
        place=msgspec.to_builtins(place_of(page, value.words)),
        template=template_of(first or page),
    )


def remembered_for(*, document: Document, document_type: str, fields: Sequence[Field]) -> list[Remembered]:
    """Return what people showed on other documents of a type, newest first, and the rules of its schema last."""
    rows = _SHOWN.rows(workspace_id=document.workspace_id, document_type=document_type, document_id=document.pk)
    examples = [
        Remembered(
            key=row.key,
            value_type=row.value_type,
            place=msgspec.convert(row.place, Place),
            template=row.template,
            is_right=row.is_right,
        )
        for row in rows
    ]
    known = {field.key for field in fields}
    return [each for each in examples if each.key in known] + [
        rule for field in fields for rule in _rules(field) if field.rule.get("labels")
    ]


def _rules(field: Field) -> list[Remembered]:
    shape = str(field.rule.get("shape", ""))
    labels = [[bare(word) for word in str(label).split()] for label in field.rule.get("labels", ())]
    places = [Place(left=[word for word in words if word], shape=shape) for words in labels]
    return [Remembered(key=field.key, value_type=field.value_type, place=place) for place in places]


def with_memory(
    *,
    document: Document,
    document_type: str,
    fields: Sequence[Field],
    pages: Sequence[PageReading],
    found: Sequence[FieldReading],
) -> list[FieldReading]:
    """Return what extractors found together with what the memory proposes on a document's pages.

    `fields` are those that documents of the type have: others are not proposed.
    """
    remembered = remembered_for(document=document, document_type=document_type, fields=fields)
    if not remembered:
        return list(found)
    repeatable = {field.key for field in fields if field.is_repeatable}
    return joined(found, recall(pages, remembered), repeatable=repeatable)
