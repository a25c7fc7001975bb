"""Words for the pages about what is accepted automatically."""

from django import template

from apps.review.models import Certificate
from apps.web.documents.types import type_title

register = template.Library()


@register.filter
def subject_words(certificate: Certificate) -> str:
    """Say what a certificate is about: `Grand total of invoice`, `Invoice as the type`."""
    title = type_title(certificate.document_type)
    if not certificate.key:
        return f"{title} as the type"
    return f"{certificate.key.replace('_', ' ').capitalize()} of {title.lower()}"
