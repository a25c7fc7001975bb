"""What people say of a field: appended beside what machines read, never overwritten by them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from apps.accounts.models import User
from apps.core.errors import ConflictError, NotFoundError, UserError
from apps.core.generations import bump_on_commit
from apps.documents.models import Document, Page
from apps.documents.selectors import words_of
from apps.extraction.engine.fields.catalogue import organisation_keys
from apps.extraction.engine.fields.reading_text import typed_text
from apps.extraction.engine.fields.support import bare, box_of, words_under
from apps.extraction.engine.types import Box, Word
from apps.extraction.entities.services import organisations_named
from apps.extraction.fields.columns import InvalidValueError, Rows, checked_columns
from apps.extraction.fields.selectors.schemas import Field, field_of
from apps.extraction.fields.standing import WHOLE_FIELD, Standing, anchor_of
from apps.extraction.models import FieldValue, Method, ValueState

PRODUCER: Final = "person"
TYPED: Final = ("value_type", "value", "value_date", "value_number", "value_boolean", "value_table", "currency")
SAID: Final = ("value", "value_table", "currency")
PLACE: Final = ("raw_text", "page_number", "box", "words", "is_supported")


class UnknownFieldError(UserError):
    """The document's type has no such field."""

    code = "unknown_field"


@dataclass(frozen=True)
class Given:
    """What a person gave: a normalised value, or the text as it stands on a page, or the words it is made of."""

    value: str | Rows | None = None
    currency: str = ""
    raw_text: str = ""
    page: int | None = None
    box: Box | None = None
    words: tuple[int, ...] = ()


@dataclass(frozen=True)
class Decision:
    """A person's word and what counted before it."""

    before: FieldValue | None
    after: FieldValue


@dataclass
class _Place:
    page: int | None = None
    box: Box | None = None
    words: list[int] = field(default_factory=list)
    text: str = ""
    around: tuple[str, ...] = ()
    language: str | None = None


def field_set(*, document: Document, key: str, given: Given, target: FieldValue | None, by: User) -> Decision:
    """Record a person's value for a field; the same value as the machine's accepts that one.

    `target` is the value it stands in place of. Without one it stands for the whole field, and for a repeatable field
    it is one more value. The caller holds a transaction and the document's lock. Raises UnknownFieldError or
    InvalidValueError.
    """
    known = _field(document, key, target)
    target = target or (None if known.is_repeatable else current_value(document=document, key=key))
    place = _place(document, given)
    columns = _columns(known, given, place)
    after = _word(document, known, target, by)
    after.raw_text = given.raw_text or place.text or columns["value"]
    after.page_number, after.box, after.words = place.page, list(place.box) if place.box else None, place.words
    after.is_supported = place.box is None or bare(after.raw_text) in bare(place.text)
    after.state = ValueState.CORRECTED
    columns["currency"] = columns["currency"] or _known_currency(columns, target)
    if target is not None and all(columns[name] == getattr(target, name) for name in SAID):
        after.state = ValueState.ACCEPTED
        if place.page is None:
            _copy(target, after, PLACE)
    for name, column in columns.items():
        setattr(after, name, column)
    after.organisation_id = _organisation(document, after)
    return _stand(after, target)


def field_confirm(*, document: Document, target: FieldValue, by: User) -> Decision:
    """Record that a person found a value right, with the place the machine found it at. The caller holds the lock.

    Raises ConflictError where another value has taken its place, NotFoundError for what is no value.
    """
    if target.state == ValueState.REJECTED:
        raise NotFoundError("There is no such value.")
    known = _field(document, target.key, target)
    after = _word(document, known, target, by)
    _copy(target, after, (*TYPED, *PLACE, "organisation_id"))
    after.state = ValueState.ACCEPTED
    return _stand(after, target)


def field_reject(*, document: Document, key: str, target: FieldValue | None, by: User) -> Decision:
    """Record that a document has no such value; without a target: no value of this field at all."""
    known = _field(document, key, target)
    target = target or current_value(document=document, key=key)
    if known.is_repeatable and target is None:
        raise NotFoundError("This field has no value that could be rejected.")
    after = _word(document, known, target, by)
    after.value_type, after.value, after.raw_text = known.value_type, "", target.raw_text if target else ""
    after.value_table = [] if known.value_type == "table" else None
    if target is not None:
        after.page_number, after.box, after.words = target.page_number, target.box, target.words
    after.state, after.is_effective = ValueState.REJECTED, False
    return _stand(after, target)


def current_value(*, document: Document, key: str) -> FieldValue | None:
    """Return the first value of a field that counts, else a person's word that there is none."""
    values = FieldValue.objects.filter(document=document, key=key)
    human = values.filter(reading=None).order_by("-id").first()
    counting = values.filter(is_effective=True, reading__current_of=document).order_by("position").first()
    return human if human is not None and (human.is_effective or counting is None) else counting


