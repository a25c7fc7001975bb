"""Bundles: signs of pages, cues between them, the places where documents begin, cutting."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw

from apps.extraction.engine.bundles.features import FEATURES, features_between
from apps.extraction.engine.bundles.generated import SingleDocument
from apps.extraction.engine.bundles.pages import Numbering, PageView
from apps.extraction.engine.bundles.signs import PageSigns, separators, signs_of
from apps.extraction.engine.bundles.splitter import Boundary, boundaries, is_alarming, shipped
from apps.extraction.engine.bundles.training import folds_of, train
from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.operations import cut_pdf, page_signs
from apps.extraction.engine.operations.cut_pdf import PagePick
from apps.extraction.engine.types import Word
from tests.unit.extraction.makers_bundles import barcode, bundle_pdf, bundle_tiff, invoice, letter, report

PDF = "application/pdf"


def view(lines: list[str], *, number: int = 1, width: float = 595, height: float = 842) -> PageView:
    """Return a page with these lines, as a reader gives it."""
    words = []
    for row, line in enumerate(lines):
        for column, text in enumerate(line.split()):
            y = 0.05 + 0.025 * row
            words.append(Word(0.1 + 0.05 * column, y, 0.14 + 0.05 * column, y + 0.02, text))
    return PageView(number, width, height, words)


def read(data: bytes, path: Path) -> list[PageView]:
    path.write_bytes(data)
    with GuardedReader(ocr_languages=()) as reader:
        pages = reader.read_pages(path, media_type=PDF, first=1, last=50).pages
    return [PageView(page.number, page.width, page.height, page.words) for page in pages]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Page 2 of 5", Numbering(2, 5)),
        ("Seite 3 von 4", Numbering(3, 4)),
        ("Page 1 sur 2", Numbering(1, 2)),
        ("2/7", Numbering(2, 7)),
        ("- 12 -", Numbering(12)),
        ("Page 7 of 5", None),
        ("Page 1.500 EUR", None),
        ("Total 12.50", None),
    ],
)
def test_printed_page_numbers(text: str, expected: Numbering | None) -> None:
    assert view(["A heading", *["Some words of the body"] * 9, text]).numbering == expected


def test_cues_have_names_and_speak_both_ways() -> None:
    same = dict(zip(FEATURES, features_between(view(report(1, 2)), view(report(2, 2))), strict=True))
    assert (same["numbered_next"], same["numbered_first"], same["top_alike"]) == (1, 0, 1)
    other = dict(zip(FEATURES, features_between(view(report(2, 2)), view(invoice("Acme", "2026-00471"))), strict=True))
    assert (other["numbered_last"], other["numbered_first"], other["title_words"], other["address_on_top"]) == (
        1,
        1,
        0.5,
        1,
    )
    assert all(0 <= value <= 1.001 for value in [*same.values(), *other.values()])
    assert len(features_between(view([]), view([]), blank_between=True)) == len(FEATURES)


def test_pages_of_several_documents_are_told_apart(tmp_path: Path) -> None:
    pages = [report(1, 3), report(2, 3), report(3, 3), invoice("Acme", "2026-00471"), letter("Borealis")]
    found = boundaries(
        read(bundle_pdf(pages), tmp_path / "a.pdf"), blank=frozenset(), separators=frozenset(), model=shipped()
    )
    assert [each.page for each in found] == [2, 3, 4, 5]
    assert [each.page for each in found if each.probability is None or each.probability >= 0.5] == [4, 5]
    assert is_alarming(found, shipped())


def test_invoices_of_one_template_are_parted_by_their_numbers(tmp_path: Path) -> None:
    pages = [[*invoice("Acme", f"2026-0047{count}"), "Page 1 of 1"] for count in range(3)]
    found = boundaries(
        read(bundle_pdf(pages), tmp_path / "a.pdf"), blank=frozenset(), separators=frozenset(), model=shipped()
    )
    assert found == [Boundary(page=page, probability=None, reason="numbering") for page in (2, 3)]
    assert is_alarming(found, shipped())


def test_one_document_raises_no_alarm(tmp_path: Path) -> None:
    pages = [report(number, 6) for number in range(1, 7)]
    found = boundaries(
        read(bundle_pdf(pages), tmp_path / "a.pdf"), blank=frozenset(), separators=frozenset(), model=shipped()
    )
    assert max(each.probability or 0 for each in found) < 0.1
    assert not is_alarming(found, shipped())


def test_separator_sheets_cut_without_a_model() -> None:
    pages = [view(report(1, 9), number=1), view(["PATCHT"], number=2), view([], number=3), view(report(2, 9), number=4)]
    found = boundaries(pages, blank=frozenset({3}), separators=frozenset({2}), model=shipped())
    assert found == [Boundary(page=4, probability=None, reason="separator")]
    assert is_alarming(found, shipped())


def test_signs_of_pages_in_the_guarded_child(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(bundle_pdf([report(1, 1), ["|PATCHT"], [], ["This page is left empty on purpose."]]))
    with GuardedReader(ocr_languages=()) as reader:
        signs = reader.perform(
            page_signs, path, media_type=PDF, arguments=page_signs.Arguments([1, 2, 3, 4]), result=list[PageSigns]
        )
    assert [sign.is_blank for sign in signs] == [False, False, True, False]
    assert [sign.barcodes for sign in signs] == [[], ["PATCHT"], [], []]
    assert separators(signs, {}) == {2}


def test_dust_and_shadows_are_no_ink() -> None:
    paper = Image.new("L", (1240, 1754), 235)
    draw = ImageDraw.Draw(paper)
    draw.rectangle((0, 0, 30, 1754), fill=20)
    for place in range(0, 1200, 60):
        draw.point((place, place), fill=0)
    assert signs_of(1, paper).is_blank
    assert not signs_of(1, Image.new("L", (200, 300), 250)).barcodes


def test_a_barcode_separates_only_if_it_returns_on_sheets_without_text() -> None:
    def sheet(number: int, *values: str) -> PageSigns:
        return PageSigns(number=number, ink=0.1, is_blank=False, barcodes=list(values))

    assert separators([sheet(1, "4006381333931")], {1: 5}) == set()
    assert separators([sheet(1, "SEP"), sheet(4, "SEP"), sheet(6, "X")], {1: 0, 4: 3, 6: 2}) == {1, 4}
    assert separators([sheet(1, "SEP"), sheet(4, "SEP")], {1: 100, 4: 100}) == set()
    assert signs_of(1, barcode("HELLO")).barcodes == ["HELLO"]


def cut(path: Path, data: bytes, media_type: str, picks: list[PagePick]) -> bytes:
    path.write_bytes(data)
    with GuardedReader(ocr_languages=()) as reader:
        return reader.perform(cut_pdf, path, media_type=media_type, arguments=cut_pdf.Arguments(picks), result=bytes)


def test_cutting_a_pdf_keeps_order_and_turns(tmp_path: Path) -> None:
    data = bundle_pdf([["One"], ["Two"], ["Three"]])
    part = cut(tmp_path / "a.pdf", data, PDF, [PagePick(3), PagePick(1, 90)])
    with pikepdf.open(BytesIO(part)) as pdf:
        assert [int(page.get("/Rotate", 0)) for page in pdf.pages] == [0, 90]
    pages = read(part, tmp_path / "b.pdf")
    assert [page.words[0].text for page in pages] == ["Three", "One"]


def test_cutting_pictures_gives_a_pdf(tmp_path: Path) -> None:
    data = bundle_tiff([(300, 600), (400, 200), (600, 300)])
    part = cut(tmp_path / "a.tiff", data, "image/tiff", [PagePick(2), PagePick(3, 270)])
    with pikepdf.open(BytesIO(part)) as pdf:
        sizes = [tuple(round(float(side)) for side in page.mediabox[2:]) for page in pdf.pages]
    assert sizes == [(192, 96), (144, 288)]


@pytest.mark.parametrize("picks", [[], [PagePick(4)], [PagePick(0)], [PagePick(1, 45)]])
def test_pages_that_are_not_there(tmp_path: Path, picks: list[PagePick]) -> None:
    with pytest.raises(ReadingError) as caught:
        cut(tmp_path / "a.pdf", bundle_pdf([["One"], ["Two"], ["Three"]]), PDF, picks)
    assert caught.value.code == "page_failed"


def test_other_files_cannot_be_cut(tmp_path: Path) -> None:
    with pytest.raises(ReadingError) as caught:
        cut(tmp_path / "a.txt", b"Some text.", "text/plain", [PagePick(1)])
    assert caught.value.code == "unsupported_type"


def _pages_of(source: str, number: int) -> list[PageView]:
    if number % 2:
        return [view(report(1, 2)), view(report(2, 2))]
    return [view(invoice(f"{source}{number}", f"{number}-9876"))]


def test_training_holds_whole_sources_out() -> None:
    documents = [
        SingleDocument(f"{source}-{number}", source, _pages_of(source, number))
        for source in ("one", "two", "three")
        for number in range(6)
    ]
    assert sorted(folds_of(documents).values()) == [0, 1, 2]
    model = train(documents, seed=3)
    figures = model.card["held_out_sources"]
    assert isinstance(figures, dict)
    assert figures["f1"] > 0.9
    assert 0.5 <= model.alarm <= 1
    assert len(model.weights) == len(FEATURES)
