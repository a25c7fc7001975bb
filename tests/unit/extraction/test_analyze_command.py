"""`manage.py analyze`: one line a file in input order, whatever the files are; no database, broker or network."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.extraction import makers

PROJECT = Path(__file__).resolve().parents[3]


def analyze(*arguments: str | Path, expected: int = 0) -> list[dict[str, Any]]:
    """Run the command in a place without any service; its lines."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": "postgres://nowhere:1/x",
        "REDIS_URL": "redis://nowhere:1",
    }
    command = [sys.executable, "manage.py", "analyze", "--skip", "type", "--skip", "entities", *map(str, arguments)]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, timeout=120, check=False)
    assert done.returncode == expected, done.stderr.decode()
    return [json.loads(line, parse_constant=pytest.fail) for line in done.stdout.splitlines()]


def test_mixed_files_in_input_order(tmp_path: Path) -> None:
    hello = makers.hello_pdf(tmp_path / "z.pdf")
    locked = makers.encrypted(hello, tmp_path / "locked.pdf", "secret")
    empty = tmp_path / "empty.pdf"
    empty.touch()
    note = tmp_path / "note.txt"
    note.write_text("A note")
    odd = tmp_path / "odd.exe"
    odd.write_bytes(b"MZ" + b"\0\1\2" * 500)
    lines = analyze("--jobs", "2", hello, empty, locked, note, odd)
    assert [line["file"]["name"] for line in lines] == ["z.pdf", "empty.pdf", "locked.pdf", "note.txt", "odd.exe"]
    assert [line["status"] for line in lines] == ["succeeded", "failed", "failed", "succeeded", "failed"]
    codes = [[error["code"] for error in line["errors"]] for line in lines]
    assert codes == [[], ["empty"], ["encrypted"], [], ["unsupported_type"]]
    first, locked_line, text = lines[0], lines[2], lines[3]
    assert first["file"]["sha256"] == hashlib.sha256(hello.read_bytes()).hexdigest()
    assert first["file"]["size"] == hello.stat().st_size
    assert first["metadata"]["page_count"] == 1
    assert first["pages"][0]["text"] == "Hello careful reader"
    assert [word[4:] for word in first["pages"][0]["words"]] == [["Hello", None], ["careful", None], ["reader", None]]
    assert locked_line["file"]["media_type"] == "application/pdf"
    assert (text["pages"][0]["text"], text["pages"][0]["words"], text["pages"][0]["width"]) == ("A note", [], 0)
    for line in lines:
        assert line["schema"] == "docintel.analysis/1"
        assert (line["type"], line["fields"], line["entities"]) == (None, [], [])
        assert line["timings_ms"]["total"] >= 0


def test_password_folder_and_output_file(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    plain = makers.hello_pdf(tmp_path / "plain.pdf")
    makers.encrypted(plain, folder / "b" / "locked.pdf", "secret")
    (folder / "c.txt").write_text("last")
    (folder / "a.txt").write_text("first")
    output = tmp_path / "out.jsonl"
    assert analyze("--password", "secret", "--output", output, folder) == []
    lines = [json.loads(line) for line in output.read_text().splitlines()]
    assert [line["file"]["name"] for line in lines] == ["a.txt", "c.txt", "locked.pdf"]
    assert {line["status"] for line in lines} == {"succeeded"}


def test_stages_can_be_skipped(tmp_path: Path) -> None:
    table = makers.table_pdf(tmp_path / "t.pdf", [["a", "1"], ["b", "2"], ["c", "3"]], ruled=True)
    scan = makers.scanned_pdf(tmp_path / "s.pdf", ["Scanned words"])
    whole = analyze(table, scan)
    assert [len(line["tables"]) for line in whole] == [1, 0]
    assert [line["pages"][0]["text_source"] for line in whole] == ["native", "ocr"]
    assert whole[1]["pages"][0]["text"] == "Scanned words"
    less = analyze("--skip", "tables", "--skip", "ocr", "--skip", "words", table, scan)
    assert [line["tables"] for line in less] == [[], []]
    assert [line["pages"][0]["text_source"] for line in less] == ["native", "none"]
    assert [line["pages"][0]["words"] for line in less] == [[], []]
    assert [line["status"] for line in less] == ["succeeded", "succeeded"]


def test_time_is_bounded_for_each_file(tmp_path: Path) -> None:
    scan = makers.scanned_pdf(tmp_path / "s.pdf", ["Scanned words"] * 60)
    note = tmp_path / "n.txt"
    note.write_text("in time")
    slow, quick = analyze("--timeout", "0.35", "--jobs", "1", scan, note)
    assert slow["errors"][0]["code"] == "timed_out"
    assert slow["status"] in {"partial", "failed"}
    assert quick["file"]["name"] == "n.txt"  # it may lack time for starting a process, but has its line


def test_wrong_usage_ends_with_2(tmp_path: Path) -> None:
    assert analyze(tmp_path / "missing.pdf", expected=2) == []
    assert analyze("--skip", "everything", tmp_path, expected=2) == []
    assert analyze("--jobs", "0", tmp_path, expected=2) == []
    assert analyze("--timeout", "nan", tmp_path, expected=2) == []


def test_starts_without_the_models(tmp_path: Path) -> None:
    note = tmp_path / "n.txt"
    note.write_text("words")
    command = [
        sys.executable,
        "-X",
        "importtime",
        "manage.py",
        "analyze",
        "--skip",
        "type",
        "--skip",
        "entities",
        str(note),
    ]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "django" in imported
    assert imported.isdisjoint({"torch", "transformers", "sklearn", "pypdfium2", "pdfplumber"})


def test_names_that_are_not_unicode(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(path)).write_text("words")
    except OSError:
        pytest.skip("this file system only takes Unicode names")
    (line,) = analyze(tmp_path)
    assert line["file"]["name"] == "caf\ufffd.txt"
    assert line["status"] == "succeeded"
