"""Two files no reader can simply open: one cut off in the middle, one locked with a password."""

from datetime import date, timedelta
from decimal import Decimal

from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth
from apps.pipeline.samples.numbers import amount, long_date, month_name
from apps.pipeline.samples.pdf import Box, Command, Meta, build_pdf, table, text_style
from apps.pipeline.samples.trade import document_fields

BROKEN_AGE_DAYS = 6
LOCKED_AGE_DAYS = 11
PASSWORD = "marmalade-417"  # noqa: S105 - the sample's published password, part of its truth
# What survives of the cut file: its header and some objects, neither a page tree nor a cross-reference table.
KEPT_BYTES = 420
EMPLOYER = "Quillfeather Analytics"


def make_broken(today: date) -> Sample:
    """Return a delivery note whose transfer stopped early."""
    day = today - timedelta(days=BROKEN_AGE_DAYS)
    whole = build_pdf(
        [Paragraph("Delivery note DN-90318", text_style(20))],
        Meta("Delivery note DN-90318", "Vandermolen Electro Wholesale NV", day),
        first=[Box(25, 30, 160, 230)],
    )
    return Sample(
        name="delivery-note-90318.pdf",
        content=whole[:KEPT_BYTES],
        title="Delivery note (damaged file)",
        media_type="application/pdf",
        received_days_ago=BROKEN_AGE_DAYS,
        truth=Truth(type="other", language="en", page_count=0, error="corrupt"),
    )


def make_locked(today: date) -> Sample:
    """Return a payslip that opens with `PASSWORD` only."""
    day = today - timedelta(days=LOCKED_AGE_DAYS)
    month = day.replace(day=1) - timedelta(days=1)
    return Sample(
        name=f"payslip-{month:%Y-%m}.pdf",
        content=build_pdf(
            _payslip(month),
            Meta("Payslip", EMPLOYER, day),
            first=[Box(25, 30, 160, 235)],
            password=PASSWORD,
        ),
        title=f"Payslip {month_name(month)} (locked)",
        media_type="application/pdf",
        tags=("personal",),
        received_days_ago=LOCKED_AGE_DAYS,
        truth=Truth(
            type="payslip",
            language="en",
            text_contains=("Payslip", EMPLOYER, "Net pay"),
            fields={"currency": "EUR", **document_fields(EMPLOYER, month)},
            error="encrypted",
            password=PASSWORD,
        ),
    )


def _payslip(month: date) -> list[Flowable]:
    parts = (
        ("Basic pay", "5416.67"),
        ("Income tax", "-1093.20"),
        ("Social insurance", "-216.67"),
        ("Pension", "-270.83"),
    )
    net = sum((Decimal(value) for _, value in parts), Decimal(0))
    rows = [[name, amount(Decimal(value))] for name, value in parts] + [["Net pay", amount(net)]]
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 10.5),
        ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 10.5),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("LINEABOVE", (0, -1), (-1, -1), 0.8, "#1f2430"),
    ]
    return [
        Paragraph(EMPLOYER, text_style(12, after=6)),
        Paragraph(f"Payslip {month_name(month)}", text_style(20, font="Helvetica-Bold", leading=26, after=10)),
        Paragraph(f"Saoirse Lindqvist-Okafor · paid on {long_date(month)} · EUR", text_style(10)),
        Spacer(0, 14),
        table(rows, [100, 50], look),
    ]
