"""Documents in the admin site: titles and tags can be mended, what machines and uploads made is history."""

from typing import ClassVar

from django.contrib import admin

from apps.core.admin import HistoryAdmin
from apps.documents.models import Blob, Document, DocumentVersion, Page, Reading, Tag, TagDecision


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin[Document]):
    """Documents."""

    list_display = ("title", "workspace", "status", "type_label", "page_count", "source", "received_at", "deleted_at")
    list_filter: ClassVar = ["status", "type_label", "source", ("deleted_at", admin.EmptyFieldListFilter), "workspace"]
    search_fields = ("title", "file_name", "id")
    date_hierarchy = "received_at"
    list_select_related = ("workspace",)
    show_full_result_count = False
    fields = (
        *("title", "tags", "workspace", "file_name", "source", "created_by", "parent", "received_at", "searchable_at"),
        *("finished_at", "deleted_at", "status", "media_type", "page_count", "type_label", "type_confidence"),
        *("type_source", "current_reading", "tags_confirmed_at"),
    )
    readonly_fields = fields[2:]
    filter_horizontal = ("tags",)


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin[Tag]):
    """Tags."""

    list_display = ("name", "workspace", "created_at")
    list_filter = ("workspace",)
    search_fields = ("name",)
    autocomplete_fields: ClassVar = ["workspace"]


@admin.register(TagDecision)
class TagDecisionAdmin(HistoryAdmin[TagDecision]):
    """What people said of tags on documents."""

    list_display = ("tag", "is_wanted", "document_id", "by_label", "decided_at")
    list_filter = ("is_wanted", "workspace")
    search_fields = ("tag__name", "document__id", "by_label")
    list_select_related = ("tag",)


@admin.register(Blob)
class BlobAdmin(HistoryAdmin[Blob]):
    """Stored bytes."""

    list_display = ("sha256", "size", "media_type", "workspace", "created_at")
    list_filter = ("media_type", "workspace")
    search_fields = ("sha256",)


@admin.register(DocumentVersion)
class DocumentVersionAdmin(HistoryAdmin[DocumentVersion]):
    """States of documents' bytes."""

    list_display = ("document", "number", "blob", "is_upload", "created_at")
    list_filter = ("is_upload", "workspace")
    search_fields = ("document__title", "blob__sha256")
    list_select_related = ("document", "blob")


@admin.register(Reading)
class ReadingAdmin(HistoryAdmin[Reading]):
    """What machines understood."""

    list_display = ("version", "producer", "media_type", "page_count", "created_at")
    list_filter = ("producer", "media_type", "workspace")
    search_fields = ("version__document__title", "id")
    list_select_related = ("version",)


@admin.register(Page)
class PageAdmin(HistoryAdmin[Page]):
    """Pages of readings."""

    list_display = ("reading_id", "number", "text_source", "needs_ocr", "width", "height", "rotation")
    list_filter = ("text_source", "needs_ocr", "rotation")
    search_fields = ("reading__id",)
    show_full_result_count = False
