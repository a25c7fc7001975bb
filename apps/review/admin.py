"""Review tasks and corrections in the admin site: history."""

from typing import ClassVar

from django.contrib import admin

from apps.core.admin import HistoryAdmin
from apps.review.models import Correction, ReviewTask


@admin.register(ReviewTask)
class ReviewTaskAdmin(HistoryAdmin[ReviewTask]):
    """Questions to people."""

    list_display = ("document", "kind", "reason", "created_at", "done_at")
    list_filter: ClassVar = ["kind", ("done_at", admin.EmptyFieldListFilter), "workspace"]
    search_fields = ("document__title", "reason")
    list_select_related = ("document",)


@admin.register(Correction)
class CorrectionAdmin(HistoryAdmin[Correction]):
    """What people decided."""

    list_display = ("document", "subject", "before", "after", "by_label", "created_at")
    list_filter = ("subject", "workspace")
    search_fields = ("document__title", "by_label")
    list_select_related = ("document",)
