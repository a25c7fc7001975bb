"""Tagging words: how they are written, sequences of labels that make sense, probabilities, files."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from apps.classification.engine.tagging import shapes
from apps.classification.engine.tagging.artifact import (
    CONFIG_FILE,
    LARGEST_BYTES,
    WEIGHTS_FILE,
    Calibration,
    TaggerConfig,
    TaggerError,
    read_tagger,
    write_tagger,
)
from apps.classification.engine.tagging.chances import fit_calibration, probability
from apps.classification.engine.tagging.labels import LabelScheme
from apps.classification.engine.tagging.shapes import case_of, word_shapes

BIO = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG"]


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("and", shapes.LOWER),
        ("Ada", shapes.CAPITALISED),
        ("IBM", shapes.ALL_CAPITALS),
        ("J", shapes.INITIAL),
        ("McKay", shapes.MIXED),
        ("2024", shapes.DIGITS),
        ("B2B", shapes.CODE),
        (",", shapes.PUNCTUATION),
        ("東京", shapes.UNCASED),
        ("€", shapes.SYMBOL),
    ],
)
def test_how_a_word_is_written(word: str, case: int) -> None:
    assert case_of(word) == case


def test_where_a_word_stands() -> None:
    text = 'He said. "Yes," @ada\nNEXT LINE HERE'
    words = ["He", "said", ".", '"', "Yes", ",", '"', "@", "ada", "NEXT", "LINE", "HERE"]
    spans, at = [], 0
    for word in words:
        at = text.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    found = word_shapes(text, spans)
    begins = [word for word, shape in zip(words, found, strict=True) if shape.start]
    assert begins == ["He", '"', "Yes", "NEXT"]
    of = dict(zip(words, found, strict=True))
    assert of["said"].before == shapes.AFTER_BLANK
    assert of[","].before == shapes.GLUED
    assert of["ada"].before == shapes.AFTER_AT
    assert of["NEXT"].before == shapes.LINE_START
    assert {of[word].line for word in ("NEXT", "LINE", "HERE")} == {shapes.CAPITAL_LINE}
    assert of["said"].line == shapes.PLAIN_LINE


@given(st.text(st.sampled_from('aB1. \n@"ß中'), max_size=60))
def test_every_word_has_a_shape_within_the_tables(text: str) -> None:
    spans = [(start, start + 1) for start, character in enumerate(text) if not character.isspace()]
    found = word_shapes(text, spans)
    assert len(found) == len(spans)
    assert all(0 <= value < size for shape in found for value, size in zip(shape, shapes.SIZES, strict=True))


@given(st.lists(st.lists(st.floats(-20, 0), min_size=5, max_size=5), max_size=12))
def test_the_best_path_makes_sense_and_none_that_does_is_likelier(rows: list[list[float]]) -> None:
    scheme = LabelScheme(BIO)
    scores = np.array(rows, dtype=np.float32).reshape(-1, 5)
    path = scheme.best_path(scores)
    assert len(path) == len(rows)
    for before, after in zip([0, *path], path, strict=False):
        assert not BIO[after].startswith("I-") or BIO[before][2:] == BIO[after][2:]
    only_begins = [int(row[[0, 1, 3]].argmax()) for row in scores]  # sequences without I- always make sense
    other = sum(float(row[[0, 1, 3]][choice]) for row, choice in zip(scores, only_begins, strict=True))
    assert sum(float(row[label]) for row, label in zip(scores, path, strict=True)) >= other - 1e-3


def scores_of(labels: list[str], *path: str) -> NDArray[np.float32]:
    rows = [
        [math.log(0.9) if label == chosen else math.log(0.1 / (len(labels) - 1)) for label in labels] for chosen in path
    ]
    return np.array(rows, dtype=np.float32)


@pytest.mark.parametrize(
    ("labels", "path", "mentions"),
    [
        (BIO, ("B-PER", "I-PER", "O", "B-ORG"), [("person", 0, 2), ("organization", 3, 4)]),
        (BIO, ("B-PER", "B-PER"), [("person", 0, 1), ("person", 1, 2)]),
        (["O", "I-LOC"], ("I-LOC", "I-LOC", "O"), [("location", 0, 2)]),
        (
            ["O", "B-GPE", "I-GPE", "E-GPE", "S-GPE"],
            ("B-GPE", "E-GPE", "S-GPE"),
            [("location", 0, 2), ("location", 2, 3)],
        ),
        (["O", "MISC"], ("MISC", "O"), [("misc", 0, 1)]),
    ],
)
def test_mentions_of_any_set_of_labels(
    labels: list[str], path: tuple[str, ...], mentions: list[tuple[str, int, int]]
) -> None:
    found = LabelScheme(labels).mentions(scores_of(labels, *path))
    assert [each[:3] for each in found] == mentions
    assert all(each.log_probability == pytest.approx(math.log(0.9), abs=1e-4) for each in found)


def test_probabilities_follow_the_outcomes_they_were_fitted_to() -> None:
    generator = np.random.default_rng(1)
    sure = generator.uniform(0.3, 0.999, 4000)
    true = 1 / (1 + np.exp(-(0.7 * np.log(sure / (1 - sure)) - 0.5)))  # the model is surer than it should be
    right = generator.uniform(size=4000) < true
    fitted = fit_calibration([math.log(value) for value in sure], [bool(value) for value in right])
    assert fitted.slope == pytest.approx(0.7, abs=0.1)
    assert fitted.offset == pytest.approx(-0.5, abs=0.1)
    assert probability(fitted, math.log(0.9)) == pytest.approx(1 / (1 + math.exp(-(0.7 * math.log(9) - 0.5))), abs=0.03)
    assert math.isfinite(fit_calibration([math.log(0.9)] * 5, [True] * 5).slope)


def config() -> TaggerConfig:
    return TaggerConfig(
        name="t",
        encoder="e",
        encoder_sha256="0" * 64,
        labels=tuple(BIO),
        rank=1,
        scale=2.0,
        calibration={"person": Calibration(1.5, -0.5)},
    )


def test_a_tagger_comes_back_as_it_was_written(tmp_path: Path) -> None:
    tensors: dict[str, NDArray[np.generic]] = {"head": np.arange(6, dtype=np.float16).reshape(2, 3)}
    written = write_tagger(tmp_path, config(), tensors)
    read, numbers = read_tagger(tmp_path)
    assert read == written
    assert read.version == f"t-{written.weights_sha256[:8]}"
    assert np.array_equal(numbers["head"], tensors["head"])


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    write_tagger(tmp_path, config(), {"head": np.zeros(3, dtype=np.float16)})
    data = bytearray((tmp_path / WEIGHTS_FILE).read_bytes())
    data[-1] ^= 1
    (tmp_path / WEIGHTS_FILE).write_bytes(bytes(data))
    with pytest.raises(TaggerError, match="hash differs"):
        read_tagger(tmp_path)
    (tmp_path / WEIGHTS_FILE).unlink()
    with pytest.raises(TaggerError, match="cannot be read"):
        read_tagger(tmp_path)
    (tmp_path / CONFIG_FILE).write_text("{}")
    with pytest.raises(TaggerError, match="settings cannot be read"):
        read_tagger(tmp_path)


def test_a_tagger_that_is_too_large_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(TaggerError, match="lower the rank"):
        write_tagger(tmp_path, config(), {"head": np.zeros(LARGEST_BYTES, dtype=np.int8)})
    assert not (tmp_path / WEIGHTS_FILE).exists()


def test_a_bias_against_outside_finds_more() -> None:
    unsure = np.log(np.array([[0.6, 0.4, 1e-9, 1e-9, 1e-9]], dtype=np.float32))
    assert LabelScheme(BIO).mentions(unsure) == []
    (found,) = LabelScheme(BIO, outside_bias=0.5).mentions(unsure)
    assert found[:3] == ("person", 0, 1)
    assert found.log_probability == pytest.approx(math.log(0.4), abs=1e-4)  # the bias decides and does not count
