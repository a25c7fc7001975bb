"""An e-mail with a text and an HTML body and a purchase order as its attachment."""

from datetime import UTC, date, datetime, time, timedelta
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from io import BytesIO

from reportlab.platypus import Flowable, Paragraph, Spacer

from apps.pipeline.samples.model import Sample, Truth
from apps.pipeline.samples.numbers import amount, long_date
from apps.pipeline.samples.pdf import Box, Command, Meta, build_pdf, table, text_style
from apps.pipeline.samples.texts import load
from apps.pipeline.samples.trade import Bill, document_fields, item

AGE_DAYS = 1
SENDER = "Delphine Achard-Moss"
SUBJECT = "Purchase order 2291 for the spring catalogue"
ORDER = Bill(
    [
        item("Spring catalogue, 64 pages, 170 gsm", "5000", "1.18", "0"),
        item("Poster A2, four colours", "300", "2.40", "0"),
        item("Delivery to three sites", "3", "45.00", "0"),
    ]
)


def make(today: date) -> Sample:
    """Return the message as it came in `AGE_DAYS` before `today`, attachment included."""
    sent = today - timedelta(days=AGE_DAYS)
    wanted = long_date(sent + timedelta(days=24))
    plain = load("mail.txt", wanted=wanted, total=amount(ORDER.grand_total))
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{SENDER} <d.achard-moss@pemberly.example>"
    message["To"] = "Print desk <orders@inkwell-press.example>"
    message["Cc"] = "accounts@pemberly.example"
    message["Subject"] = SUBJECT
    message["Date"] = format_datetime(datetime.combine(sent, time(8, 47), UTC))
    message["Message-ID"] = f"<po2291.{sent:%Y%m%d}@pemberly.example>"
    message.set_content(plain)
    paragraphs = "".join(f"<p>{block}</p>" for block in plain.strip().split("\n\n"))
    message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    message.add_attachment(_order(sent, wanted), maintype="application", subtype="pdf", filename="PO-2291.pdf")
    return Sample(
        name="Purchase order 2291.eml",
        content=_serialised(message),
        title=SUBJECT,
        media_type="message/rfc822",
        tags=("purchasing",),
        received_days_ago=AGE_DAYS,
        truth=Truth(
            type="email",
            language="en",
            text_contains=(SUBJECT, "please find attached our purchase order", SENDER),
            fields=document_fields(SENDER, sent),
        ),
    )


def _serialised(message: EmailMessage) -> bytes:
    """Return the message's bytes with fixed boundaries, which the library would draw by chance."""
    for level, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_pemberly_{level}")
    buffer = BytesIO()
    BytesGenerator(buffer, policy=SMTP).flatten(message)
    return buffer.getvalue()


def _order(sent: date, wanted: str) -> bytes:
    """Return the attached purchase order."""
    rows = [["Description", "Quantity", "Unit price", "Amount GBP"]] + [
        [line.description, str(line.quantity), amount(line.unit_price), amount(line.amount)] for line in ORDER.items
    ]
    rows.append(["Total", "", "", amount(ORDER.grand_total)])
    look: list[Command] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 10),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 10),
        ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 10),
        ("GRID", (0, 0), (-1, -1), 0.5, "#6b7280"),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ]
    body = text_style(10.5, leading=15)
    story: list[Flowable] = [
        Paragraph("Purchase order 2291", text_style(20, font="Helvetica-Bold", leading=26, after=10)),
        Paragraph(f"Pemberly Garden Centres Ltd, 14 Orchard Lane, Tetbury GL8 8XQ<br/>{long_date(sent)}", body),
        Paragraph("To: Inkwell Press, 2 Galley Row, Stroud GL5 9XX", body),
        Spacer(0, 14),
        table(rows, [80, 25, 28, 32], look),
        Spacer(0, 14),
        Paragraph(f"Delivery by {wanted}. Prices exclude VAT. Approved: D. Achard-Moss", body),
    ]
    return build_pdf(story, Meta("Purchase order 2291", SENDER, sent), first=[Box(22, 30, 166, 235)])
