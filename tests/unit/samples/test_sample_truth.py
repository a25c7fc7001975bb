"""The sample documents say what their truth claims, and are the same bytes every time."""

import email
import hashlib
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from email.policy import default

import pypdfium2
import pytest
from PIL import Image

from apps.pipeline.samples import Sample, generate
from apps.pipeline.samples.numbers import iban

TODAY = date(2026, 11, 23)
SAMPLES = generate(today=TODAY)
PIXELS_ONLY = "medical_report"


def named(samples: list[Sample]) -> list[object]:
    return [pytest.param(sample, id=sample.name) for sample in samples]


def is_pdf(sample: Sample) -> bool:
    return sample.media_type == "application/pdf"


BORN_DIGITAL = [s for s in SAMPLES if is_pdf(s) and s.truth.error != "corrupt" and s.truth.type != PIXELS_ONLY]
INVOICES = [s for s in BORN_DIGITAL if s.truth.type == "invoice"]


def pdf_pages(sample: Sample) -> list[str]:
    document = pypdfium2.PdfDocument(sample.content, password=sample.truth.password)
    try:
        # pdfium marks a hyphen at a line's end with U+FFFE.
        return [page.get_textpage().get_text_range().replace("\ufffe", "-") for page in document]
    finally:
        document.close()


def flat(text: str) -> str:
    return " ".join(text.split())


def test_same_day_gives_same_bytes() -> None:
    again = generate(today=TODAY)
    digests = [hashlib.sha256(s.content).hexdigest() for s in SAMPLES]
    assert [hashlib.sha256(s.content).hexdigest() for s in again] == digests
    assert again == SAMPLES
    assert len(set(digests)) == len(SAMPLES)


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2027, 1, 1), date(2027, 5, 31), date(2028, 12, 31)])
def test_any_day_will_do(today: date) -> None:
    samples = generate(today=today)
    assert len(samples) == len(SAMPLES)
    for sample in samples:
        if is_pdf(sample) and sample.truth.error != "corrupt" and sample.truth.type != PIXELS_ONLY:
            pages = pdf_pages(sample)
            assert len(pages) == sample.truth.page_count, sample.name
            assert all(passage in flat(" ".join(pages)) for passage in sample.truth.text_contains), sample.name


