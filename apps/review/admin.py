"""Review tasks, corrections, warnings, accounting states and certificates in the admin site: history."""

from typing import ClassVar

from django.contrib import admin

from apps.core.admin import HistoryAdmin
from apps.review.models import (
    AcceptPolicy,
    Accounting,
    Certificate,
    Correction,
    DocumentWarning,
    ReviewTask,
    SpotCheck,
)


@admin.register(ReviewTask)
class ReviewTaskAdmin(HistoryAdmin[ReviewTask]):
    """Questions to people."""

    list_display = ("document", "kind", "purpose", "reason", "created_at", "done_at")
    list_filter: ClassVar = ["kind", "purpose", ("done_at", admin.EmptyFieldListFilter), "workspace"]
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


@admin.register(AcceptPolicy)
class AcceptPolicyAdmin(HistoryAdmin[AcceptPolicy]):
    """How often machines may be wrong unseen; set on the page “Auto-accept”, where it is recorded who did."""

    list_display = ("workspace", "target_error", "sample_share", "audit_share", "changed_at", "by_label")
    list_filter = ("workspace",)
    search_fields = ("workspace__name", "by_label")
    list_select_related = ("workspace",)


@admin.register(Certificate)
class CertificateAdmin(HistoryAdmin[Certificate]):
    """What random checks have shown."""

    list_display = ("document_type", "key", "state", "threshold", "bound", "target_error", "certified_at", "workspace")
    list_filter = ("state", "document_type", "workspace")
    search_fields = ("id", "document_type", "key")


@admin.register(SpotCheck)
class SpotCheckAdmin(HistoryAdmin[SpotCheck]):
    """What was drawn at random for people to look at, and what they found."""

    list_display = ("certificate", "document_id", "kind", "score", "outcome", "judged_at", "by_label", "created_at")
    list_filter: ClassVar = ["kind", "outcome", ("judged_at", admin.EmptyFieldListFilter), "workspace"]
    search_fields = ("document__id", "certificate__id", "by_label")
    list_select_related = ("certificate",)
