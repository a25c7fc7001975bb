"""Makes a tagger of corpora: learns, scores the held-out text, fits the probabilities, writes files and card."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from apps.classification.engine.tagging.artifact import (
    CARD_FILE,
    TaggerConfig,
    TaggerError,
    read_tagger,
    read_tagger_config,
    write_tagger,
)
from apps.classification.engine.tagging.labels import LabelScheme
from apps.classification.engine.tagging.training.card import build_card, write_card
from apps.classification.engine.tagging.training.corpus import IGNORED, Corpus, CorpusError
from apps.classification.engine.tagging.training.evaluation import ScoredPassage, best_bias, evaluated
from apps.classification.engine.tagging.training.packing import LONG_LENGTHS, Passage, drawn_passages, plain_passages
from apps.classification.engine.tagging.training.scoring import Score, calibration_figures, calibrations
from apps.classification.engine.tagging.training.split import split
from apps.classification.engine.tagging.training.variation import Names
from apps.classification.runtime.device import chosen
from apps.classification.runtime.encoder import Encoder, batches_by_length, stay_offline
from apps.classification.runtime.entity_models import OwnTagger
from apps.classification.runtime.model_files import DEFAULT_ENCODER, ModelFiles, find_model
from apps.classification.runtime.training.gate import fit_gate
from apps.classification.runtime.training.loop import TaggerTraining, TrainingOptions
from apps.classification.runtime.training.network import SCALE, at_layers


def train_tagger(
    corpora: Sequence[Corpus],
    out: Path,
    *,
    trained_on: date,
    options: TrainingOptions,
    encoder: str = DEFAULT_ENCODER,
    start: Path | None = None,
    teacher: Path | None = None,
    report: Callable[[str], None],
) -> dict[str, Any]:
    """Train a tagger, write it into `out` and return its card's data; `report` is told of the progress.

    `start` is the folder of a tagger to begin with, `teacher` that of one to learn from as well. Raises `CorpusError`
    where there is nothing to learn, `ModelFilesError` where the encoder is missing, `TaggerError` where the tagger is
    too large or `start` does not fit.
    """
    stay_offline()
    learned, held_out = split(corpora)
    names = Names.of(learned)
    if not names.by_kind:
        raise CorpusError("The corpora hold no mentions")
    files = find_model(encoder)
    answers = OwnTagger(teacher, chosen("cpu")) if teacher else None
    training = TaggerTraining(files, sorted(_kinds(corpora)), options, _begun(start, options), answers)
    config = _settings(files, training.labels, options, trained_on)
    training.fit(
        lambda chance: drawn_passages(learned, names, chance, **_packing(options.trunk)),
        # A training that is stopped was not in vain: what there is, without probabilities.
        after_epoch=lambda: _written(out, config, training),
        report=report,
    )
    _written(out, config, training)
    trainings = [*_trainings_before(start), asdict(options)]
    # In the number format of this machine's CPU.
    as_it_runs = partial(OwnTagger, out, chosen("cpu"), Encoder.load(encoder, device="cpu"))
    plain = plain_passages(held_out, **_packing(options.trunk))
    bias = best_bias(training.labels, _scored(as_it_runs(), plain))
    config = _written(out, replace(config, outside_bias=bias), training)
    passed = None
    if training.gate is not None:
        drawn = drawn_passages(learned, names, random.Random(options.seed), **_packing(options.trunk))  # noqa: S311
        passed = fit_gate(training.gate, as_it_runs(), _texts(drawn), _texts(plain), bias)
        config = _written(out, config, training)
    config, scores, figures = _calibrated(out, config, training, _scored(as_it_runs(), plain))
    card = build_card(
        config, learned, scores, calibration=figures, passed=passed, trainings=trainings, trained_on=trained_on
    )
    write_card(out, card)
    return card


def _settings(files: ModelFiles, labels: Sequence[str], options: TrainingOptions, trained_on: date) -> TaggerConfig:
    return TaggerConfig(
        name=f"entities-{trained_on:%Y.%m.%d}",
        encoder=files.name,
        encoder_sha256=files.sha256,
        labels=tuple(labels),
        rank=options.rank,
        scale=SCALE,
        layers=options.layers,
        trunk=options.trunk,
    )


def _calibrated(
    out: Path, config: TaggerConfig, training: TaggerTraining, scored: Sequence[ScoredPassage]
) -> tuple[TaggerConfig, dict[str, dict[str, Score]], Mapping[str, float | None]]:
    """Fit the probabilities on held-out text and write them; return settings, scores and how good the fit is."""
    scores, guesses = evaluated(LabelScheme(training.labels, config.outside_bias), scored)
    config = _written(out, replace(config, calibration=calibrations(guesses)), training)
    return config, scores, calibration_figures(guesses)


def _texts(passages: Sequence[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def _packing(trunk: int) -> dict[str, Sequence[int]]:
    """Return how long passages are where it is not as usual."""
    return {"lengths": LONG_LENGTHS} if trunk else {}


def _begun(start: Path | None, options: TrainingOptions) -> dict[str, NDArray[np.generic]] | None:
    """Return the tensors to begin with, of the layers that are kept."""
    if options.trunk and options.layers[: options.trunk] not in {(), tuple(range(options.trunk))}:
        raise TaggerError("A trunk is made of the encoder's first layers, without a gap")
    if start is None:
        return None
    config, tensors = read_tagger(start)
    if (options.layers or config.layers, options.trunk) == (config.layers, config.trunk):
        return tensors
    if config.trunk:
        raise TaggerError(f"The tagger in {start} has a trunk of its own; only one without can lend its layers")
    places = [config.layers.index(place) if config.layers else place for place in options.layers]
    return at_layers(tensors, places, options.trunk)


def _written(out: Path, config: TaggerConfig, training: TaggerTraining) -> TaggerConfig:
    return write_tagger(out, config, training.tensors())


def _scored(tagger: OwnTagger, passages: Sequence[Passage]) -> list[ScoredPassage]:
    """Return the passages with the scores of their words."""
    rows = tagger.tokenised([passage.text for passage in passages])
    scores: dict[int, NDArray[np.float32]] = {}
    for batch in batches_by_length([len(row.ids) for row in rows]):
        scores.update(zip(batch, tagger.scores([rows[index] for index in batch]), strict=True))
    return [
        ScoredPassage(passage, row.words, scores[index])
        for index, (passage, row) in enumerate(zip(passages, rows, strict=True))
    ]


def _trainings_before(start: Path | None) -> list[dict[str, Any]]:
    """Return what the card of the tagger to begin with says; one that was stopped has none, only a version."""
    if start is None:
        return []
    if (start / CARD_FILE).is_file():
        trainings: list[dict[str, Any]] = msgspec.json.decode((start / CARD_FILE).read_bytes())["trainings"]
        return trainings
    return [{"stopped": read_tagger_config(start).version}]


def _kinds(corpora: Sequence[Corpus]) -> set[str]:
    return {
        span.kind
        for corpus in corpora
        for sentence in corpus.sentences
        for span in sentence.spans
        if span.kind != IGNORED
    }
