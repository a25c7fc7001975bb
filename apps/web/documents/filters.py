"""What the document list can be narrowed to, read from the address."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.timezone import make_aware

from apps.classification.suggestions.selectors import with_suggestion
from apps.documents.models import Document, DocumentStatus
from apps.documents.selectors import UNFINISHED, tags_in
from apps.extraction.fields.selectors.filters import (
    InvalidFilterError,
    with_field,
    with_field_saying,
    without_field,
)
from apps.extraction.fields.selectors.schemas import schemas_in
from apps.review.models import AccountingState
from apps.review.selectors import in_accounting_state, with_open_warnings
from apps.search.selectors import documents_with_words
from apps.web.documents.types import NOT_TYPED, type_choices, type_title

# "running" is what people look for; queued and processing are two words for it.
STATUSES = {
    "running": ("Running", UNFINISHED),
    "succeeded": ("Done", (DocumentStatus.SUCCEEDED,)),
    "partial": ("Partly read", (DocumentStatus.PARTIAL,)),
    "failed": ("Failed", (DocumentStatus.FAILED,)),
}
BOUND: Final = r"^(\d{4}-\d{2}-\d{2}|-?\d{1,16}(\.\d{1,10})?)$"  # a day or a number
NARROWING = (
    "type", "tag", "suggested", "accounting", "received_from", "received_to", "field", "says", "at_least", "at_most",
    "missing", "warned",
)  # fmt: skip
ACCOUNTING = (("", "Any"), *((value.lower(), label) for value, label in AccountingState.choices))


Choices = str | list[tuple[str, str]]


def _bound(example: str) -> forms.TextInput:
    return forms.TextInput({"placeholder": example})


def field_choices(*, workspace_id: UUID) -> list[tuple[str, Choices]]:
    """Return the fields of a workspace under the types that have them, each key once."""
    groups: list[tuple[str, Choices]] = []
    known: set[str] = set()
    for schema in schemas_in(workspace_id=workspace_id):
        new = [(each.key, each.label) for each in schema.fields if each.key not in known]
        known |= {key for key, _ in new}
        if new:
            groups.append((type_title(schema.slug), new))
    return groups


class FilterForm(forms.Form):
    """The filters over the list."""

    q = forms.CharField(label="Words", required=False, max_length=200)
    status = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    type = forms.ChoiceField(label="Type", required=False)
    tag = forms.ChoiceField(label="Tag", required=False)
    suggested = forms.ChoiceField(label="Suggested tag", required=False)
    received_from = forms.DateField(
        label="Received from", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    received_to = forms.DateField(
        label="Received up to", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    accounting = forms.ChoiceField(label="Accounting", required=False, choices=ACCOUNTING)
    field = forms.ChoiceField(label="With a value for", required=False)
    says = forms.CharField(label="Value contains", required=False, max_length=200)
    at_least = forms.RegexField(
        BOUND, label="Value from", required=False, max_length=30, widget=_bound("2026-01-31 or 100")
    )
    at_most = forms.RegexField(
        BOUND, label="Value up to", required=False, max_length=30, widget=_bound("2026-12-31 or 500")
    )
    missing = forms.ChoiceField(label="Without a value for", required=False)
    warned = forms.BooleanField(label="With warnings", required=False)

    def __init__(self, data: QueryDict, *, workspace_id: UUID) -> None:
        super().__init__(data)
        self._workspace_id = workspace_id
        self.tags = list(tags_in(workspace_id=workspace_id))
        self._choices("status", [(key, words) for key, (words, _) in STATUSES.items()])
        self.types = type_choices(workspace_id=workspace_id)
        self._choices("type", [("", "Any type"), *self.types, ("none", NOT_TYPED)])
        self._choices("field", [("", "Any field"), *(fields := field_choices(workspace_id=workspace_id))])
        self._choices("missing", [("", "Nothing"), *fields])
        tags = [(tag.name, tag.name) for tag in self.tags]
        self._choices("tag", [("", "Any tag"), *tags])
        self._choices("suggested", [("", "Any, or none"), *tags])
        self.fields["q"].widget.attrs |= {
            "type": "search",
            "class": "form-control",
            "placeholder": "Title, file name or words in the text",
            "aria-label": "Words",
        }

    def _choices(self, name: str, choices: Sequence[tuple[str, Choices]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def is_used(self) -> bool:
        """Whether anything narrows the list."""
        return any(self.given.values())

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """The fields that are folded away until they are wanted."""
        return [self[name] for name in NARROWING]

    @property
    def is_narrowed(self) -> bool:
        """Whether one of the folded fields is in use."""
        return any(name in self.given for name in NARROWING)

    @property
    def given(self) -> dict[str, str]:
        """The filters that can be understood; an unknown value narrows nothing."""
        self.is_valid()
        return {name: self.data.get(name, "") for name in self.fields if self.cleaned_data.get(name)}

    def narrow_to_status(self, documents: QuerySet[Document]) -> QuerySet[Document]:
        """Apply the status filter alone."""
        self.is_valid()
        status = self.cleaned_data.get("status")
        return documents.filter(status__in=STATUSES[status][1]) if status else documents

    def narrow(self, documents: QuerySet[Document]) -> QuerySet[Document]:
        """Apply all other filters."""
        self.is_valid()
        found = self.cleaned_data
        if label := found.get("type"):
            documents = documents.filter(type_label="" if label == "none" else label)
        if tag := found.get("tag"):
            documents = documents.filter(tags__name=tag)
        if tag := found.get("suggested"):
            documents = with_suggestion(documents=documents, name=tag)
        if first := found.get("received_from"):
            documents = documents.filter(received_at__gte=make_aware(datetime.combine(first, time.min)))
        if last := found.get("received_to"):
            documents = documents.filter(received_at__lte=make_aware(datetime.combine(last, time.max)))
        documents = self._narrow_by_values(documents, found)
        if words := found.get("q"):
            in_text = documents_with_words(workspace_id=self._workspace_id, words=words)
            named = Q(title__icontains=words) | Q(file_name__icontains=words)
            documents = documents.filter(named | Q(pk__in=in_text))
        return documents

    def _narrow_by_values(self, documents: QuerySet[Document], found: dict[str, Any]) -> QuerySet[Document]:
        """Apply the filters of values, warnings and accounting; bounds and texts need a field to be of."""
        if state := found.get("accounting"):
            documents = in_accounting_state(documents=documents, state=AccountingState(state.upper()))
        if key := found.get("missing"):
            documents = without_field(documents=documents, key=key)
        if found.get("warned"):
            documents = with_open_warnings(documents=documents, wanted=True)
        key = found.get("field")
        if not key:
            return documents
        if text := found.get("says"):
            documents = with_field_saying(documents=documents, key=key, text=text)
        for name, bound in (("at_least", "gte"), ("at_most", "lte")):
            if value := found.get(name):
                documents = _bounded(documents, f"field.{key}__{bound}", value)
        return documents


def _bounded(documents: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
    try:
        return with_field(documents=documents, name=name, value=value)
    except InvalidFilterError:  # a day that no calendar has narrows nothing
        return documents
