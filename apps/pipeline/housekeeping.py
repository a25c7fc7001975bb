"""Deletes what has had its time: old trash, handled events, idempotency keys, expired sessions."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from structlog import get_logger

from apps.core.clock import Clock, now
from apps.core.models import IdempotencyKey, OutboxEvent
from apps.documents.models import Document
from apps.documents.services import document_purge

log = get_logger(__name__)


def tidy(*, clock: Clock = now) -> None:
    """Delete everything that is older than its limit."""
    moment = clock()
    trashed = Document.objects.filter(deleted_at__lt=moment - timedelta(days=settings.TRASH_DAYS))
    for document in trashed.iterator():
        document_purge(document=document, by=None)
    IdempotencyKey.objects.filter(created_at__lt=moment - timedelta(days=1)).delete()
    OutboxEvent.objects.filter(handled_at__lt=moment - timedelta(days=7)).delete()
    Session.objects.filter(expire_date__lt=moment).delete()
    log.info("tidied")
