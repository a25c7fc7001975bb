"""PDF: text, boxes on the page as shown, metadata, and what cannot be read."""

from pathlib import Path

import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.pdf import PdfFile, open_document
from apps.extraction.engine.readers.pdf.hyphens import LINE_HYPHEN, join_hyphenated
from apps.extraction.engine.readers.pdf.metadata import iso_date
from apps.extraction.engine.text import clean
from tests.unit.extraction import makers
from tests.unit.extraction.makers_tables import report


def opened(path: Path, password: str | None = None, max_pages: int = 100) -> PdfFile:
    return open_document(Source(path=path, media_type="application/pdf", password=password, max_pages=max_pages))


def test_text_words_and_boxes(tmp_path: Path) -> None:
    with opened(makers.hello_pdf(tmp_path / "a.pdf")) as pdf:
        page = pdf.read_page(1)
    assert page.text == "Hello careful reader"
    assert [word.text for word in page.words] == ["Hello", "careful", "reader"]
    assert (page.width, page.height, page.rotation, page.text_source) == (595, 842, 0, "native")
    assert not page.needs_ocr
    first = page.words[0]
    assert first.x0 == pytest.approx(72 / 595, abs=0.003)
    assert first.y0 < 1 - 700 / 842 < first.y1  # the base line at 700 points from below
    assert first.confidence is None


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (90, (700 / 842, 72 / 595)),
        (180, (1 - 72 / 595, 700 / 842)),
        (270, (1 - 700 / 842, 1 - 72 / 595)),
    ],
)
def test_boxes_follow_the_rotation(tmp_path: Path, degrees: int, expected: tuple[float, float]) -> None:
    """The start of the base line at (72, 700) must be found where the turned page shows it."""
    path = makers.rotated(makers.hello_pdf(tmp_path / "a.pdf"), tmp_path / "b.pdf", degrees)
    with opened(path) as pdf:
        page = pdf.read_page(1)
    word = page.words[0]
    assert page.rotation == degrees
    assert (page.width, page.height) == ((842, 595) if degrees != 180 else (595, 842))
    assert word.x0 - 0.005 <= expected[0] <= word.x1 + 0.005
    assert word.y0 - 0.005 <= expected[1] <= word.y1 + 0.005


def test_crop_box_is_the_page(tmp_path: Path) -> None:
    source = makers.text_pdf(tmp_path / "a.pdf", [[(72, 700, "shown"), (72, 100, "cut off")]])
    with opened(makers.cropped(source, tmp_path / "b.pdf", (50, 600, 350, 800))) as pdf:
        page = pdf.read_page(1)
    assert (page.width, page.height) == (300, 200)
    assert page.text == "shown"
    word = page.words[0]
    assert word.x0 == pytest.approx(22 / 300, abs=0.005)
    assert word.y0 < 100 / 200 < word.y1


def test_metadata(tmp_path: Path) -> None:
    with opened(makers.hello_pdf(tmp_path / "a.pdf")) as pdf:
        info = pdf.info
    assert info.page_count == 1
    assert (info.metadata["title"], info.metadata["author"]) == ("Greeting", "Alice")
    assert str(info.metadata["created_at"]).startswith("20")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("D:20260302093000+01'00'", "2026-03-02T09:30:00+01:00"),
        ("D:20260302093000Z", "2026-03-02T09:30:00+00:00"),
        ("D:20260302093000-0530", "2026-03-02T09:30:00-05:30"),
        ("20260302", "2026-03-02"),
        ("D:2026", "2026-01-01"),
        ("D:20261340", None),
        ("Monday", None),
        ("", None),
    ],
)
def test_dates(raw: str, expected: str | None) -> None:
    assert iso_date(raw) == expected


