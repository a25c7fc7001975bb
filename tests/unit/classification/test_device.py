"""Which card and format are chosen, how much is computed at once, and what becomes of what finds no room."""

import os
import subprocess
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
import torch
from pytest_django import Settings

from apps.classification import doctor_checks
from apps.classification.runtime import device as device_module
from apps.classification.runtime.device import Device, chosen
from apps.classification.runtime.device_errors import DeviceError, DeviceFullError, DeviceLostError
from apps.classification.runtime.encoder import TOKENS_PER_BATCH
from apps.core.doctor import State
from apps.pipeline.encoder import learning, queries, refining, stopping, tasks
from apps.pipeline.outcome import Lease, Outcome, WorkerBrokenError
from docintel.settings import _device

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    chosen.cache_clear()
    yield
    chosen.cache_clear()


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have PyTorch tell of one card."""

    def pretend(capability: tuple[int, int] = (9, 0), *, works: bool = True) -> None:
        def show(place: torch.device, dtype: torch.dtype) -> None:
            if not works:
                raise RuntimeError("no kernel image is available for execution on the device")

        monkeypatch.setattr(torch.version, "cuda", "13.0")
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "Card 9000")
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (7_000_000_000, 8_000_000_000))
        monkeypatch.setattr(device_module, "_show", show)

    return pretend


@pytest.mark.parametrize(
    ("capability", "number_format"),
    [((10, 0), "bf16"), ((9, 0), "bf16"), ((8, 0), "bf16"), ((7, 5), "fp16"), ((7, 0), "fp16"), ((6, 1), "fp32")],
)
def test_the_format_goes_by_the_card(
    card: Callable[..., None], capability: tuple[int, int], number_format: str
) -> None:
    card(capability)
    found = chosen("auto")
    assert (str(found.place), found.card, found.number_format) == ("cuda:0", "Card 9000", number_format)
    assert str(found) == f"cuda:0, Card 9000, 7.0 of 8.0 GB free, in {number_format}"
    assert chosen("cpu").place == CPU


def test_auto_passes_over_a_card_that_does_not_work_and_says_so(card: Callable[..., None]) -> None:
    card(works=False)
    found = chosen("auto")
    assert found.place == CPU
    assert not found.card
    assert "no kernel image" in found.passed_over
    with pytest.raises(DeviceError, match=r"device_unavailable: cuda:0 does not compute: no kernel image"):
        chosen("cuda")


def test_an_old_driver_is_named(card: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    card()

    def refuse() -> bool:
        warnings.warn("The NVIDIA driver on your system is too old", stacklevel=1)
        return False

    monkeypatch.setattr(torch.cuda, "is_available", refuse)
    assert "driver on your system is too old" in chosen("auto").passed_over


def test_a_card_that_is_not_there_is_an_error(card: Callable[..., None]) -> None:
    card()
    with pytest.raises(DeviceError, match="cuda:3 is not there: PyTorch finds 1"):
        chosen("cuda:3")
    with pytest.raises(DeviceError, match="device_unknown: gpu is no device"):
        chosen("gpu")


def test_a_build_without_cards_tells_how_to_get_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.version, "cuda", None)
    with pytest.raises(DeviceError, match="make setup TORCH=cuda"):
        chosen("cuda")
    monkeypatch.setattr(device_module, "_DRIVER", Path("/nowhere"))
    assert chosen("auto").passed_over == ""
    chosen.cache_clear()
    monkeypatch.setattr(device_module, "_DRIVER", Path("/"))
    assert "make setup TORCH=cuda" in chosen("auto").passed_over


@pytest.mark.parametrize(("free_gb", "tokens"), [(0.1, TOKENS_PER_BATCH), (4, 8192), (64, 32_768)])
def test_batches_grow_with_the_memory_that_is_free(
    monkeypatch: pytest.MonkeyPatch, free_gb: float, tokens: int
) -> None:
    monkeypatch.setattr(device_module, "_free_bytes", lambda _: int(free_gb * 2**30))
    assert Device(CPU, torch.bfloat16, card="pretended").tokens_per_batch() == tokens
    assert chosen("cpu").tokens_per_batch() == TOKENS_PER_BATCH


def test_what_finds_no_room_is_halved_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_module, "_PAUSES_S", (0.0, 0.0))
    done: list[int] = []
    failures = iter([True, True, False])

    def act(items: Sequence[int]) -> None:
        if len(items) > 2 or (items[0] == 5 and next(failures)):
            raise torch.OutOfMemoryError("CUDA out of memory")
        done.extend(items)

    chosen("cpu").halved(act, [1, 2, 3, 4, 5])
    assert done == [1, 2, 3, 4, 5]  # the last one waited

    def full(items: Sequence[int]) -> None:
        raise RuntimeError(f"CUDA error: CUBLAS_STATUS_ALLOC_FAILED for {len(items)}")

    with pytest.raises(DeviceFullError, match="device_full"):
        chosen("cpu").halved(full, [1])

    def broken(items: Sequence[int]) -> None:
        raise RuntimeError(f"{len(items)} sizes do not match")

    with pytest.raises(RuntimeError, match="2 sizes"):
        chosen("cpu").halved(broken, [1, 2])


def test_the_worker_does_not_begin_without_the_card_that_is_asked_for(settings: Settings) -> None:
    for asked in ("auto", "cpu"):
        settings.DEVICE = asked
        tasks._need_card()
    settings.DEVICE = "cuda:99"
    with pytest.raises(SystemExit, match="DOCINTEL_DEVICE is cuda:99: device_unavailable"):
        tasks._need_card()


def test_a_card_that_fails_while_nothing_is_computed_is_lost_too(monkeypatch: pytest.MonkeyPatch) -> None:
    device, freed = Device(torch.device("cuda", 0), torch.bfloat16, card="pretended"), []

    def fail(*_: object) -> None:
        raise torch.AcceleratorError("CUDA error: unspecified launch failure")

    monkeypatch.setattr(torch.cuda, "mem_get_info", fail)
    with pytest.raises(DeviceLostError, match="device_lost: cuda:0 failed: CUDA error: unspecified launch failure"):
        device.tokens_per_batch()

    class Tensor:
        """Something large that a failed attempt holds."""

    def full(items: Sequence[int]) -> None:
        held = Tensor()
        freed.append(weakref.ref(held))
        raise torch.OutOfMemoryError(f"CUDA out of memory for {len(items)}")

    def fail_to_empty() -> None:
        assert freed[0]() is None  # else the memory of the attempt would not be there for the next one
        fail()

    monkeypatch.setattr(torch.cuda, "empty_cache", fail_to_empty)
    with pytest.raises(DeviceLostError, match="unspecified launch failure"):
        device.halved(full, [1, 2])
    assert len(freed) == 1


def part(number: int, *, attempt: int = 1) -> Lease:
    pk = UUID(int=number)
    return Lease(pk, pk, "embed", 1, attempt, {}, run_id=pk, document_id=pk, reading_id=pk, workspace_id=pk, lane=0)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a process of which nobody has asked that it stops, and which ends without the others."""
    monkeypatch.setattr(stopping, "_asked", threading.Event())
    monkeypatch.setattr(stopping, "_urged", threading.Event())
    monkeypatch.setattr(stopping, "_card", SimpleNamespace(failure=None))
    monkeypatch.setattr(stopping, "_computed", {})


