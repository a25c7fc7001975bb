"""What a file is, by its content."""

from pathlib import Path

import pytest

from apps.extraction.engine.identify import media_type_of

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nstartxref\n0\n%%EOF"
MAIL = b"Received: by mx\nFrom: alice@example.org\nTo: bob@example.org\nSubject: hi\n\nBody"
MARKDOWN = b"# Title\n\nSee [there](https://example.org) for **more**.\n"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.png", PDF, "application/pdf"),
        ("junk.pdf", b"\0" * 2000 + PDF, "application/pdf"),
        ("about.txt", b"A file that begins with %PDF-1.7 is a PDF.", "text/plain"),
        ("x.bin", b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "image/png"),
        ("x", b"\xff\xd8\xff\xe0" + b"\0" * 20, "image/jpeg"),
        ("x", b"II*\0" + b"\0" * 20, "image/tiff"),
        ("x", b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        ("x", b"GIF89a" + b"\0" * 20, "image/gif"),
        ("page.txt", b"<!DOCTYPE html><html><body>hi</body></html>", "text/html"),
        ("page.html", b"Just words, no tags at all.", "text/plain"),
        ("mail", MAIL, "message/rfc822"),
        ("mail.txt", MAIL, "message/rfc822"),
        ("subject.eml", b"Subject: x\n\nbody", "message/rfc822"),
        ("minutes.txt", b"Date: Monday\nPlace: Berlin\n\nThose present agreed.", "text/plain"),
        ("notes.md", b"nothing special", "text/markdown"),
        ("notes", MARKDOWN, "text/markdown"),
        ("notes.txt", MARKDOWN, "text/plain"),
        ("rows.csv", b"a,b\n1,2\n", "text/csv"),
        ("all.txt", b"From alice Mon Mar  2 09:30:00 2026\n" + MAIL, "application/mbox"),
        ("data.txt", b"<?xml version='1.0'?>\n<article><p>x</p></article>", "application/xml"),
        ("page.xml", b"<?xml version='1.0'?><!DOCTYPE html><html><body/></html>", "text/html"),
        ("data.xml", b"<!-- x --><data>1</data>", "application/xml"),
        ("data.xml", b"no marks at all", "text/plain"),
        ("photo.jpg", b"\0\0\0\x24ftypheic" + b"\0" * 20, "image/heic"),
        ("a.tgz", b"\x1f\x8b\x08" + b"\0" * 20, "application/gzip"),
        ("old.xls", b"\x09\x04\x06\x00" + b"\0" * 20, "application/vnd.ms-excel"),
        ("utf16.txt", "Rechnung Nr. 7, 12 €".encode("utf-16-le"), "text/plain"),
        ("latin.txt", "Größe: 5 m².".encode("latin-1"), "text/plain"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        ("program.pdf", b"MZ" + b"\0\1\2" * 500, "application/x-msdownload"),
    ],
)
def test_content_decides(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert media_type_of(path, name) == expected


@pytest.mark.timeout(20)
def test_many_comments_before_the_first_element_take_no_time(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<!-- a -->" * 3_000 + b"<data>1</data>")
    assert media_type_of(path, "a.xml") == "application/xml"
