"""The addresses of version 1."""

from django.urls import path, re_path

from apps.api.base import UnknownAddress
from apps.api.v1.analysis import DocumentAnalysis
from apps.api.v1.bundle import DocumentBundle
from apps.api.v1.document import DocumentItem, DocumentOriginal, DocumentReprocess, DocumentType
from apps.api.v1.documents import DocumentList
from apps.api.v1.events import DocumentEvents
from apps.api.v1.fields import FieldList
from apps.api.v1.markdown import DocumentMarkdown
from apps.api.v1.reference import Schema, reference_page
from apps.api.v1.search import Search
from apps.api.v1.searchable import DocumentSearchable
from apps.api.v1.stats import Stats
from apps.api.v1.tables import DocumentTables

urlpatterns = [
    path("documents/", DocumentList.as_view(), name="api-document-list"),
    path("documents/<uuid:document_id>/", DocumentItem.as_view(), name="api-document"),
    path("documents/<uuid:document_id>/analysis/", DocumentAnalysis.as_view(), name="api-document-analysis"),
    path("documents/<uuid:document_id>/bundle/", DocumentBundle.as_view(), name="api-document-bundle"),
    path("documents/<uuid:document_id>/events/", DocumentEvents.as_view(), name="api-document-events"),
    path("documents/<uuid:document_id>/markdown/", DocumentMarkdown.as_view(), name="api-document-markdown"),
    path("documents/<uuid:document_id>/original/", DocumentOriginal.as_view(), name="api-document-original"),
    path("documents/<uuid:document_id>/reprocess/", DocumentReprocess.as_view(), name="api-document-reprocess"),
    path("documents/<uuid:document_id>/searchable/", DocumentSearchable.as_view(), name="api-document-searchable"),
    path("documents/<uuid:document_id>/tables/", DocumentTables.as_view(), name="api-document-tables"),
    path("documents/<uuid:document_id>/type/", DocumentType.as_view(), name="api-document-type"),
    path("fields/", FieldList.as_view(), name="api-field-list"),
    path("stats/", Stats.as_view(), name="api-stats"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", reference_page, name="api-docs"),
    path("search/", Search.as_view(), name="api-search"),
    re_path(r"", UnknownAddress.as_view(), name="api-unknown"),
]
