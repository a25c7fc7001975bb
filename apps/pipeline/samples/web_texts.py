"""Documents that are text from the start: a web page, a Markdown file, two plain text files."""

from datetime import date, timedelta

from apps.pipeline.samples.model import Sample, TableTruth, Truth
from apps.pipeline.samples.numbers import long_date
from apps.pipeline.samples.texts import load
from apps.pipeline.samples.trade import document_fields

PRIVACY_AGE_DAYS = 70
TERMS_AGE_DAYS = 83
JOB_AGE_DAYS = 30
NEWS_AGE_DAYS = 7
PRIVACY_TABLE = TableTruth(
    5,
    3,
    (
        ("Data", "Purpose", "Kept for"),
        ("Approximate location", "To show the forecast for where you are", "24 hours"),
        (
            "E-mail address",
            "To run your account and send storm alerts you asked for",
            "Until you delete the account",
        ),
        ("Device type and crash reports", "To find and repair faults", "90 days"),
        ("Payment reference", "To manage a subscription", "6 years"),
    ),
)
TERMS_TABLE = TableTruth(
    4,
    4,
    (
        ("Plan", "Storage", "Devices", "Price per month"),
        ("Free", "1 GB", "2", "EUR 0.00"),
        ("Solo", "50 GB", "unlimited", "EUR 3.90"),
        ("Team", "200 GB per member", "unlimited", "EUR 6.50 per member"),
    ),
)


def make_privacy_policy(today: date) -> Sample:
    """Return a weather service's privacy policy as a saved web page."""
    updated = today - timedelta(days=PRIVACY_AGE_DAYS + 8)
    page = load("privacy.html", updated=long_date(updated), year=str(updated.year))
    return Sample(
        name="puddlewick-privacy.html",
        content=page.encode(),
        title="Puddlewick Weather privacy policy",
        media_type="text/html",
        tags=("legal", "web"),
        received_days_ago=PRIVACY_AGE_DAYS,
        truth=Truth(
            type="privacy_policy",
            language="en",
            text_contains=("Privacy Policy", long_date(updated), "We never sell personal data.", "Kept for"),
            fields=document_fields("Puddlewick Weather Ltd", updated),
            tables=(PRIVACY_TABLE,),
        ),
    )


def make_terms(today: date) -> Sample:
    """Return a note service's terms as Markdown."""
    effective = today - timedelta(days=TERMS_AGE_DAYS + 1)
    text = load("terms.md", effective=long_date(effective))
    return Sample(
        name="lanternfish-terms.md",
        content=text.encode(),
        title="Lanternfish terms of service",
        media_type="text/markdown",
        tags=("legal",),
        received_days_ago=TERMS_AGE_DAYS,
        truth=Truth(
            type="terms_of_service",
            language="en",
            text_contains=("Terms of Service", "Speicherstraße 14", "200 GB per member", long_date(effective)),
            fields=document_fields("Lanternfish Software GmbH", effective),
            tables=(TERMS_TABLE,),
        ),
    )


def make_job_posting(today: date) -> Sample:
    """Return an archive's job advertisement as plain text."""
    posted = today - timedelta(days=JOB_AGE_DAYS)
    text = load(
        "job.txt",
        posted=long_date(posted),
        closing=long_date(posted + timedelta(days=35)),
        interviews=long_date(posted + timedelta(days=49)),
    )
    return Sample(
        name="junior-conservator.txt",
        content=text.encode(),
        title="Job: junior conservator, Wexcombe",
        media_type="text/plain",
        tags=("hiring",),
        received_days_ago=JOB_AGE_DAYS,
        truth=Truth(
            type="job_posting",
            language="en",
            text_contains=("JUNIOR CONSERVATOR", "iron gall ink", long_date(posted)),
            fields=document_fields("Wexcombe County Archive", posted),
        ),
    )


def make_news(today: date) -> Sample:
    """Return a local paper's article as plain text."""
    published = today - timedelta(days=NEWS_AGE_DAYS + 1)
    text = load("news.txt", published=long_date(published))
    return Sample(
        name="lighthouse-ferry.txt",
        content=text.encode(),
        title="Lighthouse ferry returns",
        media_type="text/plain",
        tags=("press",),
        received_days_ago=NEWS_AGE_DAYS,
        truth=Truth(
            type="news_article",
            language="en",
            text_contains=("Rosalind Achterberg", "Gannet Rock", "2,300 breeding pairs"),
            fields=document_fields("Saltmarsh Courier", published),
        ),
    )
