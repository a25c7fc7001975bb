"""From labelled documents to a head and its figures."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from apps.classification.engine.artifact import HeadConfig, HeadLabel
from apps.classification.engine.evidence import EvidenceSource
from apps.classification.engine.head import HeadWeights, TypeHead
from apps.classification.engine.labels import TypeLabel
from apps.classification.engine.sentences import names_of
from apps.classification.engine.training.calibration import Calibration, HeldOutScores, calibrate
from apps.classification.engine.training.examples import (
    Example,
    ExampleMatrix,
    SentenceMatrix,
    build_matrix,
    sentence_matrix,
)
from apps.classification.engine.training.few import few_shot_curve
from apps.classification.engine.training.fit import LIKENESS_SHARE, FittedModel, fit
from apps.classification.engine.training.folds import single_source_labels
from apps.classification.engine.training.holdout import left_out_source_scores, left_out_types, out_of_fold_scores
from apps.classification.engine.training.report import evaluate, over_draws

_DRAWS_OF_FOLDS = 5


class TrainingError(RuntimeError):
    """The examples do not make a head; the message says why."""


@dataclass(frozen=True, slots=True)
class DescribedLabel:
    """A label with the encoder's vectors of its descriptions, shape (descriptions, D), and of its name and sentence."""

    label: TypeLabel
    vectors: NDArray[np.float32]
    sentence: NDArray[np.float32]  # (D,)


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A head, its settings and figures, and the matrix they came from."""

    head: TypeHead
    calibration: Calibration
    metrics: dict[str, Any]


def train(examples: Sequence[Example], labels: Sequence[DescribedLabel], *, name: str, encoder: str) -> TrainingResult:
    """Train on all examples and measure on held-out ones. Labels without examples are known by their description.

    Raises `TrainingError` for labels that are not described or for fewer than two labels with examples.
    """
    ordered = _learned_first(examples, labels)
    source = _evidence_source(ordered)
    # The matrices are small: BLAS threads only wait for each other (measured ten times slower with two).
    with threadpool_limits(limits=1):
        matrix = build_matrix(examples, source, [described.label.slug for described in ordered])
        scores = held_out_scores(matrix, _sentences(examples, matrix, ordered))
        calibration = calibrate(scores)
        model = fit(matrix)
        metrics = evaluate(scores, calibration, matrix.kinds)
        drawn_again = [out_of_fold_scores(matrix, seed=seed) for seed in range(1, _DRAWS_OF_FOLDS)]
        metrics["draws_of_folds"] = over_draws([scores.by_fold, *drawn_again], scores, calibration, matrix.kinds)
        metrics["few_examples"] = [
            {name: round(value, 4) for name, value in asdict(point).items()}
            for point in few_shot_curve(matrix, [example.text for example in examples])
        ]
    config = HeadConfig(
        name=name,
        encoder=encoder,
        labels=_head_labels(ordered, matrix),
        temperature=calibration.temperature,
        known_weights=calibration.known_weights,
        other_threshold=calibration.other_threshold,
        description_offset=calibration.description_offset,
        sentence_offset=calibration.sentence_offset,
        likeness_share=LIKENESS_SHARE,
    )
    return TrainingResult(TypeHead(config, _weights(model, source)), calibration, metrics)


def fit_head(examples: Sequence[Example], labels: Sequence[DescribedLabel], settled: HeadConfig) -> TypeHead:
    """Fit a head to the examples with settings that were found elsewhere; measures nothing."""
    ordered = _learned_first(examples, labels)
    source = _evidence_source(ordered)
    matrix = build_matrix(examples, source, [described.label.slug for described in ordered])
    return TypeHead(replace(settled, labels=_head_labels(ordered, matrix)), _weights(fit(matrix), source))


def held_out_scores(matrix: ExampleMatrix, sentences: SentenceMatrix) -> HeldOutScores:
    """Score every document, source and type by a model that did not see it."""
    return HeldOutScores(
        label_order=matrix.label_order,
        learned=len(matrix.learnable()),
        truth=matrix.labels,
        by_fold=out_of_fold_scores(matrix),
        by_source=left_out_source_scores(matrix),
        by_type=left_out_types(matrix, sentences),
    )


def calibration_card(calibration: Calibration) -> dict[str, Any]:
    """Return the settings and what they were fitted to."""
    return asdict(calibration) | {"fitted_to": "out-of-fold and left-out-source scores, half and half"}


def _learned_first(examples: Sequence[Example], labels: Sequence[DescribedLabel]) -> list[DescribedLabel]:
    present = {example.label for example in examples}
    unknown = present - {described.label.slug for described in labels}
    if unknown:
        raise TrainingError(f"These labels have no description: {', '.join(sorted(unknown))}")
    if len(present) < 2:
        raise TrainingError("Documents of at least two labels are needed")
    return sorted(labels, key=lambda described: (described.label.slug not in present, described.label.slug))


def _evidence_source(ordered: Sequence[DescribedLabel]) -> EvidenceSource:
    owners = [np.full(len(described.vectors), index) for index, described in enumerate(ordered)]
    return EvidenceSource(
        description_vectors=np.concatenate([described.vectors for described in ordered]),
        description_owners=np.concatenate(owners).astype(np.int64),
        names=[described.label.names for described in ordered],
    )


def _sentences(examples: Sequence[Example], matrix: ExampleMatrix, ordered: Sequence[DescribedLabel]) -> SentenceMatrix:
    return sentence_matrix(
        [example.text for example in examples],
        matrix.vectors,
        [names_of(described.label.title, described.label.sentence) for described in ordered],
        np.stack([described.sentence for described in ordered]),
    )


def _head_labels(ordered: Sequence[DescribedLabel], matrix: ExampleMatrix) -> tuple[HeadLabel, ...]:
    learned, single = set(matrix.learnable()), single_source_labels(matrix)
    return tuple(
        HeadLabel(label.slug, label.names, learned=label.slug in learned, single_source=label.slug in single)
        for label in (described.label for described in ordered)
    )


def _weights(model: FittedModel, source: EvidenceSource) -> HeadWeights:
    return HeadWeights(
        evidence=model.evidence.astype(np.float32),
        name_weights=model.name_weights,
        vectors=model.vectors.astype(np.float32),
        firsts=model.firsts.astype(np.float32),
        words=model.words.astype(np.float32),
        bias=model.bias.astype(np.float32),
        like_vectors=model.like_vectors.astype(np.float32),
        like_words=model.like_words.astype(np.float32),
        inverse_frequencies=model.inverse_frequencies.astype(np.float32),
        description_vectors=source.description_vectors.astype(np.float32),
        description_owners=source.description_owners,
    )