@pytest.mark.usefixtures("process")
def test_a_worker_whose_card_fails_ends_and_knows_what_was_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(items: Sequence[object]) -> None:
        raise torch.AcceleratorError(f"CUDA error: unspecified launch failure ({len(items)})")

    def step(leases: Sequence[Lease]) -> list[Outcome]:
        chosen("cpu").halved(lost, leases)
        return []

    monkeypatch.setitem(tasks.STEPS, "embed", step)
    with stopping.computing([part(1)]):
        pass
    with pytest.raises(ZeroDivisionError), stopping.computing([part(2)]):
        raise ZeroDivisionError
    with stopping.computing([part(3)]):  # another thread is done in time
        with pytest.raises(WorkerBrokenError) as caught:
            tasks._execute([part(4), part(5)])
        assert "unspecified launch failure" in str(caught.value.__cause__)
        assert stopping._urged.is_set()
    with pytest.raises(WorkerBrokenError):
        tasks._execute([part(6)])  # too late to be the one that broke it
    assert [token.int for token in stopping._computed] == [4, 5]


@pytest.mark.usefixtures("process")
def test_two_that_are_suspected_are_not_computed_beside_each_other() -> None:
    begun = threading.Event()

    def other() -> None:
        with pytest.raises(WorkerBrokenError), stopping.computing([part(2, attempt=2)]):
            begun.set()

    thread = threading.Thread(target=other)

    def breaking() -> None:
        with stopping.computing([part(1, attempt=2)]):
            thread.start()
            assert not begun.wait(0.05)
            raise DeviceLostError("cuda:0 failed")

    with pytest.raises(WorkerBrokenError):
        breaking()
    thread.join()
    assert not begun.is_set()
    assert [token.int for token in stopping._computed] == [1]


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("what", ["types", "rankings"])
def test_a_card_that_fails_while_something_is_learned_ends_the_process(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def lost(_: object) -> None:
        raise DeviceLostError("cuda:0 failed")

    monkeypatch.setattr(learning, "refit_claim", lambda: SimpleNamespace(family="") if what == "types" else None)
    monkeypatch.setattr(learning, "_types_learn", lost)
    monkeypatch.setattr(refining, "ranking_claim", SimpleNamespace)
    monkeypatch.setattr(refining, "_learned", lost)
    with pytest.raises(DeviceLostError):
        tasks.work_encoder()
    assert stopping._urged.is_set()


def test_search_has_vectors_as_soon_as_the_encoder_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def load() -> SimpleNamespace:
        tried.append("load")
        if len(tried) < 3:
            raise DeviceFullError
        return SimpleNamespace(model="tiny@00000000")

    def wait(_: object, *, timeout: int) -> None:
        tried.append(f"ask for {timeout} s")
        raise SystemExit

    monkeypatch.setattr(queries, "encoder", load)
    monkeypatch.setattr(queries, "redis_client", lambda: SimpleNamespace(blpop=wait))
    monkeypatch.setattr(queries, "LOADING_PAUSE_S", 0.0)
    with pytest.raises(SystemExit):
        queries._answer_forever()
    assert tried == ["load", "load", "load", "ask for 2 s"]


def test_the_doctor_tells_what_computes(card: Callable[..., None], settings: Settings) -> None:
    def told() -> list[tuple[str, State]]:
        chosen.cache_clear()
        return [(finding.detail, finding.state) for finding in doctor_checks.device()]

    card()
    assert told() == [("cuda:0, Card 9000, 7.0 of 8.0 GB free, in bf16", State.WELL)]
    card(works=False)
    (cpu, well), (reason, note) = told()
    assert cpu.startswith("CPU, in ")
    assert "no kernel image" in reason
    assert (well, note) == (State.WELL, State.NOTE)
    settings.DEVICE = "cuda"
    ((reason, problem),) = told()
    assert "no kernel image" in reason
    assert problem == State.PROBLEM


def test_a_name_that_means_nothing_ends_every_process() -> None:
    environment = {**os.environ, "DOCINTEL_DEVICE": "gpu"}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode
    assert "DOCINTEL_DEVICE is 'gpu': it has to be auto, cpu, cuda or cuda:NUMBER" in done.stderr


def test_nothing_means_that_what_works_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCINTEL_DEVICE", "")
    assert _device() == "auto"


def test_processes_that_compute_nothing_load_no_torch_and_so_touch_no_card() -> None:
    code = (
        "import sys, django; django.setup()\n"
        "import docintel.urls, docintel.celery, apps.core.supervisor.supervisor, apps.pipeline.sweeper\n"
        "import apps.pipeline.tasks\n"
        "print('torch' in sys.modules)"
    )
    environment = {**os.environ, "DOCINTEL_DEVICE": "cuda"}
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "False"
