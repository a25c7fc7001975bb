"""The search index in the admin site: derived rows, to look at only."""

from django.contrib import admin

from apps.core.admin import HistoryAdmin
from apps.search.models import Chunk, PageIndex


@admin.register(PageIndex)
class PageIndexAdmin(HistoryAdmin[PageIndex]):
    """Pages in the full-text index."""

    list_display = ("document_id", "page_number", "reading_id")
    search_fields = ("document_id", "reading_id")
    show_full_result_count = False


@admin.register(Chunk)
class ChunkAdmin(HistoryAdmin[Chunk]):
    """Passages in the vector index."""

    list_display = ("document_id", "page_number", "start", "end", "model")
    list_filter = ("model",)
    search_fields = ("document_id", "reading_id")
    exclude = ("vector",)
    show_full_result_count = False
