"""Makes a tagger of corpora: learns, scores the held-out text, fits the probabilities, writes files and card."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from apps.classification.engine.tagging.artifact import TaggerConfig, read_tagger, write_tagger
from apps.classification.engine.tagging.labels import LabelScheme
from apps.classification.engine.tagging.training.card import build_card, write_card
from apps.classification.engine.tagging.training.corpus import IGNORED, Corpus, CorpusError
from apps.classification.engine.tagging.training.packing import Passage, drawn_passages, plain_passages
from apps.classification.engine.tagging.training.scoring import (
    Guess,
    Score,
    calibration_figures,
    calibrations,
    letters,
    score,
)
from apps.classification.engine.tagging.training.split import split
from apps.classification.engine.tagging.training.variation import Names
from apps.classification.runtime.encoder import stay_offline
from apps.classification.runtime.model_files import DEFAULT_ENCODER, find_model
from apps.classification.runtime.training.loop import TaggerTraining, TrainingOptions
from apps.classification.runtime.training.network import SCALE


def train_tagger(
    corpora: Sequence[Corpus],
    out: Path,
    *,
    trained_on: date,
    options: TrainingOptions,
    encoder: str = DEFAULT_ENCODER,
    start: Path | None = None,
    report: Callable[[str], None],
) -> dict[str, Any]:
    """Train a tagger, write it into `out` and return its card's data; `report` is told of the progress.

    `start` is the folder of a tagger to begin with. Raises `CorpusError` where there is nothing to learn,
    `ModelFilesError` where the encoder is missing, and `TaggerError` where the tagger would be too large, or cannot
    begin with the one of `start`.
    """
    stay_offline()
    learned, held_out = split(corpora)
    names = Names.of(learned)
    if not names.by_kind:
        raise CorpusError("The corpora hold no mentions")
    files = find_model(encoder)
    begun, tensors = read_tagger(start) if start is not None else (None, None)
    training = TaggerTraining(files, sorted(_kinds(corpora)), options, tensors)
    config = TaggerConfig(
        name=f"entities-{trained_on:%Y.%m.%d}",
        encoder=files.name,
        encoder_sha256=files.sha256,
        labels=tuple(training.labels),
        rank=options.rank,
        scale=SCALE,
    )
    training.fit(
        lambda chance: drawn_passages(learned, names, chance),
        # A training that is stopped was not in vain: what there is, without probabilities.
        after_epoch=lambda: _written(out, config, training),
        report=report,
    )
    scores, guesses = _evaluated(training, plain_passages(held_out))
    config = _written(out, replace(config, calibration=calibrations(guesses)), training)
    figures = calibration_figures(guesses)
    chosen = asdict(options) | ({"start": begun.version} if begun is not None else {})
    card = build_card(config, learned, scores, calibration=figures, options=chosen, trained_on=trained_on)
    write_card(out, card)
    return card


def _written(out: Path, config: TaggerConfig, training: TaggerTraining) -> TaggerConfig:
    return write_tagger(out, config, training.tensors())


def _kinds(corpora: Sequence[Corpus]) -> set[str]:
    return {
        span.kind
        for corpus in corpora
        for sentence in corpus.sentences
        for span in sentence.spans
        if span.kind != IGNORED
    }


def _evaluated(
    training: TaggerTraining, passages: Sequence[Passage]
) -> tuple[dict[str, dict[str, Score]], list[Guess]]:
    """Return the scores by corpus and kind, and every mention found with whether it stands in the truth.

    The guesses are dealt out passage by passage, so that both halves of their list hold every corpus.
    """
    scores: dict[str, dict[str, Score]] = {}
    halves: tuple[list[Guess], list[Guess]] = ([], [])
    for number, (passage, tagged) in enumerate(zip(passages, training.tagged(passages), strict=True)):
        truth = _truth(passage)
        found = [(each.kind, text) for each, text in tagged]
        of_corpus = scores.setdefault(passage.source, {})
        for kind in ("all", *sorted({kind for kind, _ in (*truth, *found)})):
            only = {kind} if kind != "all" else {kind for kind, _ in (*truth, *found)}
            part = score([each for each in truth if each[0] in only], [each for each in found if each[0] in only])
            of_corpus[kind] = of_corpus.get(kind, Score(0, 0, 0)) + part
        left = [(kind, letters(text)) for kind, text in truth]
        for each, text in tagged:
            key = (each.kind, letters(text))
            halves[number % 2].append(Guess(each.kind, key in left, each.log_probability))
            if key in left:
                left.remove(key)
    return scores, [*halves[0], *halves[1]]


def _truth(passage: Passage) -> list[tuple[str, str]]:
    """Return the mentions of a passage in our words for their kinds."""
    scheme = LabelScheme([f"B-{span.kind}" for span in passage.spans])
    return [
        (kind, passage.text[span.start : span.end])
        for kind, span in zip(scheme.kinds, passage.spans, strict=True)
        if span.kind != IGNORED
    ]
