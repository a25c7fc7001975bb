"""Plain text, Markdown, HTML and e-mail become logical pages of text."""

from pathlib import Path

import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.readers import open_document
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.readers.markup import read_markup
from apps.extraction.engine.readers.plain_text import PART_CHARACTERS
from tests.unit.extraction import makers


def opened(path: Path) -> OpenDocument:
    return open_document(Source(path=path, media_type=media_type_of(path, path.name)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Rechnung über 12,50 für Müller & Söhne, fällig am nächsten Ersten."
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    page = opened(path).read_page(1)
    assert page.text == text
    assert (page.words, page.width, page.height, page.text_source) == ([], 0, 0, "native")


def test_cyrillic_is_told_by_its_letters(tmp_path: Path) -> None:
    text = "Договор вступает в силу с момента подписания сторонами и действует до конца года. " * 8  # noqa: RUF001  (Cyrillic on purpose)
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("cp1251"))
    assert opened(path).read_page(1).text == text


def test_form_feeds_and_length_make_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one\ftwo\f\f" + "line of words\n" * (2 * PART_CHARACTERS // 14))
    document = opened(path)
    texts = [document.read_page(number).text for number in range(1, document.info.page_count + 1)]
    assert texts[:2] == ["one", "two"]
    assert len(texts) == 5  # the long part is cut at line ends, which leaves one line over
    assert max(map(len, texts)) <= PART_CHARACTERS
    assert "".join(texts[2:]) == "line of words\n" * (2 * PART_CHARACTERS // 14)


def test_blank_text_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(" \n\n ")
    with pytest.raises(ReadingError) as error:
        opened(path)
    assert error.value.code == ErrorCode.EMPTY


def test_html_shows_what_a_reader_sees() -> None:
    markup = """<html lang="de"><head><title>Offer &amp; order</title><style>p{}</style></head><body>
        <h1>Offer</h1><script>alert('no')</script><p>Price:   <b>12</b>,50&nbsp;EUR<br>incl. tax</p>
        <div style="display: none">hidden one</div><p hidden>hidden two</p><template>hidden three</template>
        <ul><li>first</li><li>second</li></ul>
        <table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table><pre>x  y
  z</pre></body></html>"""
    page = read_markup(markup)
    expected = "Offer\n\nPrice: 12,50\u00a0EUR\nincl. tax\n\nfirst\nsecond\n\na\t1\nb\t2\n\nx  y\n  z"
    assert page.text == expected
    assert page.metadata == {"title": "Offer & order", "language": "de"}


@pytest.mark.timeout(20)
def test_deeply_nested_html_is_read_in_time() -> None:
    assert read_markup("<div>" * 200_000 + "inside").text == "inside"


def test_html_encoding_is_taken_from_the_page(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes('<html><meta charset="iso-8859-2"><body>Łódź</body></html>'.encode("iso-8859-2"))
    assert opened(path).read_page(1).text == "Łódź"


def test_mail_prefers_the_plain_part(tmp_path: Path) -> None:
    path = makers.mail(tmp_path / "m", plain="Dear Bob,\nplease pay.", html="<p>rich</p>", attachment=b"%PDF-1.7")
    document = opened(path)
    assert document.info.media_type == "message/rfc822"
    lines = document.read_page(1).text.splitlines()
    assert lines[:2] == ["From: Alice <alice@example.org>", "To: bob@example.org"]
    assert "Subject: Überweisung für März" in lines
    assert lines[-2:] == ["Dear Bob,", "please pay."]
    assert document.info.metadata == {
        "title": "Überweisung für März",
        "author": "Alice <alice@example.org>",
        "created_at": "2026-03-02T09:30:00+01:00",
        "attachments": [{"name": "invoice.pdf", "media_type": "application/pdf", "size": 8}],
    }


def test_mail_of_html_alone_is_converted(tmp_path: Path) -> None:
    document = opened(makers.mail(tmp_path / "m.eml", plain=None, html="<p>Hello</p><script>x</script><p>Bob</p>"))
    assert document.read_page(1).text.endswith("Hello\n\nBob")


def test_unreadable_kinds_say_what_came(tmp_path: Path) -> None:
    path = tmp_path / "a.exe"
    path.write_bytes(b"MZ" + b"\0\1\2" * 500)
    with pytest.raises(ReadingError) as error:
        opened(path)
    assert error.value.code == ErrorCode.UNSUPPORTED_TYPE
    assert "application/x-msdownload" in error.value.message
