"""Who wants to know of what: event kind to dotted paths of handlers, which may lie in apps further up."""

from typing import Final

HANDLERS: Final[dict[str, tuple[str, ...]]] = {
    "run.finished": (
        "apps.pipeline.routing.on_run_finished",
        "apps.pipeline.routing.on_fields_outdated",
        "apps.pipeline.routing.on_tagged_read",
    ),
    "run.finished_beside": ("apps.pipeline.routing.on_fields_outdated",),
    "type.corrected": ("apps.pipeline.routing.on_type_corrected",),
    "type.rescored": ("apps.pipeline.routing.on_type_corrected",),
    "field.example": ("apps.pipeline.routing.on_field_example",),
    "fields.wanted": ("apps.pipeline.routing.on_fields_wanted",),
    "spot_check.judged": ("apps.pipeline.routing.on_spot_check_judged",),
    "acceptances.unwanted": ("apps.pipeline.routing.on_acceptances_unwanted",),
    "tags.decided": ("apps.pipeline.routing.on_tags_decided",),
    "document.restored": ("apps.pipeline.routing.on_document_restored",),
    "document.purged": ("apps.pipeline.routing.on_document_purged",),
}
