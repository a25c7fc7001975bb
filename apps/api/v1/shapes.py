"""Serializers of documents: a list's row, one document with all that is known of it, an upload's answer."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.v1.shape import Shape
from apps.api.v1.values import Alternative, Box, Confidence, LowerChoice, StepError, declared
from apps.classification.models import Prediction, TagSuggestion
from apps.classification.selectors import prediction_of
from apps.classification.suggestions.selectors import suggestions_of
from apps.documents.models import Blob, Document, DocumentStatus, Source, TypeSource
from apps.documents.selectors import original_of, parts_of
from apps.extraction.fields.selectors.values import values_for_document
from apps.extraction.models import FieldValue, Method, ValueState
from apps.pipeline.models import PipelineRun
from apps.pipeline.selectors import Progress, run_errors, run_with_progress
from apps.review.models import Accounting, AccountingState, DocumentWarning, WarningKind
from apps.review.selectors import accounting_of, warnings_of

MOST_PARTS = 500
FIELD_VALUE = {
    "description": "Normalised: ISO 8601 dates, decimal amounts with a point; a table as a list of its rows.",
    "oneOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "string"}}},
    ],
}


class TypeRow(Shape[Document]):
    """What a document is, in short."""

    label = declared(serializers.CharField(source="type_label"))
    confidence = Confidence(source="type_confidence")
    source = declared(LowerChoice(TypeSource, source="type_source"))
    certificate = serializers.UUIDField(
        source="type_certificate_id", allow_null=True, help_text="By which it was accepted automatically, if it was."
    )


class TypeDetail(TypeRow):
    """What a document is, who said so, and what the model that looked at it considered."""

    alternatives = Alternative(many=True)
    model = serializers.CharField(allow_null=True, help_text="The model version that looked, null if none did.")
    flags = serializers.ListField(child=serializers.CharField(), help_text="The model's reservations.")


class DocumentRow(Shape[Document]):
    """A document in a list."""

    id = serializers.UUIDField()
    status = LowerChoice(DocumentStatus)
    title = serializers.CharField()
    file_name = serializers.CharField()
    media_type = serializers.CharField(help_text="Empty until the file was opened.")
    page_count = serializers.IntegerField(allow_null=True)
    source = declared(LowerChoice(Source, help_text="How it came in."))
    parent = declared(
        serializers.UUIDField(source="parent_id", allow_null=True, help_text="The document that it is a part of.")
    )
    type = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(source="received_at", help_text="When it came in.")
    searchable_at = serializers.DateTimeField(allow_null=True, help_text="When its text could first be found.")
    finished_at = serializers.DateTimeField(allow_null=True, help_text="When processing ended.")

    @extend_schema_field(TypeRow(allow_null=True))
    def get_type(self, document: Document) -> dict[str, Any] | None:
        """Give the type, or null as long as nobody has said what it is."""
        return TypeRow.show(document) if document.type_label else None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_tags(self, document: Document) -> list[str]:
        """Give the names of the tags, in order; of a document that has just come in they are looked up."""
        known: list[str] | None = getattr(document, "tag_names", None)
        return [tag.name for tag in document.tags.all()] if known is None else known


def other_labels(found: Prediction | None, label: str) -> list[dict[str, Any]]:
    """Return what the model considered, its first choice included, without the label the document has."""
    if found is None:
        return []
    considered = [{"label": found.label, "confidence": found.probability}, *found.alternatives]
    return [each for each in considered if each["label"] != label]


class UploadAnswer(DocumentRow):
    """The document of an upload, and whether its bytes had come before."""

    duplicate = serializers.SerializerMethodField(help_text="The same bytes had come before: this is the first one.")

    def get_duplicate(self, document: Document) -> bool:
        """Tell what the upload found."""
        return bool(self.context["duplicate"])

    def get_tags(self, document: Document) -> list[str]:
        """Give the names of the tags."""
        # Of a document that has just come in without any nobody needs to ask.
        return [] if self.context["is_untagged"] else super().get_tags(document)


class FileDetail(Shape[Blob]):
    """The bytes as they came."""

    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()


class FieldDetail(Shape[FieldValue]):
    """A value, its place in the document and how it was found."""

    id = serializers.UUIDField()
    key = serializers.CharField()
    value = serializers.SerializerMethodField("plain_value")
    value_type = serializers.CharField()
    currency = serializers.CharField(help_text="Of an amount: ISO 4217, empty where the document does not say.")
    raw_text = serializers.CharField(help_text="As it stands in the document.")
    confidence = Confidence()
    method = LowerChoice(Method)
    producer = serializers.CharField(help_text="What found it, with its version.")
    state = LowerChoice(ValueState)
    certificate = serializers.UUIDField(
        source="certificate_id", allow_null=True, help_text="By which it was accepted automatically, if it was."
    )
    is_supported = serializers.BooleanField(help_text="The words under the box contain the raw text.")
    page = serializers.IntegerField(source="page_number", allow_null=True)
    box = Box(allow_null=True)
    words = serializers.ListField(child=serializers.IntegerField(), help_text="Places in the page's list of words.")
    checks = serializers.ListField(child=serializers.CharField())
    alternatives = serializers.ListField(child=serializers.JSONField(), help_text="Other candidates, best first.")
    organisation = serializers.UUIDField(source="organisation_id", allow_null=True)

    @extend_schema_field(FIELD_VALUE)
    def plain_value(self, value: FieldValue) -> str | list[dict[str, str]]:
        """Give the value: ISO 8601 dates, decimal amounts with a point; a table as a list of its rows."""
        return value.value if value.value_table is None else list(value.value_table)


class WarningDetail(Shape[DocumentWarning]):
    """Something odd about a document's values."""

    id = serializers.UUIDField()
    kind = LowerChoice(WarningKind)
    key = serializers.CharField(help_text="The field it is about, if it is about one.")
    message = serializers.CharField(help_text="For a person.")
    other = serializers.UUIDField(source="other_id", allow_null=True, help_text="The other document.")
    created_at = serializers.DateTimeField()


