"""Where people showed a field to be: the memory of layouts."""

from typing import ClassVar

from django.db import models

from apps.core.models import WorkspaceModel
from apps.documents.models import Document


class Example(WorkspaceModel):
    """A person's yes or no to a place of a field, with what tells the template and the place again."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="field_examples")
    document_type = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=60)
    value_type = models.CharField(max_length=20)
    is_right = models.BooleanField(help_text="False: a person said that the value is not here.")
    place = models.JSONField(help_text="See engine/fields/memory: page, box, words beside it, shape of the text.")
    template = models.JSONField(help_text="What the page looks like without its variable words: a list of numbers.")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["workspace", "document_type", "-id"], name="example_recent")]

    def __str__(self) -> str:
        return f"{self.key} on {self.document_id}"
