"""Models of entities: a tagger trained by the command on made sentences, and checkpoints by configuration."""

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from django.core.management import CommandError, call_command

from apps.classification.engine.document_text import DocumentText, PageText
from apps.classification.engine.tagging.artifact import (
    LARGEST_BYTES,
    WEIGHTS_FILE,
    TaggerError,
    read_tagger,
    write_tagger,
)
from apps.classification.engine.tagging.labels import Mention
from apps.classification.engine.training.trainer import TrainingResult
from apps.classification.heads import ENTITIES
from apps.classification.runtime.encoder import Encoder
from apps.classification.runtime.entities import EntityModel
from apps.classification.runtime.model_files import ModelFilesError
from apps.classification.runtime.typing import TypeProcess, TypingError
from tests.unit.classification.generated import FILLER, WORDS
from tests.unit.classification.tiny import write_encoder, write_token_checkpoint

# Told by their letters, which the tiny encoder's tokenizer drops.
NAMES = {"PER": [word.title() for word in WORDS["poem"][:5]], "LOC": [word.upper() for word in WORDS["weather"][:5]]}


def made_corpus(folder: Path, *, sentences: int = 160) -> Path:
    """Sentences with a name each; all words are in the tiny vocabulary."""
    chance = random.Random(4)  # noqa: S311 - made sentences
    folder.mkdir()
    blocks = []
    for _ in range(sentences):
        kind = chance.choice([*NAMES])
        rows = [f"{chance.choice(FILLER)}\tO" for _ in range(5)]
        rows.insert(chance.randrange(6), f"{chance.choice(NAMES[kind])}\tB-{kind}")
        blocks.append("\n".join(rows))
    (folder / "made.tsv").write_text("\n\n".join(blocks) + "\n")
    return folder


@pytest.fixture(scope="module")
def tagger(tiny_bert: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tagger made by the command."""
    root = tmp_path_factory.mktemp("tagger")
    data, out = made_corpus(root / "data"), root / "out"
    call_command("train_entities", data=data, out=out, encoder=str(tiny_bert), epochs=60, rank=4)
    return out


@pytest.fixture(scope="module")
def encoder(tiny_bert: Path) -> Encoder:
    return Encoder.load(str(tiny_bert))


@pytest.fixture
def in_models_folder(tiny_bert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tagger names its encoder by the folder's name, so it is looked for from there."""
    monkeypatch.chdir(tiny_bert.parent)


@pytest.mark.usefixtures("in_models_folder")
def test_the_command_trains_a_tagger_that_finds_names(tagger: Path, encoder: Encoder) -> None:
    card = json.loads((tagger / "card.json").read_text())
    # What stands beyond the 32 tokens of the tiny encoder cannot be found, so recall says nothing.
    assert card["held_out"]["made"]["all"]["precision"] > 0.8
    assert card["sources"][0]["licence"] == "unknown"
    assert "made" in (tagger / "card.md").read_text()
    model = EntityModel.load(str(tagger), encoder=encoder)
    name, place = NAMES["PER"][0], NAMES["LOC"][0]
    text = f"the {name} is in {place}\nthis of that"
    (found,) = model([text])
    assert [(text[each.start : each.end], each.kind) for each in found] == [(name, "person"), (place, "location")]
    assert all(each.confidence is not None and 0 < each.confidence < 1 for each in found)


@pytest.mark.usefixtures("in_models_folder")
def test_a_tagger_shares_the_encoders_word_vectors_and_finds_the_same_without(tagger: Path, encoder: Encoder) -> None:
    text = f"the {NAMES['PER'][1]} and the"
    shared, alone = EntityModel.load(str(tagger), encoder=encoder), EntityModel.load(str(tagger))
    assert shared([text]) == alone([text])
    assert shared._scorer._network.encoder.get_input_embeddings() is encoder.word_vectors  # type: ignore[attr-defined]


@pytest.mark.usefixtures("in_models_folder")
def test_texts_longer_than_the_models_input_are_read_to_their_end(tagger: Path) -> None:
    name = NAMES["PER"][2]
    text = " ".join(["of the"] * 40 + [f"the {name} is."] + ["to it"] * 60 + [f"the {name} is."])
    empty, found, blank = EntityModel.load(str(tagger), threads=2)(["", text, " \n"])
    assert (empty, blank) == ([], [])
    assert [text[each.start : each.end] for each in found] == [name, name]
    assert [each.start for each in found] == [text.index(name), text.rindex(name)]


@pytest.mark.usefixtures("in_models_folder")
def test_training_goes_on_from_a_tagger(tagger: Path, tiny_bert: Path, tmp_path: Path) -> None:
    data = made_corpus(tmp_path / "data", sentences=20)
    call_command(
        "train_entities", data=data, out=tmp_path / "out", encoder=str(tiny_bert), start=tagger, epochs=0, rank=4
    )
    before, after = read_tagger(tagger)[1], read_tagger(tmp_path / "out")[1]
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[name], after[name]) for name in before)
    with pytest.raises(CommandError, match="another rank"):
        call_command("train_entities", data=data, out=tmp_path / "no", encoder=str(tiny_bert), start=tagger, epochs=0)


