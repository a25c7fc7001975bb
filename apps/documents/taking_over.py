"""A reading that takes over the pages of the one before it, when only what was made of them is made anew."""

from apps.documents.models import Document, Page, Reading


def reading_succeed(*, document: Document, producer: str, config_hash: str) -> tuple[Reading, Reading]:
    """Make a new current reading with the pages of the one before; returns both. The caller holds the document's lock.

    The one before keeps what was read of its pages then: it is history.
    """
    before = Reading.objects.get(current_of=document)
    after = Reading.objects.create(
        workspace_id=before.workspace_id,
        version_id=before.version_id,
        producer=producer,
        config_hash=config_hash,
        media_type=before.media_type,
        page_count=before.page_count,
        metadata=before.metadata,
    )
    Page.objects.filter(reading=before).update(reading=after)
    Document.objects.filter(pk=document.pk).update(current_reading=after)
    document.current_reading = after
    return before, after
