"""The addresses of version 1."""

from django.urls import path, re_path

from apps.api.base import UnknownAddress
from apps.api.v1.accounting import DocumentAccounting, DocumentWarningItem, WarningList
from apps.api.v1.analysis import DocumentAnalysis
from apps.api.v1.auto_accept import AutoAccept
from apps.api.v1.bibtex import DocumentBibtex
from apps.api.v1.bundle import DocumentBundle
from apps.api.v1.document import DocumentItem, DocumentOriginal, DocumentReprocess, DocumentType
from apps.api.v1.document_fields import DocumentExamples, DocumentField
from apps.api.v1.documents import DocumentList
from apps.api.v1.entities import DocumentEntities
from apps.api.v1.events import DocumentEvents
from apps.api.v1.experiments import ExperimentItem, ExperimentList
from apps.api.v1.exports import ExportFile, ExportItem, ExportList
from apps.api.v1.fields import FieldList
from apps.api.v1.markdown import DocumentMarkdown
from apps.api.v1.models import ModelItem, ModelList, RefitItem, RefitList
from apps.api.v1.organisations import OrganisationItem, OrganisationList, OrganisationMerging
from apps.api.v1.reference import Schema, reference_page
from apps.api.v1.reruns import RerunList, RerunOne
from apps.api.v1.schemas import SchemaApply, SchemaItem, SchemaList, SchemaVersions
from apps.api.v1.search import Search
from apps.api.v1.searchable import DocumentSearchable
from apps.api.v1.stats import Stats
from apps.api.v1.tables import DocumentTables
from apps.api.v1.tags import DocumentTags, TagList
from apps.api.v1.types import TypeItem, TypeList

urlpatterns = [
    path("auto-accept/", AutoAccept.as_view(), name="api-auto-accept"),
    path("documents/", DocumentList.as_view(), name="api-document-list"),
    path("documents/<uuid:document_id>/", DocumentItem.as_view(), name="api-document"),
    path("documents/<uuid:document_id>/accounting/", DocumentAccounting.as_view(), name="api-document-accounting"),
    path("documents/<uuid:document_id>/analysis/", DocumentAnalysis.as_view(), name="api-document-analysis"),
    path("documents/<uuid:document_id>/bibtex/", DocumentBibtex.as_view(), name="api-document-bibtex"),
    path("documents/<uuid:document_id>/bundle/", DocumentBundle.as_view(), name="api-document-bundle"),
    path("documents/<uuid:document_id>/entities/", DocumentEntities.as_view(), name="api-document-entities"),
    path("documents/<uuid:document_id>/events/", DocumentEvents.as_view(), name="api-document-events"),
    path("documents/<uuid:document_id>/examples/", DocumentExamples.as_view(), name="api-document-examples"),
    path("documents/<uuid:document_id>/fields/<slug:key>/", DocumentField.as_view(), name="api-document-field"),
    path("documents/<uuid:document_id>/markdown/", DocumentMarkdown.as_view(), name="api-document-markdown"),
    path("documents/<uuid:document_id>/original/", DocumentOriginal.as_view(), name="api-document-original"),
    path("documents/<uuid:document_id>/reprocess/", DocumentReprocess.as_view(), name="api-document-reprocess"),
    path("documents/<uuid:document_id>/searchable/", DocumentSearchable.as_view(), name="api-document-searchable"),
    path("documents/<uuid:document_id>/tables/", DocumentTables.as_view(), name="api-document-tables"),
    path("documents/<uuid:document_id>/tags/", DocumentTags.as_view(), name="api-document-tags"),
    path("documents/<uuid:document_id>/type/", DocumentType.as_view(), name="api-document-type"),
    path(
        "documents/<uuid:document_id>/warnings/<uuid:warning_id>/",
        DocumentWarningItem.as_view(),
        name="api-document-warning",
    ),
    path("experiments/", ExperimentList.as_view(), name="api-experiment-list"),
    path("experiments/<uuid:experiment_id>/", ExperimentItem.as_view(), name="api-experiment"),
    path("exports/", ExportList.as_view(), name="api-export-list"),
    path("exports/<uuid:export_id>/", ExportItem.as_view(), name="api-export"),
    path("exports/<uuid:export_id>/file/", ExportFile.as_view(), name="api-export-file"),
    path("fields/", FieldList.as_view(), name="api-field-list"),
    path("models/", ModelList.as_view(), name="api-model-list"),
    path("models/<uuid:version_id>/", ModelItem.as_view(), name="api-model"),
    path("organisations/", OrganisationList.as_view(), name="api-organisation-list"),
    path("organisations/<uuid:organisation_id>/", OrganisationItem.as_view(), name="api-organisation"),
    path("organisations/<uuid:organisation_id>/merge/", OrganisationMerging.as_view(), name="api-organisation-merge"),
    path("refits/", RefitList.as_view(), name="api-refit-list"),
    path("refits/<uuid:refit_id>/", RefitItem.as_view(), name="api-refit"),
    path("reruns/", RerunList.as_view(), name="api-rerun-list"),
    path("reruns/<uuid:rerun_id>/", RerunOne.as_view(), name="api-rerun"),
    path("schemas/", SchemaList.as_view(), name="api-schema-list"),
    path("schemas/<slug:document_type>/", SchemaItem.as_view(), name="api-schema-item"),
    path("schemas/<slug:document_type>/apply/", SchemaApply.as_view(), name="api-schema-apply"),
    path("schemas/<slug:document_type>/versions/", SchemaVersions.as_view(), name="api-schema-versions"),
    path("stats/", Stats.as_view(), name="api-stats"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", reference_page, name="api-docs"),
    path("search/", Search.as_view(), name="api-search"),
    path("tags/", TagList.as_view(), name="api-tag-list"),
    path("types/", TypeList.as_view(), name="api-type-list"),
    path("types/<slug:slug>/", TypeItem.as_view(), name="api-type-item"),
    path("warnings/", WarningList.as_view(), name="api-warning-list"),
    re_path(r"", UnknownAddress.as_view(), name="api-unknown"),
]