class AccountingDetail(Shape[Accounting]):
    """Where a document stands with the clerk."""

    state = LowerChoice(AccountingState)
    changed_at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField(source="by_label", help_text="Empty where no person moved it last.")


class ProgressDetail(Shape[Progress]):
    """Parts of the newest run: all that are laid out so far, and those that have ended."""

    total = serializers.IntegerField()
    done = serializers.IntegerField()


class PartRow(Shape[Document]):
    """A part of a document: an attachment, a member of an archive, some pages of a bundle."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    file_name = serializers.CharField()
    part_key = serializers.CharField(help_text="Which part it is.")
    status = LowerChoice(DocumentStatus)


class SuggestedTag(serializers.Serializer[TagSuggestion]):
    """A tag that the document may want, as what people tagged before makes likely."""

    tag = serializers.CharField(source="tag.name")
    confidence = Confidence(source="probability")
    model = serializers.CharField(source="model_version.version")


class DocumentDetail(DocumentRow):
    """One document with all that is known of it; its pages, tables and words are in `analysis/`."""

    suggested_tags = serializers.SerializerMethodField()
    refused_tags = serializers.ListField(
        child=serializers.CharField(),
        help_text="Tags that people said do not belong on it; not suggested for it again.",
    )
    tags_confirmed_at = serializers.DateTimeField(
        allow_null=True, help_text="When somebody last said that it has all tags it shall have."
    )
    file = serializers.SerializerMethodField()
    fields = declared(serializers.SerializerMethodField("values"))
    warnings = serializers.SerializerMethodField()
    accounting = serializers.SerializerMethodField()
    errors = declared(serializers.SerializerMethodField())
    progress = serializers.SerializerMethodField()
    children = declared(serializers.SerializerMethodField(help_text="Its parts that are documents of their own."))
    run: PipelineRun | None
    run_progress: Progress

    def to_representation(self, document: Document) -> dict[str, Any]:
        """Look up the newest run once for all that comes from it."""
        self.run, self.run_progress = run_with_progress(document_id=document.pk)
        return super().to_representation(document)

    @extend_schema_field(TypeDetail(allow_null=True))
    def get_type(self, document: Document) -> dict[str, Any] | None:
        """Give the type, or null as long as nobody has said what it is."""
        short = super().get_type(document)
        if short is None:
            return None
        found = prediction_of(reading_id=document.current_reading_id) if document.current_reading_id else None
        return short | {
            "alternatives": other_labels(found, document.type_label),
            "model": found.model_version.version if found else None,
            "flags": found.flags if found else [],
        }

    @extend_schema_field(SuggestedTag(many=True))
    def get_suggested_tags(self, document: Document) -> list[dict[str, Any]]:
        """Give the tags that wait for a yes or a no, likeliest first."""
        found = suggestions_of(document_ids=[document.pk]).get(document.pk, [])
        return [dict(SuggestedTag(each).data) for each in found]

    @extend_schema_field(FileDetail)
    def get_file(self, document: Document) -> dict[str, Any]:
        """Describe the newest version's bytes."""
        return FileDetail.show(original_of(document=document))

    @extend_schema_field(FieldDetail(many=True))
    def values(self, document: Document) -> list[dict[str, Any]]:
        """Give the values that count, a person's before a machine's."""
        return [FieldDetail.show(value) for value in values_for_document(document=document)]

    @extend_schema_field(WarningDetail(many=True))
    def get_warnings(self, document: Document) -> list[dict[str, Any]]:
        """Tell what is odd about the values, as long as nobody dismissed it."""
        return [WarningDetail.show(warning) for warning in warnings_of(document_id=document.pk)]

    @extend_schema_field(AccountingDetail)
    def get_accounting(self, document: Document) -> dict[str, Any]:
        """Tell where the document stands with the clerk, and who moved it there."""
        row = accounting_of(document_id=document.pk)
        return AccountingDetail.show(row or Accounting(state=AccountingState.TO_CHECK))

    @extend_schema_field(StepError(many=True))
    def get_errors(self, document: Document) -> list[dict[str, Any]]:
        """Tell what went wrong in the newest run."""
        return run_errors(run=self.run) if self.run else []

    @extend_schema_field(PartRow(many=True))
    def get_children(self, document: Document) -> list[dict[str, Any]]:
        """List the parts; with more of them the list of documents has the filter `parent`."""
        return [PartRow.show(part) for part in parts_of(document=document)[:MOST_PARTS]]

    @extend_schema_field(ProgressDetail)
    def get_progress(self, document: Document) -> dict[str, int]:
        """Count the newest run's parts."""
        return ProgressDetail.show(self.run_progress)
