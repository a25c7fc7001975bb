"""Tables and values in the admin site: machines' history."""

from django.contrib import admin

from apps.core.admin import HistoryAdmin
from apps.extraction.models import BundleProposal, FieldValue, Table


@admin.register(Table)
class TableAdmin(HistoryAdmin[Table]):
    """Tables of readings."""

    list_display = ("reading_id", "page_number", "row_count", "column_count", "confidence")
    list_filter = ("workspace",)
    search_fields = ("reading__id",)


@admin.register(FieldValue)
class FieldValueAdmin(HistoryAdmin[FieldValue]):
    """Values of readings."""

    list_display = ("key", "value", "method", "confidence", "page_number", "reading_id")
    list_filter = ("key", "method", "workspace")
    search_fields = ("value", "raw_text")


@admin.register(BundleProposal)
class BundleProposalAdmin(HistoryAdmin[BundleProposal]):
    """Where documents could begin in files of several."""

    list_display = ("reading_id", "is_likely", "workspace", "created_at")
    list_filter = ("is_likely", "workspace")
    search_fields = ("reading__id",)
