"""What the document list can be narrowed to, read from the address."""

from datetime import datetime, time
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.timezone import make_aware

from apps.documents.models import Document, DocumentStatus
from apps.documents.selectors import UNFINISHED, tags_in
from apps.search.selectors import documents_with_words
from apps.web.documents.types import NOT_TYPED, type_choices

# "running" is what people look for; queued and processing are two words for it.
STATUSES = {
    "running": ("Running", UNFINISHED),
    "succeeded": ("Done", (DocumentStatus.SUCCEEDED,)),
    "partial": ("Partly read", (DocumentStatus.PARTIAL,)),
    "failed": ("Failed", (DocumentStatus.FAILED,)),
}
NARROWING = ("type", "tag", "received_from", "received_to")


class FilterForm(forms.Form):
    """The filters over the list."""

    q = forms.CharField(label="Words", required=False, max_length=200)
    status = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    type = forms.ChoiceField(label="Type", required=False)
    tag = forms.ChoiceField(label="Tag", required=False)
    received_from = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    received_to = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, data: QueryDict, *, workspace_id: UUID) -> None:
        super().__init__(data)
        self._workspace_id = workspace_id
        names = tags_in(workspace_id=workspace_id).values_list("name", flat=True)
        self._choices("status", [(key, words) for key, (words, _) in STATUSES.items()])
        self._choices("type", [("", "Any type"), *type_choices(workspace_id=workspace_id), ("none", NOT_TYPED)])
        self._choices("tag", [("", "Any tag"), *((name, name) for name in names)])
        self.fields["q"].widget.attrs |= {
            "type": "search",
            "class": "form-control",
            "placeholder": "Title, file name or words in the text",
            "aria-label": "Words",
        }

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
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
        if first := found.get("received_from"):
            documents = documents.filter(received_at__gte=make_aware(datetime.combine(first, time.min)))
        if last := found.get("received_to"):
            documents = documents.filter(received_at__lte=make_aware(datetime.combine(last, time.max)))
        if words := found.get("q"):
            in_text = documents_with_words(workspace_id=self._workspace_id, words=words)
            named = Q(title__icontains=words) | Q(file_name__icontains=words)
            documents = documents.filter(named | Q(pk__in=in_text))
        return documents
