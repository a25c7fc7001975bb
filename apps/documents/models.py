"""Blob < DocumentVersion < Document, the readings of a version and their pages."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import WorkspaceModel


class Blob(WorkspaceModel):
    """Bytes as they came, stored once a workspace under their SHA-256 and never changed."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    media_type = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "sha256"], name="blob_once")]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def key(self) -> str:
        """The name of the bytes in the storage."""
        return f"{self.workspace_id}/{self.sha256[:2]}/{self.sha256}"


class Tag(WorkspaceModel):
    """A word that people put on documents."""

    name = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="tag_once")]

    def __str__(self) -> str:
        return self.name


class DocumentStatus(models.TextChoices):
    """Where a document stands, as people and programs see it."""

    QUEUED = "QUEUED", "Queued"
    PROCESSING = "PROCESSING", "Processing"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    PARTIAL = "PARTIAL", "Partial"
    FAILED = "FAILED", "Failed"


class Source(models.TextChoices):
    """How a document came in."""

    WEB = "WEB", "Web upload"
    API = "API", "REST API"
    FOLDER = "FOLDER", "Folder"
    SAMPLE = "SAMPLE", "Sample"
    PART = "PART", "Part of another document"


class TypeSource(models.TextChoices):
    """Who said what a document is."""

    MODEL = "MODEL", "Model"
    HUMAN = "HUMAN", "Person"


class Document(WorkspaceModel):
    """What a person means by "a document". Status, type and page count are copies kept by the pipeline for lists."""

    title = models.CharField(max_length=250)
    file_name = models.CharField(max_length=250)
    source = models.CharField(max_length=10, choices=Source.choices)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    part_key = models.CharField(
        max_length=200, blank=True, help_text="Which file of its parent this is: an attachment, a member, some pages."
    )
    received_at = models.DateTimeField()
    searchable_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="documents")
    tags_confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="When a person last said that it has all tags it shall have."
    )
    current_reading = models.ForeignKey(
        "Reading", null=True, blank=True, on_delete=models.SET_NULL, related_name="current_of"
    )
    status = models.CharField(max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.QUEUED)
    media_type = models.CharField(max_length=120, blank=True)
    page_count = models.PositiveIntegerField(null=True, blank=True)
    type_label = models.CharField(max_length=60, blank=True)
    type_confidence = models.FloatField(null=True, blank=True)
    type_source = models.CharField(max_length=5, choices=TypeSource.choices, blank=True)
    type_certificate_id = models.UUIDField(
        null=True, blank=True, help_text="By which certificate the model's word was accepted automatically."
    )

    class Meta:
        ordering: ClassVar = ["-received_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-received_at", "-id"], name="document_list"),
            models.Index(fields=["workspace", "status", "-received_at"], name="document_status"),
            models.Index(fields=["workspace", "type_label", "-received_at"], name="document_type"),
            models.Index(
                fields=["type_certificate_id"],
                condition=Q(type_certificate_id__isnull=False),
                name="document_by_certificate",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=DocumentStatus.values), name="document_status_known"),
            models.CheckConstraint(
                condition=Q(type_confidence__isnull=True) | Q(type_confidence__range=(0, 1)),
                name="document_type_confidence_share",
            ),
            models.CheckConstraint(
                condition=Q(type_certificate_id__isnull=True) | Q(type_source="MODEL"),
                name="document_type_certificate_models",
            ),
            models.UniqueConstraint(
                fields=["parent", "part_key"], condition=Q(parent__isnull=False), name="document_part_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TagDecision(WorkspaceModel):
    """The last word of a person on whether a tag belongs on a document.

    A part has its parent's tags without any: nobody spoke of the part.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tag_decisions")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="decisions")
    is_wanted = models.BooleanField(help_text="It belongs there; else it was refused or taken off.")
    decided_at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_label = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering: ClassVar = ["-decided_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "tag"], name="tag_decision_once")]

    def __str__(self) -> str:
        return f"{'yes' if self.is_wanted else 'no'} by {self.by_label}"


class DocumentVersion(WorkspaceModel):
    """One state of a document's bytes."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="versions")
    is_upload = models.BooleanField(default=True, help_text="Came in by itself, not as a part of another document.")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["blob"], condition=Q(is_upload=True), name="upload_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"


class Reading(WorkspaceModel):
    """One machine's understanding of one version; a re-run makes a new one beside the old."""

    version = models.ForeignKey(DocumentVersion, on_delete=models.CASCADE, related_name="readings")
    producer = models.CharField(max_length=80)
    config_hash = models.CharField(max_length=64)
    media_type = models.CharField(max_length=120, blank=True)
    page_count = models.PositiveIntegerField(null=True)
    metadata = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.producer} {self.created_at:%Y-%m-%d %H:%M}"


class TextSource(models.TextChoices):
    """Where a page's text comes from."""

    NATIVE = "NATIVE", "Text in the file"
    OCR = "OCR", "Recognised"
    MIXED = "MIXED", "Text in the file and recognised"
    NONE = "NONE", "No text"


class Page(WorkspaceModel):
    """One page of a reading, narrow on purpose: words and boxes lie apart in PageContent."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField(help_text="From 1.")
    width = models.FloatField(help_text="Points; pixels for images; 0 without a page.")
    height = models.FloatField()
    rotation = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(blank=True)
    text_source = models.CharField(max_length=6, choices=TextSource.choices)
    needs_ocr = models.BooleanField(default=False, help_text="The reader found no text to trust; recognition comes.")
    language = models.CharField(max_length=8, blank=True, help_text="Two-letter code; blank where it cannot be told.")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reading", "number"], name="page_once"),
            models.CheckConstraint(condition=Q(rotation__in=(0, 90, 180, 270)), name="page_rotation_right_angle"),
        ]

    def __str__(self) -> str:
        return f"page {self.number}"


class PageContent(models.Model):
    """A page's words and blocks, each as one versioned, compressed value (see words.py and blocks.py).

    `recognition` says how a recognised page was read (the engine's `Recognition`): by what, how surely, and turned by
    how much.
    """

    page = models.OneToOneField(Page, primary_key=True, on_delete=models.CASCADE, related_name="content")
    words = models.BinaryField()
    blocks = models.BinaryField(null=True)
    recognition = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"words of {self.page_id}"
