"""Documents by their values: `field.<key>`, `field.<key>__gte`, `field.<key>__lte`, and fields that are missing."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from apps.core.errors import UserError
from apps.documents.models import Document
from apps.extraction.fields.selectors.values import counts_in
from apps.extraction.models import INDEXED_LENGTH, FieldValue

NAME: Final = re.compile(r"field\.(?P<key>[a-z0-9]+(?:_[a-z0-9]+)*)(?:__(?P<bound>gte|lte))?")
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER: Final = re.compile(r"-?\d{1,16}(\.\d{1,10})?")


class InvalidFilterError(UserError):
    """A filter of fields cannot be understood."""

    code = "invalid_filter"


def with_field(*, documents: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
    """Keep the documents with a value: `name` is `field.<key>`, with `__gte` or `__lte` behind it for a bound.

    A person's word counts before what machines read. Raises InvalidFilterError.
    """
    parts = NAME.fullmatch(name)
    if parts is None or "\x00" in value:
        raise InvalidFilterError("Write field.<key>, field.<key>__gte or field.<key>__lte.")
    values = _counting(parts["key"])
    if parts["bound"] is None:
        values = _with_number(values, value) if NUMBER.fullmatch(value) else with_text(values, value)
    else:
        column, bound = _bound(value)
        values = values.filter(**{f"{column}__{parts['bound']}": bound})
    return documents.filter(Exists(values))


def with_text(values: QuerySet[FieldValue], text: str) -> QuerySet[FieldValue]:
    """Keep the values of this very text, by the index of their first characters."""
    found = values.alias(start=Left("value", INDEXED_LENGTH)).filter(start=text[:INDEXED_LENGTH])
    # Asked for twice, PostgreSQL guesses that far fewer pass, and sorts all of a common value to show fifty.
    return found.filter(value=text) if len(text) >= INDEXED_LENGTH else found


def _with_number(values: QuerySet[FieldValue], text: str) -> QuerySet[FieldValue]:
    """Keep the values of this text, and the amounts and numbers that are as large: each has an index of its own."""
    start = Left("value", INDEXED_LENGTH)  # no number is as long
    return values.alias(start=start).filter(Q(start=text) | Q(value_number=Decimal(text)))


def with_field_saying(*, documents: QuerySet[Document], key: str, text: str) -> QuerySet[Document]:
    """Keep the documents with a value of a field that holds a text somewhere, in whatever case."""
    return documents.filter(Exists(_counting(key).filter(value__icontains=text)))


def without_field(*, documents: QuerySet[Document], key: str) -> QuerySet[Document]:
    """Keep the documents without any value of a field, such as contracts without a clause."""
    return documents.filter(~Exists(_counting(key)))


def _counting(key: str) -> QuerySet[FieldValue]:
    return FieldValue.objects.filter(
        counts_in(OuterRef("current_reading_id")),
        document_id=OuterRef("pk"),
        workspace_id=F("document__workspace_id"),
        key=key,
    )


def _bound(value: str) -> tuple[str, Any]:
    """Read a bound as a day or a number, and name the column it is compared with."""
    try:
        if DAY.fullmatch(value):
            return "value_date", date.fromisoformat(value)
        if NUMBER.fullmatch(value):
            return "value_number", Decimal(value)
    except ValueError:  # a day that no calendar has
        pass
    raise InvalidFilterError("Give a day such as 2026-03-31 or a number such as 99.50.")
