"""The job processes of `analyze`: order of work and of lines, and what a job that dies or hangs costs."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from apps.classification.engine.document_text import DocumentText
from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.pipeline.analyze.arguments import AnalyzeOptions
from apps.pipeline.analyze.empty import lost_analysis
from apps.pipeline.analyze.jobs import Job
from apps.pipeline.analyze.messages import Reply
from apps.pipeline.analyze.runner import work_off
from apps.pipeline.analyze.schedule import Schedule


def options(*skip: str, timeout_s: float = 60) -> AnalyzeOptions:
    """What the command line gives."""
    return AnalyzeOptions(
        paths=(),
        jobs=1,
        output=None,
        password=None,
        skip=frozenset(skip),
        timeout_s=timeout_s,
        memory_mb=2048,
        max_pages=100,
        ocr_languages=("eng",),
        tessdata=None,
        ocr_accurate=False,
    )


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text("The committee met on Monday and chose a new treasurer.")
    return path


@pytest.fixture
def job() -> Iterator[Job]:
    started = Job(options("type", "entities"), {})
    yield started
    started.close()


def test_a_job_gives_lines(job: Job, note: Path) -> None:
    first = json.loads(job.analyse(note))
    pid = job.pid
    assert (first["status"], first["pages"][0]["language"]) == ("succeeded", "en")
    assert json.loads(job.analyse(note))["file"] == first["file"]
    assert job.pid == pid
    assert b"\n" not in job.analyse(note)


def test_a_job_that_dies_costs_one_file(job: Job, note: Path) -> None:
    job.analyse(note)
    pid = job.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ReadingError) as raised:
        job.analyse(note)
    assert raised.value.code == ErrorCode.CRASHED
    assert json.loads(job.analyse(note))["status"] == "succeeded"
    assert job.pid != pid


def test_a_job_that_hangs_is_ended(note: Path) -> None:
    job = Job(options("type", "entities", timeout_s=0.2), {}, patience_s=0.1)
    job.start()
    pid = job.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ReadingError) as raised:
        job.analyse(note)
    assert raised.value.code == ErrorCode.TIMED_OUT
    assert job.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_models_are_asked_of_the_parent(note: Path) -> None:
    asked: list[DocumentText] = []

    def answer(about: msgspec.Raw, timeout_s: float) -> Reply:
        asked.append(msgspec.msgpack.decode(about, type=DocumentText))
        assert timeout_s == 60
        kind = {"label": "letter", "confidence": 0.5, "alternatives": [], "model": "none", "flags": []}
        return Reply(answer=msgspec.Raw(msgspec.msgpack.encode(kind))) if len(asked) == 1 else Reply(error="no model")

    job = Job(options("entities"), {"type": answer})
    try:
        typed, untyped = json.loads(job.analyse(note)), json.loads(job.analyse(note))
    finally:
        job.close()
    assert asked[0].text.startswith("The committee met")
    assert (typed["type"]["label"], typed["errors"]) == ("letter", [])
    assert (untyped["type"], untyped["status"]) == (None, "partial")
    assert untyped["errors"][0] == {"code": "type_failed", "message": "The type could not be determined: no model"}


def test_a_model_that_fails_in_any_way_costs_its_stage(note: Path) -> None:
    def broken(about: msgspec.Raw, timeout_s: float) -> Reply:
        raise OSError("no pipe")

    job = Job(options("entities"), {"type": broken})
    try:
        line = json.loads(job.analyse(note))
    finally:
        job.close()
    assert (line["type"], line["status"], len(line["pages"])) == (None, "partial", 1)
    assert "OSError: no pipe" in line["errors"][0]["message"]


def test_a_lost_file_has_its_line(note: Path) -> None:
    line = lost_analysis(note, ReadingError(ErrorCode.CRASHED), total_ms=12.345)
    assert json.loads(msgspec.json.encode(line)) == {
        "schema": "docintel.analysis/1",
        "file": {
            "name": "note.txt",
            "size": note.stat().st_size,
            "sha256": line["file"]["sha256"],
            "media_type": "application/octet-stream",
        },
        "status": "failed",
        "errors": [{"code": "crashed", "message": "The reader stopped unexpectedly on this file."}],
        "metadata": {},
        "pages": [],
        "tables": [],
        "type": None,
        "fields": [],
        "entities": [],
        "timings_ms": {"total": 12.35},
    }


@pytest.mark.parametrize(
    ("ahead", "most_held", "begun"),
    [
        (9, 1000, [1, 4, 2, 0, 3]),
        (3, 1000, [1, 2, 0, 4, 3]),
        (1, 1000, [0, 1, 2, 3, 4]),
        (9, 10, [1, 0, 4, 2, 3]),  # the long line of file 1 waits for that of file 0
    ],
)
def test_long_files_begin_first_and_lines_come_in_input_order(ahead: int, most_held: int, begun: list[int]) -> None:
    sizes = [2, 90, 3, 1, 40]
    schedule = Schedule(sizes, ahead=ahead, most_held=most_held)
    lines = schedule.lines()
    places: list[int] = []
    written = 0
    while (place := schedule.next_place()) is not None:
        places.append(place)
        schedule.finished(place, b"%d" % place * (20 if place == 1 else 1))
        while written in places:
            assert next(lines)[:1] == b"%d" % written
            written += 1
    assert places == begun
    assert next(lines, None) is None


@pytest.mark.parametrize("ahead", [1, 2, 4, 50])
def test_several_threads_keep_few_lines(tmp_path: Path, ahead: int) -> None:
    files = [tmp_path / str(number) for number in range(40)]
    schedule = Schedule([number * 7 % 10 for number in range(40)], ahead=ahead, most_held=10**6)
    begun, yielded, most = 0, 0, 0
    lock = threading.Lock()

    def work(path: Path) -> bytes:
        nonlocal begun, most
        with lock:
            begun += 1
            most = max(most, begun - yielded)
        return path.name.encode()

    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(work_off, schedule, work, files)
        names = []
        for line in schedule.lines():
            names.append(line.decode())
            with lock:
                yielded += 1
    assert names == [str(number) for number in range(40)]
    assert most <= ahead + 1  # the one that is being written


def test_an_error_of_a_thread_reaches_the_writer_and_a_stop_ends_the_threads() -> None:
    def work(path: Path) -> bytes:
        raise OSError(path.name)

    schedule = Schedule([1, 2], ahead=1, most_held=1)
    work_off(schedule, work, [Path("one"), Path("two")])
    with pytest.raises(OSError, match="one"):
        next(schedule.lines())
    schedule.stop()
    assert schedule.next_place() is None