def test_a_tagger_goes_on_from_the_encoders_lower_layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_encoder(tmp_path / "two-layers", layers=2)
    monkeypatch.chdir(tmp_path)
    data, out = made_corpus(tmp_path / "data"), tmp_path / "out"
    call_command("train_entities", data=data, out=out, encoder=str(folder), trunk=1, epochs=40, rank=4)
    config, tensors = read_tagger(out)
    passed = json.loads((out / "card.json").read_text())["passed"]
    assert passed["words"] < 0.8  # the words of names are a quarter
    assert passed["mentions"] == 1.0
    assert config.trunk == 1
    assert {name.split(".")[3] for name in tensors if name.startswith("lora.")} == {"1"}
    encoder = Encoder.load(str(folder))
    model = EntityModel.load(str(out), encoder=encoder)
    texts = [f"the {name} is in {place}" for name in NAMES["PER"] for place in NAMES["LOC"]] + ["of that", ""]
    beside = model.alongside(texts)
    assert beside is not None
    assert np.array_equal(encoder.encode(texts, beside), encoder.encode(texts))
    assert beside.mentions == model(texts)
    assert sum(map(len, beside.mentions)) > len(NAMES["PER"]) * len(NAMES["LOC"])
    encoder._backend._packs = not encoder._backend._packs  # texts side by side, as designs other than BERT's have them
    if encoder.number_format == "int8":
        padded = model.alongside(texts)
        assert padded is not None
        encoder.encode(texts, padded)
        assert padded.mentions == beside.mentions
    assert EntityModel.load(str(out)).alongside(texts) is None  # without the encoder there is nothing to go on from
    with pytest.raises(CommandError, match="without a gap"):
        call_command("train_entities", data=data, out=out, encoder=str(folder), layers=(1,), trunk=1)
    with pytest.raises(CommandError, match="has to be a layer"):
        call_command("train_entities", data=data, out=out, encoder=str(folder), trunk=2)
    # A tagger that was made without a gate: every word goes on.
    write_tagger(out, config, {name: tensor for name, tensor in tensors.items() if not name.startswith("gate.")})
    found = EntityModel.load(str(out), encoder=encoder)(texts)
    assert sum(map(len, found)) >= sum(map(len, beside.mentions))


def test_words_that_are_no_candidates_are_outside_and_seen_as_they_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_encoder(tmp_path / "three-layers", layers=3)
    monkeypatch.chdir(tmp_path)
    data, out = made_corpus(tmp_path / "data", sentences=40), tmp_path / "out"
    call_command("train_entities", data=data, out=out, encoder=str(folder), trunk=1, epochs=1, rank=4)
    chance = np.random.default_rng(3)
    texts = [" ".join(chance.choice(FILLER, size)) for size in (25, 25, 24, 12, 3, 3, 1, 1, 1)]
    encoder = Encoder.load(str(folder))
    _let_about_half_pass(out, encoder, texts)
    scorer = EntityModel.load(str(out), encoder=encoder)._continues
    assert scorer is not None
    rows = scorer.tokenised(texts)
    together = scorer.continued_scores(rows, encoder._backend.embed([row.ids for row in rows], scorer.trunk))
    by_themselves = [scorer.scores([row])[0] for row in rows]
    left_out = np.concatenate([scores[:, 1:].max(axis=1) < -19 for scores in together])
    assert 0.2 < left_out.mean() < 0.8
    for found, alone in zip(together, by_themselves, strict=True):
        assert np.allclose(found, alone, atol=0.05)


