"""PDF: forms, links, notes, bookmarks, attachments, PDF/A, signatures, and what is damaged."""

from pathlib import Path

import pikepdf
import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.operations import child_file
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.readers.pdf import PdfFile, open_document
from tests.unit.extraction import makers, makers_pdf

PDF = "application/pdf"


def opened(path: Path, password: str | None = None) -> PdfFile:
    return open_document(Source(path=path, media_type=PDF, password=password))


@pytest.mark.parametrize("with_appearances", [True, False])
def test_form_values_are_told_and_read(tmp_path: Path, *, with_appearances: bool) -> None:
    with opened(makers_pdf.form_pdf(tmp_path / "a.pdf", with_appearances=with_appearances)) as pdf:
        fields = {field.name: (field.kind, field.value) for field in pdf.info.form}
        name = next(field for field in pdf.info.form if field.name == "person.name")
        page = pdf.read_page(1)
    assert fields == {
        "person.name": ("text", "Charlie Example"),
        "member": ("checkbox", "true"),
        "letters": ("checkbox", "false"),
        "pay": ("radio", "cash"),
        "country": ("choice", "Germany"),
    }
    assert name.page == 1
    assert name.box == pytest.approx((120 / 595, 1 - 710 / 842, 320 / 595, 1 - 690 / 842), abs=0.005)
    assert "Charlie Example" in page.text
    assert name.box is not None
    word = next(word for word in page.words if word.text == "Charlie")
    assert name.box[0] - 0.01 <= word.x0 < word.x1 <= name.box[2]


def test_an_overlaid_page_is_shown_as_it_was(tmp_path: Path) -> None:
    """Reading what lies over the page changes a copy of it, not what is drawn."""
    path = makers_pdf.form_pdf(tmp_path / "a.pdf", with_appearances=True)
    with opened(path) as pdf:
        before = pdf.preview(1, 200).tobytes()
        pdf.read_page(1)
        assert pdf.preview(1, 200).tobytes() == before


def test_links_notes_and_outline(tmp_path: Path) -> None:
    with opened(makers_pdf.annotated_pdf(tmp_path / "a.pdf")) as pdf:
        info, page = pdf.info, pdf.read_page(1)
    assert [(link.page, link.target) for link in info.links] == [(1, "https://example.org/terms")]
    box = info.links[0].box
    assert box is not None
    assert box[0] == pytest.approx(72 / 595, abs=0.003)
    assert {(row["kind"], row["text"]) for row in info.metadata["annotations"]} == {
        ("text", "Please check this sum"),
        ("freetext", "Approved by Bob"),
    }
    assert "Approved by Bob" in page.text  # written on the page
    assert "Please check" not in page.text  # behind a symbol
    assert [(mark.title, mark.page, mark.level) for mark in info.outline] == [("Beginning", 1, 0), ("Details", 1, 1)]


def test_an_attached_invoice_is_a_child(tmp_path: Path) -> None:
    content = b"<?xml version='1.0'?><Invoice/>"
    plain = makers.hello_pdf(tmp_path / "a.pdf")
    path = makers_pdf.with_attachment(plain, tmp_path / "b.pdf", "factur-x.xml", content)
    with GuardedReader() as reader:
        info = reader.open(path)
        child = info.children[0]
        found = reader.perform(
            child_file, path, media_type=PDF, arguments=child_file.Arguments(key=child.key), result=bytes
        )
    assert found == content
    assert (child.name, child.media_type, child.size) == ("factur-x.xml", "text/xml", len(content))
    assert info.metadata["pdf_a"] == "3B"
    with opened(plain) as pdf:
        assert "pdf_a" not in pdf.info.metadata
        with pytest.raises(ReadingError) as missing:
            pdf.child(child.key)
    assert missing.value.code == ErrorCode.UNSUPPORTED_TYPE


@pytest.mark.parametrize("signed", [True, False])
def test_a_signature_is_not_an_empty_field_for_one(tmp_path: Path, *, signed: bool) -> None:
    plain = makers.hello_pdf(tmp_path / "a.pdf")
    with opened(makers_pdf.with_signature(plain, tmp_path / "b.pdf", signed=signed)) as pdf:
        assert pdf.info.metadata.get("signed", False) is signed
        assert [(field.kind, field.value) for field in pdf.info.form] == [("signature", "Alice" if signed else "")]


def test_structure_of_an_encrypted_file(tmp_path: Path) -> None:
    form = makers_pdf.form_pdf(tmp_path / "a.pdf", with_appearances=True)
    with opened(makers.encrypted(form, tmp_path / "b.pdf", "secret"), "secret") as pdf:
        assert len(pdf.info.form) == 5
        assert "Charlie Example" in pdf.read_page(1).text


def test_what_pdfium_gives_up_is_repaired(tmp_path: Path) -> None:
    """Without a usable trailer and cross-reference, and with the catalogue's type misspelt, qpdf finds the pages."""
    path = makers.hello_pdf(tmp_path / "a.pdf")
    content = path.read_bytes()
    path.write_bytes(
        content[: content.rindex(b"xref")] + content[content.index(b"trailer") : content.rindex(b"startxref")]
    )
    with opened(path) as pdf:
        assert pdf.read_page(1).text == "Hello careful reader"


def test_no_pages_is_empty_even_after_an_encrypted_file(tmp_path: Path) -> None:
    """Pdfium keeps the error of the file before."""
    locked = makers.encrypted(makers.hello_pdf(tmp_path / "a.pdf"), tmp_path / "b.pdf", "secret")
    with pytest.raises(ReadingError):
        opened(locked)
    empty = tmp_path / "c.pdf"
    with pikepdf.new() as pdf:
        pdf.save(empty)
    with pytest.raises(ReadingError) as error:
        opened(empty)
    assert error.value.code == ErrorCode.EMPTY