def test_password(tmp_path: Path) -> None:
    path = makers.encrypted(makers.hello_pdf(tmp_path / "a.pdf"), tmp_path / "b.pdf", "secret")
    with pytest.raises(ReadingError) as none_given:
        opened(path)
    with pytest.raises(ReadingError) as wrong_one:
        opened(path, "guess")
    assert (none_given.value.code, wrong_one.value.code) == (ErrorCode.ENCRYPTED, ErrorCode.WRONG_PASSWORD)
    assert not none_given.value.is_transient
    with opened(path, "secret") as pdf:
        assert pdf.read_page(1).text == "Hello careful reader"


def test_truncated_and_too_long(tmp_path: Path) -> None:
    path = makers.hello_pdf(tmp_path / "a.pdf")
    broken = tmp_path / "b.pdf"
    broken.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ReadingError) as truncated:
        opened(broken)
    many = makers.text_pdf(tmp_path / "c.pdf", [[(72, 700, str(number))] for number in range(3)])
    with pytest.raises(ReadingError) as too_many:
        opened(many, max_pages=2)
    assert (truncated.value.code, too_many.value.code) == (ErrorCode.CORRUPT, ErrorCode.TOO_MANY_PAGES)


def test_junk_before_the_header(tmp_path: Path) -> None:
    path = makers.hello_pdf(tmp_path / "a.pdf")
    path.write_bytes(b"\0" * 2000 + path.read_bytes())
    with opened(path) as pdf:
        assert pdf.read_page(1).text == "Hello careful reader"


def test_scans_ask_for_recognition_and_empty_pages_do_not(tmp_path: Path) -> None:
    with opened(makers.scanned_pdf(tmp_path / "a.pdf", ["Scanned"])) as pdf:
        assert pdf.read_page(1).needs_ocr
    with opened(makers.scanned_pdf(tmp_path / "b.pdf", ["Scanned"], stamp="RECEIVED")) as pdf:
        assert pdf.read_page(1).needs_ocr
    with opened(makers.text_pdf(tmp_path / "c.pdf", [[]])) as pdf:
        page = pdf.read_page(1)
    assert (page.needs_ocr, page.text, page.text_source) == (False, "", "none")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"asynchro{LINE_HYPHEN}nous work", "asynchronous work"),
        (f"high{LINE_HYPHEN}level", "high-level"),
        (f"the high{LINE_HYPHEN}est", "the highest"),
        (f"solar{LINE_HYPHEN}powered, powered and solar", "solar-powered, powered and solar"),
        (f"a self{LINE_HYPHEN}made man, self-made", "a self-made man, self-made"),
        (f"Spanish{LINE_HYPHEN}American", "Spanish-American"),
        (f"pages 12{LINE_HYPHEN}14", "pages 12-14"),
    ],
)
def test_hyphens_at_line_ends(text: str, expected: str) -> None:
    assert join_hyphenated(text) == expected


def test_ligatures_and_soft_hyphens_are_cleaned(tmp_path: Path) -> None:
    assert clean("\ufb01nal con\u00adtract\x00\r\nzu\u00ad\nsammen") == "final contract\nzusammen"


def test_preview_has_the_width_asked_for(tmp_path: Path) -> None:
    with opened(makers.hello_pdf(tmp_path / "a.pdf")) as pdf:
        picture = pdf.preview(1, 300)
    assert picture.width in {300, 301}
    assert min(picture.convert("L").tobytes()) < 128  # something is drawn


def test_a_few_pages_stay_parsed_until_they_are_asked_for_once_more(tmp_path: Path) -> None:
    rows = [[["crates", "12"], ["sacks", "7"], ["casks", str(number)]] for number in range(10)]
    path = report(tmp_path / "report.pdf", rows, ruled=True)
    with opened(path) as fresh:
        rules = [fresh.edges(number) for number in range(1, 11)]
    assert all(rules)
    with opened(path) as pdf:
        pages = [pdf.read_page(number) for number in range(1, 11)]
        assert list(pdf._kept) == [1, 2, 3, 4, 5, 6, 7, 8]
        assert [pdf.edges(number) for number in range(1, 11)] == rules
        assert not pdf._kept
        assert [pdf.read_page(number) for number in range(1, 11)] == pages
    assert not pdf._kept