def test_names_are_unique_and_dates_spread_over_ninety_days() -> None:
    ages = [s.received_days_ago for s in SAMPLES]
    assert len({s.name for s in SAMPLES}) == len({s.title for s in SAMPLES}) == len(SAMPLES)
    assert ages == sorted(ages, reverse=True)
    assert min(ages) >= 0
    assert max(ages) <= 90
    assert len({age // 10 for age in ages}) == 9


def test_many_types_formats_and_languages() -> None:
    assert len(SAMPLES) >= 20
    assert len({s.truth.type for s in SAMPLES}) >= 17
    assert {s.truth.language for s in SAMPLES} == {"en", "de", "fr"}
    assert len({s.media_type for s in SAMPLES}) == 8


@pytest.mark.parametrize("sample", named(BORN_DIGITAL))
def test_pdf_says_what_its_truth_says(sample: Sample) -> None:
    pages = pdf_pages(sample)
    text = flat(" ".join(pages))
    assert len(pages) == sample.truth.page_count
    assert sample.truth.text_contains
    assert [passage for passage in sample.truth.text_contains if passage not in text] == []
    cells = {cell for table in sample.truth.tables for row in table.cells for cell in row}
    assert [cell for cell in cells if cell not in text] == []


@pytest.mark.parametrize("sample", named([s for s in SAMPLES if s.media_type.startswith("text/")]))
def test_text_file_says_what_its_truth_says(sample: Sample) -> None:
    text = flat(sample.content.decode())
    cells = {cell for table in sample.truth.tables for row in table.cells for cell in row}
    assert [passage for passage in {*sample.truth.text_contains, *cells} if passage not in text] == []


@pytest.mark.parametrize("sample", named([s for s in SAMPLES if s.truth.tables]))
def test_tables_are_rectangular(sample: Sample) -> None:
    for table in sample.truth.tables:
        assert len(table.cells) == table.rows
        assert {len(row) for row in table.cells} == {table.columns}


@pytest.mark.parametrize("sample", named(INVOICES))
def test_totals_add_up_and_are_printed(sample: Sample) -> None:
    fields, lines = sample.truth.fields, sample.truth.line_items
    net, tax, grand = (Decimal(str(fields[key])) for key in ("net_total", "tax_total", "grand_total"))
    assert sum(Decimal(line["amount"]) for line in lines) == net
    assert net + tax == grand
    exact_tax = sum(Decimal(line["amount"]) * Decimal(line["tax_rate"]) / 100 for line in lines)
    assert abs(exact_tax - tax) <= Decimal("0.01")
    for line in lines:
        exact = Decimal(line["quantity"]) * Decimal(line["unit_price"])
        assert abs(exact - Decimal(line["amount"])) <= Decimal("0.005")
    digits = re.sub(r"[.,\s]", "", "".join(pdf_pages(sample)))
    assert all(str(total).replace(".", "") in digits for total in (net, tax, grand))


@pytest.mark.parametrize("sample", named([s for s in BORN_DIGITAL if "iban" in s.truth.fields]))
def test_iban_is_valid_and_printed(sample: Sample) -> None:
    number = str(sample.truth.fields["iban"])
    moved = number[4:] + number[:4]
    assert int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
    assert number == iban(number[:2], number[4:])
    assert number in re.sub(r"\s", "", "".join(pdf_pages(sample)))


@pytest.mark.parametrize("sample", named(INVOICES))
def test_invoice_parties_and_numbers_are_printed(sample: Sample) -> None:
    text = flat(" ".join(pdf_pages(sample)))
    squeezed = re.sub(r"\s", "", text)
    for key in ("invoice_number", "order_reference", "seller_name", "buyer_name"):
        assert str(sample.truth.fields[key]) in text
    assert str(sample.truth.fields.get("seller_vat_id", "")) in squeezed


@pytest.mark.parametrize("sample", named(SAMPLES))
def test_dates_are_iso_and_not_after_arrival(sample: Sample) -> None:
    for key in ("document_date", "issue_date", "date"):
        if key in sample.truth.fields:
            stated = date.fromisoformat(str(sample.truth.fields[key]))
            assert stated <= TODAY - timedelta(days=sample.received_days_ago)


def test_encrypted_file_opens_with_its_password_only() -> None:
    (sample,) = [s for s in SAMPLES if s.truth.error == "encrypted"]
    for wrong in (None, "", "marmalade"):
        with pytest.raises(pypdfium2.PdfiumError, match="password"):
            pypdfium2.PdfDocument(sample.content, password=wrong)
    assert "Net pay" in pdf_pages(sample)[0]


def test_broken_file_is_refused() -> None:
    (sample,) = [s for s in SAMPLES if s.truth.error == "corrupt"]
    assert sample.content.startswith(b"%PDF-")
    with pytest.raises(pypdfium2.PdfiumError, match="Data format"):
        pypdfium2.PdfDocument(sample.content)


def test_fax_has_pixels_and_no_text() -> None:
    (sample,) = [s for s in SAMPLES if s.truth.type == PIXELS_ONLY]
    assert [flat(page) for page in pdf_pages(sample)] == [""]
    assert b"/Subtype /Image" in sample.content


@pytest.mark.parametrize("sample", named([s for s in SAMPLES if s.media_type.startswith("image/")]))
def test_image_opens_in_its_format(sample: Sample) -> None:
    image = Image.open(io.BytesIO(sample.content))
    assert image.get_format_mimetype() == sample.media_type
    histogram = image.convert("L").histogram()
    assert sum(histogram[:80]) > 1000, "no ink"
    assert sum(histogram[170:]) > 1000, "no paper"


def test_mail_has_two_bodies_and_an_attachment() -> None:
    (sample,) = [s for s in SAMPLES if s.truth.type == "email"]
    message = email.message_from_bytes(sample.content, policy=default)
    plain = message.get_body(("plain",))
    assert plain is not None
    assert message.get_body(("html",)) is not None
    shown = flat(f"{message['From']} {message['Subject']} {plain.get_content()}")
    assert [passage for passage in sample.truth.text_contains if passage not in shown] == []
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "PO-2291.pdf"
    assert len(pypdfium2.PdfDocument(attachment.get_content())) == 1
