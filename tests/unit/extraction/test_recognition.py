"""Recognition of print in pictures and scans, and pictures of all kinds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.guard.limits import resident_mb
from apps.extraction.engine.ocr import find_languages
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.images import ImageDocument
from tests.unit.extraction import makers, makers_recognition


@pytest.fixture(scope="module")
def reader() -> Iterator[GuardedReader]:
    with GuardedReader() as guarded:
        yield guarded


def test_scanned_page(reader: GuardedReader, tmp_path: Path) -> None:
    path = makers.scanned_pdf(tmp_path / "a.pdf", ["Invoice number 2041", "Total amount 1250"])
    page = reader.recognise_page(path, media_type="application/pdf", number=1)
    assert page.text.split() == ["Invoice", "number", "2041", "Total", "amount", "1250"]
    assert "2041\n" in page.text
    assert page.text_source == "ocr"
    assert not page.needs_ocr
    first = page.words[0]
    assert first.text == "Invoice"
    assert 0 < first.x0 < first.x1 < 0.4
    assert first.confidence is not None
    assert 0.5 < first.confidence <= 1


def test_stamp_on_a_scan_is_kept(reader: GuardedReader, tmp_path: Path) -> None:
    path = makers.scanned_pdf(tmp_path / "a.pdf", ["Invoice number 2041"], stamp="RECEIVED")
    page = reader.recognise_page(path, media_type="application/pdf", number=1)
    assert page.text_source == "mixed"
    assert page.text.count("RECEIVED") == 1
    assert "Invoice number 2041" in page.text
    assert [word.confidence for word in page.words if word.text == "RECEIVED"] == [None]


@pytest.mark.parametrize(
    ("suffix", "mode"),
    [("png", "RGBA"), ("png", "P"), ("png", "1"), ("jpg", "RGB"), ("jpg", "CMYK"), ("webp", "RGB"), ("bmp", "L")],
)
def test_kinds_of_pictures(reader: GuardedReader, tmp_path: Path, suffix: str, mode: str) -> None:
    path = tmp_path / f"a.{suffix}"
    makers.written_picture(["Plain words here"], (900, 240)).convert("RGB").convert(mode).save(path)
    info = reader.open(path)
    page = reader.recognise_page(path, media_type=info.media_type, number=1)
    assert page.text == "Plain words here"
    assert (page.width, page.height) == (900, 240)


def test_sixteen_bit_grey(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    grey = makers.written_picture(["Deep"], (300, 200)).convert("I").point(lambda value: value * 100)
    grey.convert("I;16").save(path)
    picture = ImageDocument(Source(path=path, media_type="image/png")).picture(1)
    assert picture.mode == "L"
    assert picture.getextrema() == (0, 255)


def test_camera_orientation_is_obeyed(reader: GuardedReader, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned clockwise by 90 degrees
    upright = makers.written_picture(["Turned words"], (900, 240))
    upright.transpose(Image.Transpose.ROTATE_90).save(path, exif=exif)
    page = reader.recognise_page(path, media_type="image/jpeg", number=1)
    assert (page.text, page.width, page.height, page.rotation) == ("Turned words", 900, 240, 90)


def test_every_frame_of_a_tiff_is_a_page(reader: GuardedReader, tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    frames = [makers.written_picture([text], (900, 240)) for text in ("Front side", "Back side")]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    info = reader.open(path)
    texts = [reader.recognise_page(path, media_type=info.media_type, number=number).text for number in (1, 2)]
    assert (info.page_count, texts) == (2, ["Front side", "Back side"])


def test_truncated_and_huge_pictures(reader: GuardedReader, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    makers.written_picture(["Some words to fill the file"]).save(path)
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(ReadingError) as truncated:
        reader.open(path)
    huge = tmp_path / "b.png"
    Image.new("1", (20_000, 20_000)).save(huge)
    with pytest.raises(ReadingError) as too_large:
        reader.open(huge)
    assert (truncated.value.code, too_large.value.code) == (ErrorCode.CORRUPT, ErrorCode.TOO_LARGE)


def test_languages_may_lie_in_two_folders(tmp_path: Path) -> None:
    installed = find_languages(["eng"], None)["eng"]
    (tmp_path / "xyz.traineddata").symlink_to(installed)
    path = tmp_path / "a.png"
    makers.written_picture(["Two languages"], (900, 240)).save(path)
    with GuardedReader(ocr_languages=("xyz", "eng", "nil"), tessdata=tmp_path) as reader:
        assert (reader.languages, reader.missing_languages) == (["xyz", "eng"], ["nil"])
        assert reader.recognise_page(path, media_type="image/png", number=1).text == "Two languages"


def test_without_any_language_recognition_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    makers.written_picture(["Words"], (300, 200)).save(path)
    with GuardedReader(ocr_languages=("nil",)) as reader, pytest.raises(ReadingError) as error:
        reader.recognise_page(path, media_type="image/png", number=1)
    assert error.value.code == ErrorCode.OCR_UNAVAILABLE


def test_all_of_it_works_behind_the_guards(reader: GuardedReader, tmp_path: Path) -> None:
    """Models are found, loaded and used where nothing can be written or fetched."""
    french = ["Les factures sont payables à réception.", "Passé ce délai, des pénalités sont exigibles."]
    pictures = {
        ("tesseract", "fra"): makers_recognition.print_of(french, letter_px=30),
        ("rapidocr", ""): makers_recognition.photographed(makers_recognition.print_of(makers_recognition.LETTER)),
    }
    for number, ((engine, language), picture) in enumerate(pictures.items()):
        path = tmp_path / f"{number}.png"
        picture.save(path)
        page = reader.recognise_page(path, media_type="image/png", number=1)
        assert page.recognition is not None
        assert (page.recognition.engine, page.recognition.language) == (engine, language)
    process = reader._process
    assert process is not None
    held = resident_mb(process.pid)
    assert held is None or held < 600


def test_a_picture_without_text_is_read(reader: GuardedReader, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.radial_gradient("L").save(path)
    page = reader.recognise_page(path, media_type="image/png", number=1)
    assert (page.text, page.text_source, page.words, page.needs_ocr) == ("", "none", [], False)
