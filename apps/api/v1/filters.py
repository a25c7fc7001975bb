"""Filters of the list of documents and of the values found in them."""

from typing import ClassVar, Final, cast

import django_filters as filters
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import QueryDict
from django_filters.constants import EMPTY_VALUES
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from apps.api.permissions import workspace_of
from apps.classification.suggestions.selectors import with_suggestion
from apps.documents.models import Document, DocumentStatus
from apps.extraction.fields.selectors.filters import InvalidFilterError, with_field, without_field
from apps.extraction.models import FieldValue, ValueState
from apps.review.models import AccountingState
from apps.review.selectors import in_accounting_state, with_open_warnings
from apps.search.selectors import documents_with_words

ACCOUNTING: Final = [(value.lower(), label) for value, label in AccountingState.choices]
STATES: Final = [(value.lower(), label) for value, label in ValueState.choices]
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


class FilterSet(filters.FilterSet):
    """Makes its form once, and not anew for every request: what it checks depends on no request."""

    form_class: ClassVar[type[Form] | None] = None

    def get_form_class(self) -> type[Form]:
        """Return the form that checks what is asked for."""
        kind = type(self)
        if kind.form_class is None:
            kind.form_class = super().get_form_class()
        return kind.form_class


class DocumentFilter(FilterSet):
    """Filters of documents; `field.<key>` and its bounds are read from the query by hand."""

    type = Words(field_name="type_label", lookup_expr="in", help_text="Any of these types.")
    status = Statuses(choices=STATUSES, help_text="Any of these statuses.")
    parent = filters.UUIDFilter(field_name="parent_id", help_text="The parts of this document.")
    tag = filters.CharFilter(field_name="tags__name", help_text="A tag it has.")
    suggested_tag = filters.CharFilter(method="by_suggested_tag", help_text="A tag that is suggested for it.")
    created_after = filters.IsoDateTimeFilter(
        field_name="received_at", lookup_expr="gte", help_text="From this moment."
    )
    created_before = filters.IsoDateTimeFilter(
        field_name="received_at", lookup_expr="lt", help_text="Before this moment."
    )
    missing = filters.CharFilter(method="by_missing", help_text="The key of a field it has no value of.")
    accounting = filters.ChoiceFilter(
        choices=ACCOUNTING, method="by_accounting", help_text="Where it stands with the clerk."
    )
    warnings = filters.BooleanFilter(method="by_warnings", help_text="Whether it has warnings that are not dismissed.")
    q = filters.CharFilter(method="by_words", help_text="Words in the text, the title or the file's name.")

    def by_suggested_tag(self, documents: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Keep documents for which a tag waits for a yes or a no."""
        return with_suggestion(documents=documents, name=value)

    def by_missing(self, documents: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Keep documents without a value of a field."""
        return without_field(documents=documents, key=value)

    def by_accounting(self, documents: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Keep documents in one state with the clerk; without a row they are to be checked."""
        return in_accounting_state(documents=documents, state=AccountingState(value.upper()))

    def by_warnings(self, documents: QuerySet[Document], name: str, value: bool) -> QuerySet[Document]:
        """Keep documents with, or without, open warnings."""
        return with_open_warnings(documents=documents, wanted=value)

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
                    found = _with_field(found, name, value)
        return found


def _with_field(documents: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
    try:
        return with_field(documents=documents, name=name, value=value)
    except InvalidFilterError as error:
        raise ValidationError({name: error.message}) from error


class FieldFilter(FilterSet):
    """Filters of values."""

    key = Words(field_name="key", lookup_expr="in", help_text="Any of these keys.")
    type = Words(field_name="document__type_label", lookup_expr="in", help_text="Of documents of any of these types.")
    document = filters.UUIDFilter(field_name="document_id", help_text="Of one document.")
    state = filters.ChoiceFilter(choices=STATES, method="by_state", help_text="Where the value stands.")

    def by_state(self, values: QuerySet[FieldValue], name: str, value: str) -> QuerySet[FieldValue]:
        """Compare with the database's own spelling."""
        return values.filter(state=value.upper())
