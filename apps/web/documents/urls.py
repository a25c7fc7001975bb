"""The addresses of the pages about documents."""

from django.urls import path

from apps.web.documents import bulk, changes, detail, files, listing, markdown, table_files, trash, upload

urlpatterns = [
    path("documents/", listing.document_list, name="document_list"),
    path("documents/rows/", listing.document_rows, name="document_rows"),
    path("documents/upload/", upload.document_upload, name="document_upload"),
    path("documents/upload/file/", upload.document_upload_file, name="document_upload_file"),
    path("documents/bulk/", bulk.document_bulk, name="document_bulk"),
    path("documents/<uuid:document_id>/", detail.document_detail, name="document_detail"),
    path("documents/<uuid:document_id>/status/", detail.document_status, name="document_status"),
    path("documents/<uuid:document_id>/edit/", changes.document_edit, name="document_edit"),
    path("documents/<uuid:document_id>/decide-type/", changes.document_type, name="document_type"),
    path("documents/<uuid:document_id>/reprocess/", changes.document_reprocess, name="document_reprocess"),
    path("documents/<uuid:document_id>/retry/", changes.document_retry, name="document_retry"),
    path("documents/<uuid:document_id>/trash/", changes.document_trash, name="document_trash"),
    path("documents/<uuid:document_id>/original/", files.document_original, name="document_original"),
    path("documents/<uuid:document_id>/searchable.pdf", files.document_searchable, name="document_searchable"),
    path("documents/<uuid:document_id>/pages/<int:number>.webp", files.document_page_image, name="page_image"),
    *(
        path(
            f"documents/<uuid:document_id>/tables/<uuid:table_id>.{suffix}",
            table_files.document_table,
            {"suffix": suffix},
            name=f"document_table_{suffix}",
        )
        for suffix in table_files.MEDIA_TYPES
    ),
    *(
        path(
            f"documents/<uuid:document_id>/tables.{suffix}",
            table_files.document_tables,
            {"suffix": suffix},
            name=f"document_tables_{suffix}",
        )
        for suffix in table_files.MEDIA_TYPES
    ),
    path("documents/<uuid:document_id>/markdown.md", markdown.document_markdown, name="document_markdown"),
    path("documents/<uuid:document_id>/<slug:tab>/", detail.document_detail, name="document_tab"),
    path("trash/", trash.trash, name="trash"),
    path("trash/restore/", trash.trash_restore, name="trash_restore"),
    path("trash/delete/", trash.trash_delete, name="trash_delete"),
    path("trash/empty/", trash.trash_empty, name="trash_empty"),
]
