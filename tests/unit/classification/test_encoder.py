import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from apps.classification.runtime import encoder as encoder_module
from apps.classification.runtime import model_files
from apps.classification.runtime.encoder import Encoder
from apps.classification.runtime.model_files import ModelFilesError, find_model
from apps.classification.runtime.torch_backend import longest_input
from tests.unit.classification.tiny import LONGEST, write_roberta


@pytest.fixture(scope="module")
def encoder(tiny_bert: Path) -> Encoder:
    return Encoder.load(str(tiny_bert))


def test_vectors_have_unit_length_and_keep_the_order(encoder: Encoder) -> None:
    texts = ["flour butter oven", "", "moon", "rain " * 100, "flour butter oven"]
    vectors = encoder.encode(texts)
    assert vectors.shape == (5, encoder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-3)
    np.testing.assert_allclose(vectors[0], vectors[4], atol=1e-6)


def test_batching_changes_no_vector(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [" ".join(["rain", "cloud", "snow"][: 1 + number % 3] * (1 + number % 7)) for number in range(400)]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts[::40]])
    assert (np.sum(together[::40] * alone, axis=1) > 0.999).all()
    monkeypatch.setattr(encoder._backend, "_packs", False)  # side by side, as designs other than BERT's are read
    assert (np.sum(together * encoder.encode(texts), axis=1) > 0.999).all()


def test_the_next_texts_are_tokenised_while_these_are_computed(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["rain " * (1 + number % 5) for number in range(12)]
    together = encoder.encode(texts)
    monkeypatch.setattr(encoder_module, "_TEXTS_PER_BLOCK", 4)
    ahead, embed, token_ids = threading.Event(), encoder._backend.embed, encoder._backend.token_ids
    asked: list[str] = []

    def noted(block: Sequence[str]) -> list[list[int]]:
        asked.append(threading.current_thread().name)
        if len(asked) == 2:
            ahead.set()
        return token_ids(block)

    def waiting(batch: Sequence[Sequence[int]], lower: int = 0) -> object:
        assert ahead.wait(10)  # the second block is tokenised before the first one is done
        return embed(batch, lower)

    monkeypatch.setattr(encoder._backend, "token_ids", noted)
    monkeypatch.setattr(encoder._backend, "embed", waiting)
    assert (np.sum(together * encoder.encode(texts), axis=1) > 0.999).all()
    assert len(asked) == 3


def test_nothing_to_encode(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)
    assert encoder.chunks(" \n ") == []


def test_chunks_fit_the_encoder_and_hold_the_whole_text(encoder: Encoder) -> None:
    text = "Rain and snow. Moon, river and dawn!\n" * 20
    chunks = encoder.chunks(text)
    assert len(chunks) > 5
    assert " ".join(text[chunk.start : chunk.end] for chunk in chunks).split() == text.split()
    assert all(len(encoder.chunks(text[chunk.start : chunk.end])) == 1 for chunk in chunks)


def test_a_budget_beyond_the_encoder_is_its_own(encoder: Encoder) -> None:
    text = "rain " * 90
    assert encoder.chunks(text, max_tokens=10_000) == encoder.chunks(text)
    assert len(encoder.chunks(text, max_tokens=10)) == 9
    assert len(encoder.chunks(text, max_tokens=10, overlap=5)) == 17


def test_a_design_that_counts_positions_from_the_padding_on_reads_as_much_as_it_has_positions_for(
    tmp_path: Path,
) -> None:
    roberta = Encoder.load(str(write_roberta(tmp_path / "roberta")), device="cpu")
    text = "moon " * 99
    vector, cut = roberta.encode([text, "moon " * (LONGEST - 2)])  # and two special tokens
    np.testing.assert_allclose(vector, cut, atol=1e-6)
    lengths = [len(roberta._backend.token_ids([text[span.start : span.end]])[0]) for span in roberta.chunks(text)]
    assert max(lengths) == LONGEST


@pytest.mark.parametrize(
    ("design", "positions", "said", "longest"),
    [
        ("bert", 512, None, 512),
        ("bert", 512, 256, 256),
        ("xlm-roberta", 514, None, 512),
        ("camembert", 514, 514, 512),
        ("roberta", 514, 128, 128),
        ("modernbert", 8192, None, 8192),
        ("xlnet", -1, None, 512),
        ("xlnet", -1, 768, 768),
    ],
)
def test_the_longest_input_has_a_position_for_every_token(
    tmp_path: Path, design: str, positions: int, said: int | None, longest: int
) -> None:
    if said:
        (tmp_path / "sentence_bert_config.json").write_text(f'{{"max_seq_length": {said}}}')
    config = SimpleNamespace(model_type=design, max_position_embeddings=positions, pad_token_id=1)
    assert longest_input(tmp_path, config) == longest


def test_the_identity_names_model_and_weights(encoder: Encoder, tiny_bert: Path) -> None:
    name, _, digest = encoder.model.partition("@")
    assert name == tiny_bert.name
    assert find_model(str(tiny_bert)).sha256.startswith(digest)
    assert encoder.number_format in {"int8", "bf16", "fp16", "fp32"}


def test_changed_weights_of_the_default_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(model_files._PINNED_SHA256, model_files.DEFAULT_ENCODER, "0" * 64)
    with pytest.raises(ModelFilesError, match="not the pinned file"):
        find_model(model_files.DEFAULT_ENCODER)


def test_weights_in_another_format_are_refused(tiny_bert: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny_bert, tmp_path / "copy")
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(ModelFilesError, match=r"no model\.safetensors"):
        find_model(str(copy))


def test_a_model_that_is_not_here_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(ModelFilesError, match="nobody/nothing is neither a folder nor"):
        find_model("nobody/nothing")


def test_importing_the_module_loads_no_torch() -> None:
    code = (
        "import sys, apps.classification.runtime.encoder, apps.classification.runtime.typing, "
        "apps.classification.engine.head\n"
        "print(sorted({'torch', 'transformers', 'sklearn', 'scipy', 'django'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
