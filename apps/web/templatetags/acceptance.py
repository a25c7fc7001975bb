"""Words for the pages about what is accepted automatically."""

from typing import Final

from django import template

from apps.review.models import Certificate
from apps.web.documents.types import type_title

register = template.Library()
CERTIFICATE_EVENTS: Final = {
    "certificate.certify": "Checks have shown it",
    "certificate.suspended": "Suspended by audits",
    "certificate.ended": "Ended",
    "certificate.renew": "Begun anew",
    "certificate.take_back": "All that it accepted taken back",
}


@register.filter
def subject_words(certificate: Certificate) -> str:
    """Say what a certificate is about: `Grand total of invoice`, `Invoice as the type`."""
    title = type_title(certificate.document_type)
    if not certificate.key:
        return f"{title} as the type"
    return f"{certificate.key.replace('_', ' ').capitalize()} of {title.lower()}"


@register.filter
def certificate_event(action: str) -> str:
    """Say what happened to a certificate; unknown actions read as they are."""
    return CERTIFICATE_EVENTS.get(action, action)
