import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from apps.classification.engine.document_text import DocumentText, PageText
from apps.classification.engine.training.trainer import TrainingResult
from apps.classification.runtime.typing import TypeProcess, TypingError
from tests.unit.classification.generated import made_examples


def document(*pages: str) -> DocumentText:
    return DocumentText.of(PageText(page, page) for page in pages)


@pytest.fixture(scope="module")
def head_folder(trained: TrainingResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("head")
    trained.head.save(folder)
    return folder


def test_types_come_back_in_the_contracts_form_to_the_thread_that_asked(tiny_bert: Path, head_folder: Path) -> None:
    documents = [document(example.text, "second page") for example in made_examples(each=4)]
    with TypeProcess(head_folder, encoder=str(tiny_bert)) as process:
        assert process.pid is None
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(process.predict, documents))
        alone = [process.predict(each) for each in documents]
        empty = process.predict(document())
        child = psutil.Process(process.pid)
    assert [found["label"] for found in together] == [found["label"] for found in alone]
    assert set(together[0]) == {"label", "confidence", "alternatives", "model", "flags"}
    assert together[0]["alternatives"][0].keys() == {"label", "confidence"}
    assert (empty["label"], empty["confidence"]) == ("other", None)
    assert not child.is_running()


def test_threads_of_the_child_answer_side_by_side(tiny_bert: Path, head_folder: Path) -> None:
    documents = [document(example.text) for example in made_examples(each=6)]
    with TypeProcess(head_folder, encoder=str(tiny_bert)) as process:
        one_by_one = [process.predict(each)["label"] for each in documents]
    with TypeProcess(head_folder, encoder=str(tiny_bert), threads=3) as process:
        with ThreadPoolExecutor(6) as pool:
            together = [found["label"] for found in pool.map(process.predict, documents * 4)]
        assert process.pid is not None
        child = psutil.Process(process.pid)
        threads = child.num_threads()
    assert together == one_by_one * 4
    assert threads >= 4  # the receiver and three that answer
    assert not child.is_running()


def test_a_child_that_was_killed_is_replaced(tiny_bert: Path, head_folder: Path) -> None:
    with TypeProcess(head_folder, encoder=str(tiny_bert)) as process:
        process.predict(document("flour"))
        first = process.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        psutil.Process(first).wait(10)
        assert process.predict(document("flour"))["label"]
        assert process.pid != first


def test_a_child_that_cannot_load_is_an_error_and_no_hang(tiny_bert: Path, tmp_path: Path) -> None:
    with TypeProcess(tmp_path, encoder=str(tiny_bert)) as process, pytest.raises(TypingError, match="ended"):
        process.predict(document("flour"), timeout_s=60)


def test_a_late_answer_is_an_error(tiny_bert: Path, head_folder: Path) -> None:
    with TypeProcess(head_folder, encoder=str(tiny_bert)) as process:
        with pytest.raises(TypingError, match=r"within 0\.01 s"):
            process.predict(document("flour"), timeout_s=0.01)
        assert process.predict(document("flour"))["label"]


def test_a_closed_process_stays_closed(tiny_bert: Path, head_folder: Path) -> None:
    process = TypeProcess(head_folder, encoder=str(tiny_bert))
    process.close()
    with pytest.raises(TypingError, match="closed"):
        process.predict(document("flour"))


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_the_child_dies_with_its_parent(tiny_bert: Path, head_folder: Path) -> None:
    code = (
        "import sys, time, pathlib\n"
        "from apps.classification.engine.document_text import DocumentText\n"
        "from apps.classification.runtime.typing import TypeProcess\n"
        "process = TypeProcess(pathlib.Path(sys.argv[1]), encoder=sys.argv[2])\n"
        "process.predict(DocumentText(['flour'], 'flour'))\n"
        "print(process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, "-c", code, str(head_folder), str(tiny_bert)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    deadline = time.monotonic() + 10
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
