"""What is searched for and where, read from the address."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.timezone import make_aware

from apps.documents.selectors import tags_in
from apps.search.query import SearchFilters
from apps.search.terms import LONGEST_QUERY
from apps.web.documents.filters import STATUSES
from apps.web.documents.types import NOT_TYPED, type_choices

MODE_CHOICES: Final = [("hybrid", "Words and meaning"), ("text", "Words only"), ("semantic", "Meaning only")]
NARROWING: Final = ("type", "status", "tag", "received_from", "received_to")


class SearchForm(forms.Form):
    """The query, the mode and the filters; what cannot be understood narrows nothing."""

    q = forms.CharField(label="Search for", required=False, max_length=LONGEST_QUERY)
    mode = forms.ChoiceField(label="Search by", required=False, choices=MODE_CHOICES)
    type = forms.ChoiceField(label="Type", required=False)
    status = forms.ChoiceField(label="Status", required=False)
    tag = forms.ChoiceField(label="Tag", required=False)
    received_from = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    received_to = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, data: QueryDict, *, workspace_id: UUID) -> None:
        super().__init__(data)
        names = tags_in(workspace_id=workspace_id).values_list("name", flat=True)
        self._choices("type", [("", "Any type"), *type_choices(workspace_id=workspace_id), ("none", NOT_TYPED)])
        self._choices("status", [("", "Any status"), *((key, words) for key, (words, _) in STATUSES.items())])
        self._choices("tag", [("", "Any tag"), *((name, name) for name in names)])
        self.is_valid()

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def query(self) -> str:
        """What is searched for."""
        return str(self.cleaned_data.get("q") or "").strip()

    @property
    def mode_key(self) -> str:
        """The chosen way of searching."""
        return self.cleaned_data.get("mode") or "hybrid"

    @property
    def given(self) -> dict[str, str]:
        """What the address says and could be understood, as it stands there."""
        return {name: self.data.get(name, "") for name in self.fields if self.cleaned_data.get(name)}

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """The filters."""
        return [self[name] for name in NARROWING]

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is in use."""
        return any(name in self.given for name in NARROWING)

    @property
    def filters(self) -> SearchFilters:
        """The filters as the search takes them; "To" includes its day."""
        found = self.cleaned_data
        label, status, tag = found.get("type"), found.get("status"), found.get("tag")
        first, last = found.get("received_from"), found.get("received_to")
        return SearchFilters(
            types=["" if label == "none" else label] if label else [],
            statuses=STATUSES[status][1] if status else [],
            tags=[tag] if tag else [],
            received_after=make_aware(datetime.combine(first, time.min)) if first else None,
            received_before=make_aware(datetime.combine(last + timedelta(days=1), time.min)) if last else None,
        )
