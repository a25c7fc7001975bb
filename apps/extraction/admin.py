"""Tables, values, schemas, mentions and organisations in the admin site: history that is looked at."""

from typing import ClassVar

from django.contrib import admin

from apps.core.admin import HistoryAdmin
from apps.extraction.models import (
    BundleProposal,
    Entity,
    Example,
    Extraction,
    FieldSpec,
    FieldValue,
    Organisation,
    OrganisationAlias,
    RankingCandidates,
    RankingJob,
    RankingVersion,
    Schema,
    Table,
)


@admin.register(Table)
class TableAdmin(HistoryAdmin[Table]):
    """Tables of readings."""

    list_display = ("reading_id", "page_number", "row_count", "column_count", "confidence")
    list_filter = ("workspace",)
    search_fields = ("reading__id",)


@admin.register(FieldValue)
class FieldValueAdmin(HistoryAdmin[FieldValue]):
    """Values that machines read and that people said."""

    list_display = ("key", "value", "document", "method", "state", "confidence", "is_effective", "page_number")
    list_filter: ClassVar = ["method", "state", "is_supported", "is_effective", "key", "workspace"]
    search_fields = ("value", "raw_text", "document__title", "by_label")
    list_select_related = ("document",)
    show_full_result_count = False


@admin.register(Extraction)
class ExtractionAdmin(HistoryAdmin[Extraction]):
    """As which type, and by which version of its schema, readings' fields were read."""

    list_display = ("reading_id", "document_type", "schema_version", "profile", "created_at")
    list_filter = ("document_type", "workspace")
    search_fields = ("reading__id", "profile")


@admin.register(Schema)
class SchemaAdmin(HistoryAdmin[Schema]):
    """Versions of schemas that people made."""

    list_display = ("document_type", "version", "by_label", "workspace", "created_at")
    list_filter = ("document_type", "workspace")
    search_fields = ("document_type", "by_label")


@admin.register(FieldSpec)
class FieldSpecAdmin(HistoryAdmin[FieldSpec]):
    """Fields of versions of schemas."""

    list_display = ("label", "key", "value_type", "schema", "is_required", "is_repeatable", "origin")
    list_filter: ClassVar = ["origin", "value_type", "is_required", "schema__document_type", "workspace"]
    search_fields = ("key", "label")
    list_select_related = ("schema",)


@admin.register(Example)
class ExampleAdmin(HistoryAdmin[Example]):
    """Places of fields that people showed."""

    list_display = ("key", "document", "document_type", "is_right", "created_at")
    list_filter = ("is_right", "document_type", "workspace")
    search_fields = ("key", "document__title")
    list_select_related = ("document",)


@admin.register(Entity)
class EntityAdmin(HistoryAdmin[Entity]):
    """Mentions in texts."""

    list_display = ("kind", "text", "value", "organisation", "confidence", "page_number", "reading_id")
    list_filter = ("kind", "workspace")
    search_fields = ("text", "value")
    list_select_related = ("organisation",)
    show_full_result_count = False


@admin.register(Organisation)
class OrganisationAdmin(HistoryAdmin[Organisation]):
    """Organisations and what became of those that were merged."""

    list_display = ("name", "merged_into", "workspace", "created_at")
    list_filter: ClassVar = [("merged_into", admin.EmptyFieldListFilter), "workspace"]
    search_fields = ("name", "aliases__text")
    list_select_related = ("merged_into",)


@admin.register(OrganisationAlias)
class OrganisationAliasAdmin(HistoryAdmin[OrganisationAlias]):
    """How organisations are written."""

    list_display = ("text", "organisation", "key", "workspace")
    list_filter = ("workspace",)
    search_fields = ("text", "key", "organisation__name")
    list_select_related = ("organisation",)


@admin.register(BundleProposal)
class BundleProposalAdmin(HistoryAdmin[BundleProposal]):
    """Where documents could begin in files of several."""

    list_display = ("reading_id", "is_likely", "workspace", "created_at")
    list_filter = ("is_likely", "workspace")
    search_fields = ("reading__id",)


@admin.register(RankingVersion)
class RankingVersionAdmin(HistoryAdmin[RankingVersion]):
    """What workspaces learned of ranking fields."""

    list_display = ("document_type", "version", "state", "document_count", "workspace", "created_at")
    list_filter = ("document_type", "state", "workspace")
    search_fields = ("version", "sha256", "dataset_hash")
    exclude = ("tensors",)


@admin.register(RankingJob)
class RankingJobAdmin(HistoryAdmin[RankingJob]):
    """Where the learning of rankings stands; versions are chosen on the page “Models”."""

    list_display = ("document_type", "workspace", "wanted_at", "is_held", "attempt", "error_code")
    list_filter = ("document_type", "is_held", "workspace")
    search_fields = ("id", "error_code")


@admin.register(RankingCandidates)
class RankingCandidatesAdmin(HistoryAdmin[RankingCandidates]):
    """Of which readings the candidates are kept."""

    list_display = ("reading_id", "made_by")
    list_filter = ("reading__workspace",)
    search_fields = ("reading__id",)
    exclude = ("data",)
