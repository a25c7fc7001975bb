"""Tags that heads propose for documents; people say yes or no."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apps.classification.models.versions import ModelVersion
from apps.core.models import WorkspaceModel
from apps.documents.models import Document, Tag


class TagSuggestion(WorkspaceModel):
    """A tag that a document may want; derived, and gone once people spoke or a later version thinks otherwise."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tag_suggestions")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="suggestions")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField(null=True, help_text="Null where nothing was fitted to outcomes of the tag.")
    lead = models.FloatField(help_text="How far the score lies above the tag's threshold.")

    class Meta:
        ordering: ClassVar = [models.F("probability").desc(nulls_last=True), "-lead", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "tag"], name="tag_suggestion_once"),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__range=(0, 1)),
                name="tag_suggestion_probability_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tag} for {self.document_id}"
