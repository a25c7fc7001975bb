"""Review tasks, corrections, warnings and accounting states in the admin site: history."""

from typing import ClassVar

from django.contrib import admin

from apps.core.admin import HistoryAdmin
from apps.review.models import Accounting, Correction, DocumentWarning, ReviewTask


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


@admin.register(DocumentWarning)
class DocumentWarningAdmin(HistoryAdmin[DocumentWarning]):
    """What is odd about documents."""

    list_display = ("document", "kind", "message", "other", "created_at", "dismissed_at", "dismissed_by")
    list_filter: ClassVar = ["kind", ("dismissed_at", admin.EmptyFieldListFilter), "workspace"]
    search_fields = ("document__title", "message")
    list_select_related = ("document", "other")


@admin.register(Accounting)
class AccountingAdmin(HistoryAdmin[Accounting]):
    """Where documents stand with the clerk."""

    list_display = ("document", "state", "changed_at", "by_label")
    list_filter = ("state", "workspace")
    search_fields = ("document__title", "by_label")
    list_select_related = ("document",)
