"""Filters of the list of documents and of the values found in them."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django_filters.constants import EMPTY_VALUES
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from apps.api.permissions import workspace_of
from apps.documents.models import Document, DocumentStatus
from apps.extraction.models import FieldValue
from apps.search.selectors import documents_with_words

FIELD: Final = re.compile(r"field\.(?P<key>[a-z0-9]+(?:_[a-z0-9]+)*)(?:__(?P<bound>gte|lte))?")
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER: Final = re.compile(r"-?\d{1,16}(\.\d{1,10})?")
STATUSES: Final = [(value.lower(), label) for value, label in DocumentStatus.choices]


class Words(filters.BaseInFilter, filters.CharFilter):
    """Any of several words, separated by commas."""


class Statuses(filters.BaseInFilter, filters.ChoiceFilter):
    """Any of several statuses, separated by commas."""

    def filter(self, documents: QuerySet[Document], value: list[str] | None) -> QuerySet[Document]:
        """Compare with the database's own spelling."""
        if value in EMPTY_VALUES:
            return documents
        return documents.filter(status__in=[each.upper() for each in value or ()])


class DocumentFilter(filters.FilterSet):
    """Filters of documents; `field.<key>` and its bounds are read from the query by hand."""

    type = Words(field_name="type_label", lookup_expr="in", help_text="Any of these types.")
    status = Statuses(choices=STATUSES, help_text="Any of these statuses.")
    parent = filters.UUIDFilter(field_name="parent_id", help_text="The parts of this document.")
    tag = filters.CharFilter(field_name="tags__name", help_text="A tag it has.")
    created_after = filters.IsoDateTimeFilter(
        field_name="received_at", lookup_expr="gte", help_text="From this moment."
    )
    created_before = filters.IsoDateTimeFilter(
        field_name="received_at", lookup_expr="lt", help_text="Before this moment."
    )
    q = filters.CharFilter(method="by_words", help_text="Words in the text, the title or the file's name.")

    def by_words(self, documents: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Keep documents with all the words on one page, or the phrase in their name."""
        found = documents_with_words(workspace_id=workspace_of(cast(Request, self.request)), words=value)
        return documents.filter(Q(pk__in=found) | Q(title__icontains=value) | Q(file_name__icontains=value))

    def filter_queryset(self, queryset: QuerySet[Document]) -> QuerySet[Document]:
        """Apply the declared filters, then those of fields."""
        found: QuerySet[Document] = super().filter_queryset(queryset)
        given = cast(QueryDict, self.data)
        for name in given:
            if name.startswith("field."):
                for value in given.getlist(name):
                    found = found.filter(Exists(_values(name, value)))
        return found


def _values(name: str, value: str) -> QuerySet[FieldValue]:
    """Choose the values of the document's current reading that a parameter asks for."""
    parts = FIELD.fullmatch(name)
    if parts is None or "\x00" in value:
        raise ValidationError({name: "Write field.<key>, field.<key>__gte or field.<key>__lte."})
    values = FieldValue.objects.filter(reading_id=OuterRef("current_reading_id"), key=parts["key"])
    if parts["bound"] is None:
        return values.filter(value=value)
    column, bound = _bound(name, value)
    return values.filter(**{f"{column}__{parts['bound']}": bound})


def _bound(name: str, value: str) -> tuple[str, Any]:
    """Read a bound as a day or a number, and name the column it is compared with."""
    try:
        if DAY.fullmatch(value):
            return "value_date", date.fromisoformat(value)
        if NUMBER.fullmatch(value):
            return "value_number", Decimal(value)
    except ValueError:  # a day that no calendar has
        pass
    raise ValidationError({name: "Give a day such as 2026-03-31 or a number such as 99.50."})


class FieldFilter(filters.FilterSet):
    """Filters of values."""

    key = Words(field_name="key", lookup_expr="in", help_text="Any of these keys.")
    type = Words(field_name="document_type", lookup_expr="in", help_text="Of documents of any of these types.")
    document = filters.UUIDFilter(field_name="document_id", help_text="Of one document.")