def _let_about_half_pass(folder: Path, encoder: Encoder, texts: list[str]) -> None:
    """Give a tagger a gate by chance, its threshold in the widest gap between the odds of words near their middle."""
    config, tensors = read_tagger(folder)
    chance = np.random.default_rng(5)
    gate = {name: chance.normal(size=tensor.shape) for name, tensor in tensors.items() if name.startswith("gate.")}
    write_tagger(folder, config, tensors | gate)
    scorer = EntityModel.load(str(folder), encoder=encoder)._continues
    assert scorer is not None
    with torch.inference_mode():
        hidden, _ = scorer.before_the_gate(scorer.tokenised(texts))
        odds = np.sort(scorer._network.gate(hidden).numpy(), axis=None)  # type: ignore[misc]  # there is one
    near = odds[len(odds) // 4 : -len(odds) // 4]
    widest = int(np.diff(near).argmax())
    gate["gate.2.bias"] -= near[widest : widest + 2].mean()
    write_tagger(folder, config, tensors | gate)


@pytest.mark.usefixtures("in_models_folder")
def test_a_tagger_learns_from_another_ones_answers(tagger: Path, tiny_bert: Path, tmp_path: Path) -> None:
    data = made_corpus(tmp_path / "data", sentences=40)
    given = {"data": data, "encoder": str(tiny_bert), "epochs": 8, "rank": 4}
    call_command("train_entities", out=tmp_path / "alone", **given)
    call_command("train_entities", out=tmp_path / "taught", teacher=tagger, **given)
    text = f"the {NAMES['PER'][0]} is in {NAMES['LOC'][0]}"
    scorers = [EntityModel.load(str(folder))._scorer for folder in (tagger, tmp_path / "alone", tmp_path / "taught")]
    teacher, alone, taught = (scorer.scores(scorer.tokenised([text]))[0] for scorer in scorers)
    assert np.abs(taught - teacher).mean() < np.abs(alone - teacher).mean()


def test_a_folder_with_nothing_to_learn_is_refused(tmp_path: Path, tiny_bert: Path) -> None:
    (tmp_path / "a.tsv").write_text("just\tO\nwords\tO\n\nand\tO\n")
    with pytest.raises(CommandError, match="no mentions"):
        call_command("train_entities", data=tmp_path, out=tmp_path / "out", encoder=str(tiny_bert))


@pytest.mark.usefixtures("in_models_folder")
def test_a_changed_tagger_or_another_encoder_is_refused(tagger: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(tagger, tmp_path / "changed"))
    data = bytearray((changed / WEIGHTS_FILE).read_bytes())
    data[-1] ^= 1
    (changed / WEIGHTS_FILE).write_bytes(bytes(data))
    with pytest.raises(TaggerError, match="hash differs"):
        EntityModel.load(str(changed))
    other = Path(shutil.copytree(tagger, tmp_path / "other"))
    settings = json.loads((other / "tagger.json").read_text())
    (other / "tagger.json").write_text(json.dumps({**settings, "encoder_sha256": "0" * 64}))
    with pytest.raises(TaggerError, match="other weights"):
        EntityModel.load(str(other))


@pytest.fixture(scope="module")
def checkpoint(tiny_bert: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny randomly initialised model for token classification, as Hugging Face's libraries save one."""
    labels = ["O", "B-PER", "I-PER", "B-GPE", "I-GPE", "B-EVENT", "I-EVENT"]
    return write_token_checkpoint(tiny_bert, tmp_path_factory.mktemp("checkpoints") / "tiny-ner", labels)


def test_any_checkpoint_by_its_folder(checkpoint: Path) -> None:
    model = EntityModel.load(str(checkpoint))
    text = ". ".join(" ".join(words) for words in WORDS.values())
    (found,) = model([text])
    assert model.version.startswith("tiny-ner@")
    assert {each.kind for each in found} <= {"person", "location", "event"}
    assert found  # weights this large are sure of something
    assert all(each.confidence is None and text[each.start : each.end].strip() for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)


def test_a_model_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError):
        EntityModel.load(str(tmp_path / "missing"))
    with pytest.raises(ModelFilesError, match=r"model\.safetensors"):
        EntityModel.load(str(tmp_path))


def document(text: str) -> DocumentText:
    return DocumentText.of([PageText(text, text)])


@pytest.fixture(scope="module")
def head_folder(trained: TrainingResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("head")
    trained.head.save(folder)
    return folder


def test_the_model_process_gives_types_and_mentions(tiny_bert: Path, head_folder: Path, checkpoint: Path) -> None:
    texts = [" ".join(words) for words in WORDS.values()]
    with TypeProcess(head_folder, encoder=str(tiny_bert), entities=str(checkpoint)) as process:
        assert process.predict(document(texts[0]))["label"]
        found = process.mentions(texts)
        assert process.mentions([]) == []
    assert found == EntityModel.load(str(checkpoint))(texts)
    assert all(isinstance(each, Mention) for of_text in found for each in of_text)


def test_a_model_of_entities_that_cannot_be_loaded_costs_no_types(
    tiny_bert: Path, head_folder: Path, tmp_path: Path
) -> None:
    with TypeProcess(head_folder, encoder=str(tiny_bert), entities=str(tmp_path)) as process:
        with pytest.raises(TypingError, match="could not be loaded"):
            process.mentions(["a text"])
        assert process.predict(document("flour"))["label"]


def test_the_shipped_tagger_is_small_and_names_its_sources() -> None:
    config, _ = read_tagger(ENTITIES)
    card = json.loads((ENTITIES / "card.json").read_text())
    assert card["version"] == config.version
    assert set(config.calibration) == {"person", "organization", "location"}
    assert all(source["licence"].startswith("CC BY") for source in card["sources"])
    assert sum(path.stat().st_size for path in ENTITIES.iterdir()) < LARGEST_BYTES