def _field(document: Document, key: str, target: FieldValue | None) -> Field:
    if target is not None and (target.key != key or target.document_id != document.pk):
        raise NotFoundError("There is no such value.")
    if target is not None and _is_replaced(target):
        raise ConflictError("Another value stands in the place of this one by now.", code="replaced")
    known = field_of(document=document, key=key)
    if known is not None:
        return known
    if target is not None:  # of a schema that the document's type no longer has
        return Field(key=key, value_type=target.value_type, label=key, is_repeatable=target.position > 0)
    raise UnknownFieldError(f"Documents of this type have no field “{key}”.")


def _is_replaced(target: FieldValue) -> bool:
    """Tell whether a later word stands in the place of a value; a rejection counts until then, though it has none."""
    if target.is_effective:
        return False
    return not target.is_human or FieldValue.objects.filter(supersedes=target, reading=None).exists()


def _word(document: Document, known: Field, target: FieldValue | None, by: User) -> FieldValue:
    replaced = _anchor(target) if known.is_repeatable else WHOLE_FIELD
    version = document.versions.order_by("-number")[0]
    return FieldValue(
        workspace_id=document.workspace_id,
        document=document,
        version=version,
        spec_id=known.spec_id,
        key=known.key,
        position=target.position if target else _next_position(document, known),
        method=Method.HUMAN,
        producer=PRODUCER,
        supersedes=target if target is not None else None,
        replaced=replaced,
        by_id=by.pk,
        by_label=str(by),
    )


def _anchor(target: FieldValue | None) -> dict[str, Any] | None:
    """Return what the machine had said first: a later word stands in the same place as the one before it."""
    if target is None:
        return None
    return target.replaced or anchor_of(target) if target.is_human else anchor_of(target)


def _next_position(document: Document, known: Field) -> int:
    if not known.is_repeatable:
        return 0
    last = FieldValue.objects.filter(document=document, key=known.key).order_by("-position").first()
    return last.position + 1 if last else 0


def _known_currency(columns: dict[str, Any], target: FieldValue | None) -> str:
    """Return the currency of the amount that was there: who says another number need not say it again."""
    return target.currency if target is not None and columns["value_type"] == "amount" else ""


def _copy(source: FieldValue, target: FieldValue, names: Iterable[str]) -> None:
    for name in names:
        setattr(target, name, getattr(source, name))


def _place(document: Document, given: Given) -> _Place:
    """Find where the given value stands: its words, or those in its box; a value alone stands nowhere."""
    if given.page is None:
        if given.words or given.box:
            raise InvalidValueError("Say which page the words or the box are on.")
        return _Place()
    if given.box and not (given.box[0] < given.box[2] and given.box[1] < given.box[3]):
        raise InvalidValueError("Give the box as left, top, right, bottom: it must have an area.")
    page = Page.objects.filter(reading__current_of=document, number=given.page).first()
    if page is None:
        raise InvalidValueError(f"This document has no page {given.page}.")
    words = [Word(*row) for row in words_of(page_ids=[page.pk]).get(page.pk, [])]
    indices = list(given.words) or (words_under(words, given.box) if given.box else [])
    if any(not 0 <= index < len(words) for index in indices):
        raise InvalidValueError("The page has no such word.")
    chosen = [words[index] for index in indices]
    box = given.box or (box_of(chosen) if chosen else None)
    text = " ".join(word.text for word in chosen)
    return _Place(given.page, box, indices, text, (page.text,), page.language or None)


def _columns(known: Field, given: Given, place: _Place) -> dict[str, Any]:
    if given.value is not None:
        return checked_columns(known.value_type, given.value, given.currency)
    raw = given.raw_text or place.text
    if not raw.strip():
        raise InvalidValueError("Give a value, a text, or words that hold one.")
    read = typed_text(known.key, known.value_type, raw, around=place.around, language=place.language)
    if read is None:
        raise InvalidValueError(f"“{raw[:80]}” says no {known.value_type}.")
    return checked_columns(known.value_type, read.value, given.currency or read.currency)


def _organisation(document: Document, value: FieldValue) -> UUID | None:
    if value.key not in organisation_keys():
        return None
    return organisations_named(workspace_id=document.workspace_id, names=[value.value]).get(value.value)


def _stand(after: FieldValue, target: FieldValue | None) -> Decision:
    """Store a word and let it stand in the place of what it replaces, in every reading."""
    after.save()
    if target is not None and target.is_human:
        FieldValue.objects.filter(pk=target.pk).update(is_effective=False)
    if after.replaced == WHOLE_FIELD:  # of several too, from when the field was repeatable
        words = FieldValue.objects.filter(document_id=after.document_id, key=after.key, reading=None)
        words.exclude(pk=after.pk).update(is_effective=False)
    standing = Standing([after])
    machine = FieldValue.objects.filter(document_id=after.document_id, key=after.key, reading__isnull=False)
    replaced = [value.pk for value in machine.filter(is_effective=True) if standing.replaces(value)]
    FieldValue.objects.filter(pk__in=replaced).update(is_effective=False)
    bump_on_commit(after.workspace_id)
    return Decision(before=target, after=after)
