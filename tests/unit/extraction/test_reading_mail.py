"""Messages, mailboxes and Outlook files: text, and attachments as files inside."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.identify import media_type_of
from apps.extraction.engine.readers import open_document
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.types import ChildFile, TableReading
from tests.unit.extraction import makers, makers_containers


def opened(path: Path) -> OpenDocument:
    return open_document(Source(path=path, media_type=media_type_of(path, path.name)))


def tables_of(document: OpenDocument, number: int) -> list[TableReading]:
    tables = document.own_tables(number)
    assert tables is not None
    return tables


def test_an_attachment_is_a_file_inside(tmp_path: Path) -> None:
    document = opened(makers.mail(tmp_path / "m.eml", plain="See there.", html=None, attachment=b"%PDF-1.7"))
    assert document.info.children == [
        ChildFile(key="3", name="invoice.pdf", media_type="application/pdf", size=8)  # after the whole and the body
    ]
    assert document.child("3") == b"%PDF-1.7"
    with pytest.raises(ReadingError) as error:
        document.child("9")
    assert error.value.code == ErrorCode.CORRUPT


def test_a_forwarded_message_is_a_file_and_no_part_of_the_text(tmp_path: Path) -> None:
    inner = EmailMessage()
    inner["Subject"] = "First offer"
    inner.set_content("Twelve bolts.")
    message = EmailMessage()
    message["From"] = "alice@example.org"
    message["Subject"] = "Fwd"
    message.set_content("Look at this.")
    message.add_attachment(inner)
    path = tmp_path / "m.eml"
    path.write_bytes(bytes(message))
    document = opened(path)
    assert "Twelve" not in document.read_page(1).text
    (child,) = document.info.children
    assert (child.name, child.media_type) == ("message.eml", "message/rfc822")
    forwarded = tmp_path / child.name
    forwarded.write_bytes(document.child(child.key))
    assert opened(forwarded).read_page(1).text == "Subject: First offer\n\nTwelve bolts."


def test_pictures_of_the_layout_are_no_documents(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"] = "alice@example.org"
    message["Subject"] = "Logo"
    message.set_content('<p>Hello</p><img src="cid:logo">', subtype="html")
    message.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<logo>")
    path = tmp_path / "m.eml"
    path.write_bytes(bytes(message))
    document = opened(path)
    assert document.info.children == []
    assert [row["media_type"] for row in document.info.metadata["attachments"]] == ["image/png"]


def test_html_mail_keeps_tables_and_links(tmp_path: Path) -> None:
    html = "<p>Pay <a href='https://example.org/pay'>here</a></p><table><tr><th>Item<th>EUR<tr><td>Bolts<td>12</table>"
    document = opened(makers.mail(tmp_path / "m.eml", plain=None, html=html))
    page = document.read_page(1)
    assert [block.kind for block in page.blocks] == ["paragraph", "paragraph", "table"]
    (table,) = tables_of(document, 1)
    assert [(cell.row, cell.column, cell.text) for cell in table.cells] == [
        (0, 0, "Item"),
        (0, 1, "EUR"),
        (1, 0, "Bolts"),
        (1, 1, "12"),
    ]
    assert table.header_rows == 1
    assert [link.target for link in document.info.links] == ["https://example.org/pay"]


def test_each_message_of_a_mailbox_is_a_page(tmp_path: Path) -> None:
    parts = [makers.mail(tmp_path / str(at), plain=f"Text {at}", html=None, attachment=b"%PDF") for at in (1, 2)]
    path = tmp_path / "all.mbox"
    path.write_bytes(b"".join(b"From alice Mon Mar  2 09:30:00 2026\n" + part.read_bytes() + b"\n" for part in parts))
    document = opened(path)
    assert document.info.media_type == "application/mbox"
    assert [document.read_page(number).text.splitlines()[-1] for number in (1, 2)] == ["Text 1", "Text 2"]
    assert [child.key for child in document.info.children] == ["1/3", "2/3"]
    assert document.child("2/3") == b"%PDF"


def test_outlook_message(tmp_path: Path) -> None:
    path = makers_containers.outlook(tmp_path / "m.msg", body="Dear Bob,\r\nsee the offer.", attachment=b"%PDF-1.4")
    document = opened(path)
    expected = 'From: "Alice" <alice@example.org>\nTo: Bob\nSubject: Offer for March\n\nDear Bob,\nsee the offer.'
    assert document.read_page(1).text == expected
    assert document.info.metadata["title"] == "Offer for March"
    assert document.info.children == [
        ChildFile(key="1", name="offer.pdf", media_type="application/pdf", size=8),
    ]
    assert document.child("1") == b"%PDF-1.4"


def test_outlook_message_of_html_alone(tmp_path: Path) -> None:
    path = makers_containers.outlook(tmp_path / "m.msg", html=b"<h1>Offer</h1><p>Twelve bolts.</p>")
    page = opened(path).read_page(1)
    assert page.text.endswith("Offer\n\nTwelve bolts.")
    assert [(block.kind, block.text) for block in page.blocks[1:]] == [
        ("heading", "Offer"),
        ("paragraph", "Twelve bolts."),
    ]


def test_a_damaged_outlook_message_is_corrupt(tmp_path: Path) -> None:
    whole = makers_containers.outlook(tmp_path / "m.msg", body="text").read_bytes()
    path = tmp_path / "half.msg"
    path.write_bytes(whole[:700])
    with pytest.raises(ReadingError) as error:
        open_document(Source(path=path, media_type="application/vnd.ms-outlook"))
    assert error.value.code == ErrorCode.CORRUPT
