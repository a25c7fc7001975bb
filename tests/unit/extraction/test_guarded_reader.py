"""The reading process: its guards hold, and its death is a result after which reading goes on."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.guard import GuardedReader, Limits
from tests.unit.extraction import makers

on_linux = sys.platform.startswith("linux")


@pytest.fixture
def reader() -> Iterator[GuardedReader]:
    with GuardedReader(limits=Limits(timeout_s=30)) as guarded:
        yield guarded


def child_of(reader: GuardedReader) -> int:
    reader.guards()  # starts the process
    assert reader._process is not None
    return reader._process.pid


def test_reads_through_the_process(reader: GuardedReader, tmp_path: Path) -> None:
    path = makers.text_pdf(tmp_path / "a.pdf", [[(72, 700, f"Page {number}")] for number in range(1, 6)])
    info = reader.open(path, name="letter.pdf")
    read = reader.read_pages(path, media_type=info.media_type, first=2, last=4)
    assert (info.media_type, info.page_count) == ("application/pdf", 5)
    assert [(page.number, page.text) for page in read.pages] == [(2, "Page 2"), (3, "Page 3"), (4, "Page 4")]
    assert read.problems == []
    webp = reader.render_page(path, media_type=info.media_type, number=1, width_px=200)
    assert webp[:4] + webp[8:12] == b"RIFFWEBP"


def test_an_error_of_the_file_keeps_the_process(reader: GuardedReader, tmp_path: Path) -> None:
    before = child_of(reader)
    empty = tmp_path / "a.pdf"
    empty.touch()
    with pytest.raises(ReadingError) as error:
        reader.open(empty)
    assert error.value.code == ErrorCode.EMPTY
    assert child_of(reader) == before


def test_a_replaced_file_is_read_anew(reader: GuardedReader, tmp_path: Path) -> None:
    path = makers.hello_pdf(tmp_path / "a.pdf", "first")
    first = reader.read_pages(path, media_type="application/pdf", first=1, last=1)
    makers.hello_pdf(tmp_path / "b.pdf", "second").replace(path)
    second = reader.read_pages(path, media_type="application/pdf", first=1, last=1)
    assert (first.pages[0].text, second.pages[0].text) == ("first", "second")


def recognise_often(reader: GuardedReader, path: Path) -> None:
    for _ in range(100):
        reader.recognise_page(path, media_type="application/pdf", number=1)


def test_killed_in_the_middle(reader: GuardedReader, tmp_path: Path) -> None:
    path = makers.scanned_pdf(tmp_path / "a.pdf", ["Some print to look at"])
    pid = child_of(reader)
    killer = threading.Timer(0.05, os.kill, (pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(ReadingError) as error:
        recognise_often(reader, path)
    killer.join()
    assert error.value.code == ErrorCode.CRASHED
    assert error.value.is_transient
    assert child_of(reader) != pid
    assert reader.open(path).page_count == 1


def test_timeout_kills_the_process(tmp_path: Path) -> None:
    path = makers.scanned_pdf(tmp_path / "a.pdf", ["Some print to look at"])
    with GuardedReader(limits=Limits(timeout_s=20)) as reader:
        pid = child_of(reader)
        reader.set_deadline(0.05)
        with pytest.raises(ReadingError) as error:
            reader.recognise_page(path, media_type="application/pdf", number=1)
        assert error.value.code == ErrorCode.TIMED_OUT
        reader.set_deadline(None)
        assert child_of(reader) != pid
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(not on_linux, reason="macOS has no limit on a process's memory")
def test_too_much_memory(tmp_path: Path) -> None:
    path = makers.bomb_pdf(tmp_path / "a.pdf", 400)
    with GuardedReader(limits=Limits(memory_mb=300, timeout_s=60)) as reader:
        info = reader.open(path)
        with pytest.raises(ReadingError) as error:
            reader.read_pages(path, media_type=info.media_type, first=1, last=1)
        assert error.value.code == ErrorCode.OUT_OF_MEMORY
        assert reader.open(makers.hello_pdf(tmp_path / "b.pdf")).page_count == 1


def test_worn_processes_are_replaced(tmp_path: Path) -> None:
    path = makers.hello_pdf(tmp_path / "a.pdf")
    with GuardedReader(limits=Limits(recycle_after_requests=3)) as reader:
        first = child_of(reader)
        pids = set()
        for _ in range(6):
            assert reader.open(path).page_count == 1
            assert reader._process is not None
            pids.add(reader._process.pid)
    assert first in pids
    assert len(pids) == 3


@pytest.mark.skipif(not on_linux, reason="the guards are Linux's")
def test_guards_are_told(reader: GuardedReader) -> None:
    guards = reader.guards()
    assert guards["dies_with_parent"]
    assert guards["memory_limit"]
    assert guards["file_size_limit"]
    assert guards["no_sockets_or_programs"] or guards["no_network_namespace"]


@pytest.mark.skipif(not on_linux, reason="PR_SET_PDEATHSIG is Linux's")
def test_dies_with_the_thread_that_started_it(tmp_path: Path) -> None:
    path = makers.hello_pdf(tmp_path / "a.pdf")
    pids: list[int] = []
    reader = GuardedReader()

    def work() -> None:
        reader.open(path)
        pids.append(child_of(reader))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pids[0]}/stat").read_text().split(") ")[1][0] != "Z":
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.02)
    reader.close()


GUARDED_SCRIPT = """
import os, socket, subprocess, sys
from pathlib import Path
from apps.extraction.engine.guard.child import Options, put_up_guards
from apps.extraction.engine.ocr import OcrOptions
put_up_guards(Options(parent=os.getppid(), memory_mb=1024, ocr=OcrOptions()))
def refused(act):
    try:
        act()
    except (OSError, subprocess.SubprocessError):
        return True
    return False
target, port = Path(sys.argv[1]), int(sys.argv[2])
print(
    refused(lambda: socket.create_connection(("127.0.0.1", port), timeout=2)),
    refused(lambda: target.write_text("escaped")),
    refused(lambda: subprocess.run(["/bin/true"], check=True)),
    Path(__import__("apps").__file__).is_file(),
)
"""


@pytest.mark.skipif(not on_linux, reason="the guards are Linux's")
def test_no_network_no_writing_no_programs(tmp_path: Path) -> None:
    """Do what an attacker would, behind the same guards, against a server that does listen."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        target = tmp_path / "escaped.txt"
        command = [sys.executable, "-c", GUARDED_SCRIPT, str(target), str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["True", "True", "True", "True"], done.stderr
    assert not target.exists() or target.read_text() == ""


def test_noise_of_libraries_does_not_reach_the_protocol(reader: GuardedReader, tmp_path: Path) -> None:
    """Tesseract prints to standard output and error on odd pictures."""
    odd = tmp_path / "a.png"
    makers.written_picture([], (5, 3)).save(odd)
    page = reader.recognise_page(odd, media_type="image/png", number=1)
    assert page.words == []
    assert reader.guards()["dies_with_parent"] == on_linux
