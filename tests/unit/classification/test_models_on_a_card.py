"""Models say on a card what they say on the CPU.

The way of a card is gone on the CPU, in a card's formats, and once more with tensors that only claim to lie elsewhere,
where PyTorch refuses to compute with whatever was left behind. One test needs a card.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode

from apps.classification.runtime import device as device_module
from apps.classification.runtime import entity_models, quantisation, sequence_checkpoint, torch_backend
from apps.classification.runtime.device import Device, chosen
from apps.classification.runtime.device_errors import DeviceFullError, DeviceLostError
from apps.classification.runtime.encoder import TOKENS_PER_BATCH, Encoder
from apps.classification.runtime.entities import EntityModel
from apps.classification.runtime.tagger_network import _first_rows
from apps.classification.runtime.type_models import TypeModel
from tests.unit.classification.generated import WORDS
from tests.unit.classification.tiny import write_checkpoint, write_encoder, write_tagger_for, write_token_checkpoint

# A build for cards lets tensors claim to lie on one also where there is none; that for CPUs has only a second CPU.
CPU, ELSEWHERE = torch.device("cpu"), torch.device("cuda", 0) if torch.version.cuda else torch.device("cpu", 1)
WORDS_TOGETHER = [word for words in WORDS.values() for word in words]
TEXTS = [" ".join(WORDS_TOGETHER[number % 9 : number % 9 + 1 + number % 7]) for number in range(60)] + [
    "",
    "moon " * 99,
]
LABELS = ["O", "B-PER", "I-PER", "B-GPE", "I-GPE"]
BF16, FP16 = torch.bfloat16, torch.float16
needs_card = pytest.mark.skipif(not torch.cuda.is_available(), reason="no NVIDIA card that PyTorch can use")


class Folders(NamedTuple):
    """Models on disk: an encoder, a tagger that goes on from its first layer, and checkpoints for words and texts."""

    encoder: Path
    tagger: Path
    words: Path
    texts: Path


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    root = tmp_path_factory.mktemp("models")
    encoder = write_encoder(root / "encoder", layers=2)
    return Folders(
        encoder,
        write_tagger_for(encoder, root / "tagger", trunk=1),
        write_token_checkpoint(encoder, root / "words", LABELS),
        write_checkpoint(root / "texts", ["invoice", "letter", "other"]),
    )


class Said(NamedTuple):
    """What all models say of the texts, as numbers."""

    vectors: NDArray[np.float32]
    alongside: list[NDArray[np.float32]]
    tagged: list[NDArray[np.float32]]
    words: list[NDArray[np.float32]]
    texts: NDArray[np.float64]


class Models:
    """All models, loaded for what `chosen` gives."""

    def __init__(self, folders: Folders, device: str = "cuda") -> None:
        self.encoder = Encoder.load(str(folders.encoder), threads=2, device=device)
        self.tagger = EntityModel.load(str(folders.tagger), encoder=self.encoder, threads=2, device=device)
        self.words = EntityModel.load(str(folders.words), threads=2, device=device)
        self.texts = TypeModel.load(str(folders.texts), threads=2, device=device)

    def say(self) -> Said:
        beside: Any = _Beside(self.tagger)
        vectors = self.encoder.encode(TEXTS, beside)
        tagged, words = ([*_scores(model)] for model in (self.tagger, self.words))
        return Said(vectors, beside.scores, tagged, words, self.texts._logits(TEXTS))


class _Beside:
    """Takes the scores that the tagger gives beside the encoder."""

    def __init__(self, model: EntityModel) -> None:
        assert model._continues is not None
        self._scorer = model._continues
        self.lower = self._scorer.trunk
        self.scores: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(TEXTS)

    def take(self, numbers: Sequence[int], batch: Any) -> None:
        rows = self._scorer.tokenised([TEXTS[number] for number in numbers])
        for number, scores in zip(numbers, self._scorer.continued_scores(rows, batch), strict=True):
            self.scores[number] = scores


def _scores(model: EntityModel) -> list[NDArray[np.float32]]:
    return model._scorer.scores(model._scorer.tokenised(TEXTS))


def assert_alike(one: Said, other: Said, *, by: float) -> None:
    assert (np.sum(one.vectors * other.vectors, axis=1) > 1 - by).all()
    for mine, its in zip(one[1:4], other[1:4], strict=True):
        assert [len(scores) for scores in mine] == [len(scores) for scores in its]
        assert np.abs(np.exp(np.concatenate(mine)) - np.exp(np.concatenate(its))).mean() < by
    assert np.abs(one.texts - other.texts).mean() < by * np.abs(one.texts).mean()


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Callable[[torch.dtype], None]:
    """Have `chosen` give something that goes the way of a card, on the CPU."""

    def pretend(dtype: torch.dtype) -> None:
        monkeypatch.setattr(device_module, "chosen", lambda _: Device(CPU, dtype, card="pretended"))
        monkeypatch.setattr(device_module, "_free_bytes", lambda _: 4 << 30)

    return pretend


@pytest.fixture(scope="module")
def exact(folders: Folders) -> Said:
    """What is said in float32."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(device_module, "chosen", lambda _: Device(CPU, torch.float32, card="pretended"))
        patch.setattr(device_module, "_free_bytes", lambda _: 0)
        return Models(folders).say()


