"""Zip packages are read within bounds, XML without anything from outside; blocks give the text of a page."""

import zipfile
from pathlib import Path

import pytest

from apps.documents import blocks as stored
from apps.extraction.engine import operations
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers import packages
from apps.extraction.engine.readers.base import Source, text_of
from apps.extraction.engine.readers.packages import check_package, opened_package, parsed_xml
from apps.extraction.engine.reading import Engine
from apps.extraction.engine.types import Block


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def code_of(path: Path) -> ErrorCode:
    with pytest.raises(ReadingError) as caught:
        check_package(path)
    return caught.value.code


def test_members_are_read_and_a_missing_one_is_damage(tmp_path: Path) -> None:
    with opened_package(zipped(tmp_path / "a.zip", {"x.xml": b"<a><b/></a>"})) as package:
        assert package.xml("x.xml")[0].tag == "b"
        with pytest.raises(ReadingError) as caught:
            package.read("y.xml")
    assert caught.value.code == ErrorCode.CORRUPT


def test_a_package_that_declares_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MOST_BYTES", 1_000)
    assert code_of(zipped(tmp_path / "bomb.zip", {"a": b"\0" * 2_000})) == ErrorCode.TOO_LARGE


def test_a_package_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "liar.zip", {"a": b"text" * 1_000})
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    assert code_of(path) == ErrorCode.CORRUPT


def test_a_package_of_too_many_members_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MOST_MEMBERS", 3)
    assert code_of(zipped(tmp_path / "many.zip", {str(number): b"" for number in range(4)})) == ErrorCode.TOO_LARGE


def test_entities_are_not_resolved() -> None:
    markup = b'<!DOCTYPE a [<!ENTITY secret SYSTEM "file:///etc/hostname">]><a>&secret;</a>'
    assert "".join(parsed_xml(markup).itertext()).strip() in {"", "&secret;"}


def test_the_text_of_blocks_leaves_out_what_stands_beside_the_body() -> None:
    blocks = [
        Block(kind="header", text="ACME"),
        Block(kind="heading", text="Rules", level=1),
        Block(kind="list_item", text="first", marker="1."),
        Block(kind="list_item", text="second", marker="2."),
        Block(kind="paragraph", text="Why?", note="comment"),
        Block(kind="paragraph", text="End."),
    ]
    assert text_of(blocks) == "Rules\n\n1. first\n2. second\n\nEnd."


def test_blocks_are_stored_and_found_again() -> None:
    rows = [{"kind": "heading", "text": "Ünter", "level": 2, "box": [0.1, 0.2, 0.3, 0.4]}]
    assert stored.unpack(stored.pack(rows)) == rows
    with pytest.raises(ValueError, match="version 9"):
        stored.unpack(b"\x09" + stored.pack(rows)[1:])


@pytest.mark.parametrize("name", ["../x", "os.path", "", "a b"])
def test_only_modules_of_the_package_are_operations(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no operation"):
        operations.perform(Engine(), Source(path=tmp_path, media_type=""), name, b"")
