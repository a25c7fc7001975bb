"""Who wants to know of what: event kind to dotted paths of handlers, which may lie in apps further up."""

from typing import Final

HANDLERS: Final[dict[str, tuple[str, ...]]] = {
    "run.finished": ("apps.pipeline.routing.on_run_finished",),
    "document.purged": ("apps.pipeline.routing.on_document_purged",),
}