@pytest.mark.parametrize(("dtype", "name", "by"), [(BF16, "bf16", 0.02), (FP16, "fp16", 0.005)])
def test_every_model_says_the_same_in_a_cards_formats(
    folders: Folders, exact: Said, card: Callable[[torch.dtype], None], dtype: torch.dtype, name: str, by: float
) -> None:
    card(dtype)
    models = Models(folders)
    assert models.encoder.number_format == name
    assert models.encoder.device.tokens_per_batch() > 8_000  # all in one batch
    said = models.say()
    assert_alike(said, exact, by=by)
    assert said.vectors.dtype == np.float32
    for mine, its in zip(said.alongside, said.tagged, strict=True):
        assert np.abs(np.exp(mine) - np.exp(its)).max(initial=0) < by


def test_a_model_that_would_change_too_much_stays_in_float32_with_all_that_shares_its_layers(
    folders: Folders, exact: Said, card: Callable[[torch.dtype], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    card(FP16)
    monkeypatch.setattr(quantisation, "LEAST_COSINE", 1.01)
    models = Models(folders)
    assert models.encoder.number_format == models.encoder.device.number_format == "fp32"
    assert models.tagger._scorer.device is models.encoder.device
    said = models.say()
    assert_alike(said, exact, by=1e-5)


def test_the_encoders_word_vectors_stay_what_they_are_where_only_the_tagger_changes_too_much(
    folders: Folders, card: Callable[[torch.dtype], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    card(BF16)
    encoder = Encoder.load(str(folders.encoder), device="cuda")
    before = encoder.encode(TEXTS)
    monkeypatch.setattr(quantisation, "LEAST_COSINE", 1.01)
    tagger = EntityModel.load(str(folders.tagger), encoder=encoder, device="cuda")
    assert tagger.alongside(TEXTS) is None
    assert [len(scores) for scores in _scores(tagger)][-2:] == [0, 30]
    assert np.array_equal(encoder.encode(TEXTS), before)


def test_a_full_card_costs_time_and_no_text(
    folders: Folders, card: Callable[[torch.dtype], None], exact: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    card(torch.float32)
    models, met = Models(folders), itertools.count()

    def full(_: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        tensor = next(each for each in (*given, *named.values()) if isinstance(each, Tensor))
        if len(tensor) > 7:
            next(met)
            raise torch.OutOfMemoryError("CUDA out of memory")

    layers: list[Any] = [models.tagger._scorer, models.words._scorer, models.texts._checkpoint, models.encoder._backend]
    for owner in layers:
        network = owner._network.encoder.encoder.layer[1] if hasattr(owner, "_network") else owner._model
        network.register_forward_pre_hook(full, with_kwargs=True)
    assert_alike(models.say(), exact, by=1e-5)
    assert next(met) > 20


def test_a_card_that_fails_between_batches_is_lost_for_every_model(
    folders: Folders, card: Callable[[torch.dtype], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    card(torch.float32)
    models = Models(folders)

    def fail(_: torch.device) -> int:
        raise torch.AcceleratorError("CUDA error: unspecified launch failure")

    monkeypatch.setattr(device_module, "_free_bytes", fail)
    for ask in (models.encoder.encode, models.tagger, models.words, models.texts._logits):
        with pytest.raises(DeviceLostError, match="unspecified launch failure"):
            ask(TEXTS)


def test_a_token_that_a_model_has_no_vector_for_does_not_reach_the_card(
    folders: Folders, card: Callable[[torch.dtype], None]
) -> None:
    card(torch.float32)
    models = Models(folders)
    asked: list[Callable[[list[int]], object]] = [
        lambda ids: models.encoder._backend.embed([[2, 3], ids]),
        lambda ids: models.texts._checkpoint.logits([{"input_ids": [2, 3]}, {"input_ids": ids}]),
    ]
    for scorer in (models.tagger._scorer, models.words._scorer):
        (row,) = scorer.tokenised(["moon"])
        asked.append(lambda ids, scorer=scorer, row=row: scorer.scores([row, row._replace(ids=ids)]))  # type: ignore[misc]
    for ask in asked:
        size = len(models.encoder.word_vectors.weight)  # type: ignore[arg-type]
        ask([2, size - 1, 3])
        with pytest.raises(IndexError, match=f"knows a token {size}, the model's table ends at {size - 1}"):
            ask([2, size, 3])


def test_models_wait_for_room_on_the_card_while_they_load(
    folders: Folders, card: Callable[[torch.dtype], None], exact: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    card(BF16)
    monkeypatch.setattr(device_module, "_PAUSES_S", (0.0, 0.0))
    shorten, met = quantisation.shorten, itertools.count(1)

    def full_twice(*given: Any) -> bool:
        if next(met) % 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return shorten(*given)

    monkeypatch.setattr(quantisation, "shorten", full_twice)
    models = Models(folders)
    assert next(met) == 13  # three times for each of four models
    assert_alike(models.say(), exact, by=0.02)

    def full(*_: object) -> bool:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(quantisation, "shorten", full)
    for load in (
        lambda: Encoder.load(str(folders.encoder), device="cuda"),
        lambda: EntityModel.load(str(folders.tagger), encoder=models.encoder, device="cuda"),
        lambda: EntityModel.load(str(folders.words), device="cuda"),
        lambda: TypeModel.load(str(folders.texts), device="cuda"),
    ):
        with pytest.raises(DeviceFullError):
            load()


@contextmanager
def elsewhere(owners: Sequence[Any]) -> Iterator[None]:
    """Move models to where tensors only claim to be; until the end what they compute has shapes and no numbers."""
    _first_rows.cache_clear()
    with FakeTensorMode(allow_non_fake_inputs=True) as mode:
        for owner in owners:
            owner.device = replace(owner.device, place=ELSEWHERE)
            network: nn.Module = owner._network if hasattr(owner, "_network") else owner._model
            for module in network.modules():
                for name, weight in module._parameters.items():
                    if weight is not None and weight.device == CPU:
                        moved = mode.from_tensor(weight.detach()).to(ELSEWHERE)
                        module._parameters[name] = nn.Parameter(moved, requires_grad=False)
                for name, table in module._buffers.items():
                    if table is not None and table.device == CPU:
                        module._buffers[name] = mode.from_tensor(table).to(ELSEWHERE)
        yield
    _first_rows.cache_clear()


def test_no_tensor_is_left_in_the_cpus_memory(
    folders: Folders, card: Callable[[torch.dtype], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    card(BF16)
    models, fetched = Models(folders), []

    def fetch(tensor: Tensor) -> NDArray[np.float32]:
        assert tensor.device == ELSEWHERE
        fetched.append(tuple(tensor.shape))
        return np.zeros(tensor.shape, np.float32)

    monkeypatch.setattr(Device, "put", lambda self, tensor: tensor.to(self.place))
    for module in (torch_backend, entity_models, sequence_checkpoint):
        monkeypatch.setattr(module, "fetched", fetch)
    backend, checkpoint = models.encoder._backend, models.texts._checkpoint
    tagger, words = models.tagger._continues, models.words._scorer
    assert tagger is not None
    texts, ids = ["rain and snow", "flour"], [[2, 30, 41, 3], [2, 30, 3]]
    rows, of_texts = tagger.tokenised(texts), checkpoint.tokenised(texts)
    with elsewhere([backend, tagger, words, checkpoint]):
        embedded = backend.embed(ids, lower=tagger.trunk)
        assert {each.device for each in (*embedded.below, embedded.places) if isinstance(each, Tensor)} == {ELSEWHERE}
        for compute in (
            lambda: tagger.continued_scores(rows, backend.embed([row.ids for row in rows], tagger.trunk)),
            lambda: tagger.scores(rows),
            lambda: words.scores(rows),
            lambda: checkpoint.logits(of_texts),
            lambda: backend._hidden(texts),
            lambda: tagger._token_scores(texts),
            lambda: words._token_scores(texts),
            lambda: checkpoint._beginnings(texts),
        ):
            compute()
        with pytest.raises(RuntimeError, match="same device"):  # so that what is asserted here can fail
            tagger._network(*tagger._batch(rows))
    assert len(fetched) == 6


@needs_card
def test_a_real_card_says_the_same(folders: Folders, exact: Said) -> None:
    models = Models(folders)
    assert models.encoder.device.place.type == "cuda"
    assert models.encoder.number_format in {"bf16", "fp16", "fp32"}
    assert_alike(models.say(), exact, by=0.02)
    assert models.encoder.device.memory_bytes() > 0
    assert models.encoder.device.tokens_per_batch() >= TOKENS_PER_BATCH
    assert chosen("auto").card
