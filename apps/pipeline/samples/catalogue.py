"""The list of all sample documents and the function that makes them."""

from collections.abc import Callable
from datetime import date

from apps.pipeline.samples import (
    court,
    damaged,
    einvoices,
    facture,
    invoice_classic,
    invoice_long,
    invoice_modern,
    letter,
    mail,
    medical,
    minutes,
    nda,
    paper,
    receipts,
    rechnung,
    report,
    resume,
    statement,
    ticket,
    web_texts,
)
from apps.pipeline.samples.model import Sample

MAKERS: tuple[Callable[[date], Sample], ...] = (
    invoice_modern.make,
    invoice_classic.make,
    invoice_long.make,
    rechnung.make,
    facture.make,
    einvoices.make_hybrid,
    einvoices.make_xml,
    einvoices.make_qr_bill,
    receipts.make_photo,
    receipts.make_till,
    nda.make,
    court.make,
    web_texts.make_privacy_policy,
    web_texts.make_terms,
    resume.make,
    web_texts.make_job_posting,
    minutes.make,
    letter.make,
    mail.make,
    paper.make,
    report.make,
    statement.make,
    medical.make,
    ticket.make,
    web_texts.make_news,
    damaged.make_broken,
    damaged.make_locked,
)


def generate(*, today: date) -> list[Sample]:
    """Return all samples, oldest first, dated within the 90 days before `today`; the same day gives the same bytes."""
    samples = [make(today) for make in MAKERS]
    return sorted(samples, key=lambda sample: (-sample.received_days_ago, sample.name))
