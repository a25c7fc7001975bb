"""What a row of the list shows, for many documents with a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects

from apps.classification.models import TagSuggestion
from apps.classification.suggestions.selectors import suggestions_of
from apps.documents.models import Document, DocumentStatus
from apps.documents.selectors import UNFINISHED
from apps.pipeline.selectors import Progress, latest_runs, progress_of
from apps.web.documents.facts import Facts, facts_of

TROUBLED = (DocumentStatus.FAILED, DocumentStatus.PARTIAL)


@dataclass(frozen=True)
class Row:
    """A document, how far its run is, and why it failed in words for a person."""

    document: Document
    progress: Progress | None
    reason: str
    facts: Facts = field(default_factory=Facts)
    suggestions: Sequence[TagSuggestion] = ()

    @property
    def is_unfinished(self) -> bool:
        """Whether the row will change by itself."""
        return self.document.status in UNFINISHED


def rows_of(documents: Sequence[Document]) -> list[Row]:
    """Add tags, progress, reasons and facts to documents: seven queries at most, however many there are."""
    prefetch_related_objects(documents, "tags")
    suggestions = suggestions_of(document_ids=[each.pk for each in documents])
    facts = facts_of(documents)
    interesting = [each.pk for each in documents if each.status in (*UNFINISHED, *TROUBLED)]
    runs = latest_runs(document_ids=interesting) if interesting else {}
    progress = progress_of(run_ids=[run.pk for run in runs.values()]) if runs else {}
    rows = []
    for document in documents:
        run = runs.get(document.pk)
        troubled = run is not None and document.status in TROUBLED
        messages = dict.fromkeys(error.get("message", "") for error in run.errors) if run and troubled else {}
        unfinished = run is not None and document.status in UNFINISHED
        rows.append(
            Row(
                document=document,
                progress=progress.get(run.pk) if run and unfinished else None,
                reason=" ".join(list(messages)[:2]),
                facts=facts[document.pk],
                suggestions=suggestions.get(document.pk, ()),
            )
        )
    return rows
