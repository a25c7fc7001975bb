"""PDFs with recognised words as invisible text: another library finds them where they are shown."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import ImageChops

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.operations import searchable_pdf
from apps.extraction.engine.types import PageReading, Word
from tests.unit.extraction import makers, makers_recognition

LINES = ["Invoice number 2041", "Total amount 1250"]


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    with GuardedReader(ocr_languages=("eng",)) as guarded:
        yield guarded


def _made(reader: GuardedReader, path: Path, readings: list[PageReading], password: str | None = None) -> bytes:
    info = reader.open(path, password=password)
    arguments = searchable_pdf.Arguments(readings=readings)
    return reader.perform(
        searchable_pdf, path, media_type=info.media_type, arguments=arguments, result=bytes, password=password
    )


def _recognised(reader: GuardedReader, path: Path) -> list[PageReading]:
    info = reader.open(path)
    numbers = range(1, info.page_count + 1)
    return [reader.recognise_page(path, media_type=info.media_type, number=number) for number in numbers]


def _read_back(reader: GuardedReader, pdf: bytes, folder: Path) -> PageReading:
    copy = folder / "copy.pdf"
    copy.write_bytes(pdf)
    return reader.read_pages(copy, media_type="application/pdf", first=1, last=1).pages[0]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_words_are_found_at_their_places(reader: GuardedReader, tmp_path: Path, rotation: int) -> None:
    scan = makers.scanned_pdf(tmp_path / "a.pdf", LINES)
    path = makers.rotated(scan, tmp_path / "b.pdf", rotation)
    readings = _recognised(reader, path)
    page = _read_back(reader, _made(reader, path, readings), tmp_path)
    assert "Invoice" in [word.text for word in page.words]
    by_place = [sorted(words, key=lambda word: (word.text, word.y0)) for words in (page.words, readings[0].words)]
    for found, wanted in zip(*by_place, strict=True):
        assert found.text == wanted.text
        assert (found.x0, found.y0, found.x1, found.y1) == pytest.approx(
            (wanted.x0, wanted.y0, wanted.x1, wanted.y1), abs=0.01
        )


def test_pdfium_finds_what_is_searched_for_and_shows_no_more(reader: GuardedReader, tmp_path: Path) -> None:
    path = makers.cropped(makers.scanned_pdf(tmp_path / "a.pdf", LINES), tmp_path / "b.pdf", (20, 320, 500, 690))
    made = _made(reader, path, _recognised(reader, path))
    with pdfium.PdfDocument(made) as copy, pdfium.PdfDocument(path) as original:
        text = copy[0].get_textpage()
        index, count = text.search("amount 1250").get_next() or (0, 0)
        left, bottom, right, top = text.get_charbox(index)
        assert count == len("amount 1250")
        assert 20 < left < right < 500
        assert 320 < bottom < top < 690
        shown = [pdf[0].render(scale=1).to_pil().convert("L") for pdf in (copy, original)]
    assert ImageChops.difference(*shown).getbbox() is None


def test_own_words_are_not_doubled(reader: GuardedReader, tmp_path: Path) -> None:
    path = makers.scanned_pdf(tmp_path / "a.pdf", LINES, stamp="RECEIVED")
    page = _read_back(reader, _made(reader, path, _recognised(reader, path)), tmp_path)
    words = [word.text for word in page.words]
    assert (words.count("RECEIVED"), words.count("Total")) == (1, 2)  # the scan stands twice on that page


def test_pages_with_text_of_their_own_stay_as_they_are(reader: GuardedReader, tmp_path: Path) -> None:
    path = makers.hello_pdf(tmp_path / "a.pdf")
    readings = reader.read_pages(path, media_type="application/pdf", first=1, last=1).pages
    with pikepdf.open(BytesIO(_made(reader, path, readings))) as copy, pikepdf.open(path) as original:
        assert copy.pages[0].Contents.read_bytes() == original.pages[0].Contents.read_bytes()


def test_any_script(reader: GuardedReader, tmp_path: Path) -> None:
    path = makers.scanned_pdf(tmp_path / "a.pdf", [])
    words = [Word(0.1, 0.1, 0.3, 0.12, "Größe", 0.9), Word(0.1, 0.2, 0.3, 0.22, "Ελλάδα", 0.9)]
    words.append(Word(0.1, 0.3, 0.3, 0.32, "東京都", 0.9))
    page = PageReading(number=1, width=595, height=842, rotation=0, text="", text_source="ocr", words=words)
    with pdfium.PdfDocument(_made(reader, path, [page])) as copy:
        assert copy[0].get_textpage().get_text_bounded().split() == ["Größe", "Ελλάδα", "東京都"]


def test_frames_of_a_picture_become_pages(reader: GuardedReader, tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    frames = [makers_recognition.print_of([line], size=(1000, 300)).convert("1") for line in LINES]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    with pdfium.PdfDocument(_made(reader, path, _recognised(reader, path))) as copy:
        assert [page.get_textpage().get_text_bounded().strip() for page in copy] == LINES


def test_text_of_a_picture_that_lies_runs_with_it(reader: GuardedReader, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    makers_recognition.turned(makers_recognition.print_of(makers_recognition.LETTER), 90).save(path)
    readings = _recognised(reader, path)
    assert readings[0].recognition is not None
    assert readings[0].recognition.turned == 270
    with pdfium.PdfDocument(_made(reader, path, readings)) as copy:
        text = copy[0].get_textpage()
        index, _ = text.search("agreement").get_next() or (0, 0)
        boxes = [text.get_charbox(index + offset) for offset in range(9)]
        assert max(box[2] for box in boxes) - min(box[0] for box in boxes) < 40
        assert [box[1] for box in boxes] == sorted((box[1] for box in boxes), reverse=True)


def test_locked_files_stay_locked(reader: GuardedReader, tmp_path: Path) -> None:
    path = makers.encrypted(makers.scanned_pdf(tmp_path / "a.pdf", LINES), tmp_path / "b.pdf", "secret")
    page = reader.recognise_page(path, media_type="application/pdf", number=1, password="secret")
    made = _made(reader, path, [page], password="secret")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(made))
    with pdfium.PdfDocument(made, password="secret") as copy:
        assert "Invoice number" in copy[0].get_textpage().get_text_bounded()


def test_files_without_pictures_are_refused(reader: GuardedReader, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Only words")
    with pytest.raises(ReadingError) as refused:
        _made(reader, path, [])
    assert refused.value.code == ErrorCode.UNSUPPORTED_TYPE
