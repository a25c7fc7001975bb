"""Deletes what has had its time: old trash, uploads cut off half-way, handled events, keys, expired sessions."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from structlog import get_logger

from apps.core.clock import Clock, now
from apps.core.models import IdempotencyKey, OutboxEvent
from apps.documents import storage
from apps.documents.models import Document
from apps.documents.services import document_purge
from apps.pipeline.exports.services import exports_forget_files

log = get_logger(__name__)


def tidy(*, clock: Clock = now) -> None:
    """Delete everything that is older than its limit."""
    moment = clock()
    trashed = Document.objects.filter(deleted_at__lt=moment - timedelta(days=settings.TRASH_DAYS))
    for document in trashed.iterator():
        try:
            document_purge(document=document, by=None)
        except DatabaseError:
            log.exception("purge_failed", document=str(document.pk))  # tried again in an hour, and not in others' way
    exports_forget_files()
    storage.remove_abandoned(before=moment - timedelta(days=1))
    IdempotencyKey.objects.filter(created_at__lt=moment - timedelta(days=1)).delete()
    OutboxEvent.objects.filter(handled_at__lt=moment - timedelta(days=7)).delete()
    Session.objects.filter(expire_date__lt=moment).delete()
    log.info("tidied")
