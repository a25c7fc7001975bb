"""What `bench_own_types` does; needs Django to be set up.

A head is fitted to two thirds of the other types' documents, with the settings of the shipped one. Of the last third at
most three of each type are confirmed and the rest scored; of the type itself, what comes after its first twenty. No
document is scored of whose group, or of which a near-duplicate, the head or a person has said anything.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from apps.classification.engine.artifact import HeadLabel, read_config
from apps.classification.engine.correction import WorkspaceHead
from apps.classification.engine.features import DocumentFeatures, FeatureMatrix
from apps.classification.engine.head import TypeHead
from apps.classification.engine.labels import TYPE_LABELS
from apps.classification.engine.sentences import names_of
from apps.classification.engine.training.dataset import find_documents
from apps.classification.engine.training.examples import WORD_BUCKETS, Example, group_numbers
from apps.classification.engine.training.refit import Confirmed, refit
from apps.classification.engine.training.trainer import DescribedLabel, fit_head
from apps.classification.heads import DOCUMENT_TYPE
from apps.classification.runtime.encoder import Encoder
from apps.pipeline.labelled_texts import read_all
from apps.pipeline.management.commands.train_types import described, encoded_examples

_SHOTS = (0, 1, 5, 20)
_FEWEST_SCORED, _OF_EACH_OTHER = 5, 3


def main() -> None:
    """Read, encode, and print for each type the share found and the accuracy on the others, by confirmed documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    files = find_documents(given.data)
    texts = read_all(files, jobs=2, cache=given.cache)
    encoder = Encoder.load(settings.ENCODER, threads=2, device=settings.DEVICE)
    examples, _ = encoded_examples(encoder, files, texts)
    labels = [described(encoder, label) for label in TYPE_LABELS]
    print("type (most confirmed), then with 0, 1, 5 and 20 of them: share of it found / others typed right")
    with threadpool_limits(limits=1):
        groups = group_numbers(examples)
        order = np.random.default_rng(0).permutation(len(examples)).tolist()
        rows = [row for own in labels for row in _measured(own, labels, examples, groups, order)]
    _print("mean", np.mean(rows, axis=0))


def _measured(
    own: DescribedLabel,
    labels: Sequence[DescribedLabel],
    examples: Sequence[Example],
    groups: NDArray[np.int64],
    order: Sequence[int],
) -> Iterator[NDArray[np.float64]]:
    """Yield what is printed of one type, shape (shots, 2); nothing of a type with too few documents."""
    slug = own.label.slug
    of_type = [number for number in order if examples[number].label == slug]
    others = [number for number in order if examples[number].label != slug]
    taught = of_type[: _most(len(of_type))]
    cut = len(others) * 2 // 3
    head = _knowing(own, [label for label in labels if label is not own], [examples[number] for number in others[:cut]])
    confirmed, scored = _parted(_apart(others[cut:], others[:cut], groups), examples)
    confirmed_groups = [*taught, *confirmed]
    scored = _apart(scored, confirmed_groups, groups)
    rest = _apart(of_type[len(taught) :], confirmed_groups, groups)
    if len(rest) < _FEWEST_SCORED:
        return
    found = np.array(
        [
            _shares(
                head, *([examples[number] for number in part] for part in ([*confirmed, *taught[:shots]], rest, scored))
            )
            for shots in _SHOTS
        ]
    )
    _print(f"{slug} ({len(taught)})", found)
    yield found


def _most(count: int) -> int:
    return max(1, min(_SHOTS[-1], count - 2 * _FEWEST_SCORED))


def _apart(numbers: Sequence[int], known: Sequence[int], groups: NDArray[np.int64]) -> list[int]:
    """Return the documents of which no other one of the group, nor a near-duplicate, is known."""
    met = set(groups[list(known)].tolist())
    return [number for number in numbers if int(groups[number]) not in met]


def _knowing(own: DescribedLabel, labels: Sequence[DescribedLabel], examples: Sequence[Example]) -> TypeHead:
    """Return a head that learned the other types and was told of this one."""
    head = fit_head(examples, labels, read_config(DOCUMENT_TYPE))
    names = names_of(own.label.title, own.label.sentence)
    return head.with_labels([HeadLabel(own.label.slug, names, learned=False, by_sentence=True)], own.sentence[None])


def _parted(numbers: Sequence[int], examples: Sequence[Example]) -> tuple[list[int], list[int]]:
    """Return the first few documents of each type, and the rest."""
    confirmed: list[int] = []
    rest: list[int] = []
    for number in numbers:
        label = examples[number].label
        are_enough = sum(examples[each].label == label for each in confirmed) >= _OF_EACH_OTHER
        (rest if are_enough else confirmed).append(number)
    return confirmed, rest


def _shares(
    head: TypeHead, confirmed: Sequence[Example], of_type: Sequence[Example], others: Sequence[Example]
) -> tuple[float, float]:
    """Return the share typed right of the type and of the others; nothing is learned before one of the type is."""
    has_examples = confirmed[-1].label == of_type[0].label
    knows = WorkspaceHead(head, refit(_as_confirmed(head, confirmed), _frequencies(head)) if has_examples else None)
    own, rest = (
        float(np.mean([knows.predict(each.chunk_vectors, each.text).label == each.label for each in part]))
        for part in (of_type, others)
    )
    return own, rest


def _as_confirmed(head: TypeHead, examples: Sequence[Example]) -> Confirmed:
    seen = [DocumentFeatures.of(head, example.chunk_vectors, example.text) for example in examples]
    matrix = FeatureMatrix.of(seen, buckets=WORD_BUCKETS)
    slugs = [label.slug for label in head.config.labels]
    return Confirmed(
        base=(matrix.scores.logits / head.config.temperature).astype(np.float32),
        vectors=matrix.vectors,
        words=matrix.words,
        labels=np.array([slugs.index(example.label) for example in examples]),
        groups=matrix.groups(_frequencies(head)),
    )


def _frequencies(head: TypeHead) -> NDArray[np.float64]:
    return head.weights.inverse_frequencies.astype(np.float64)


def _print(name: str, found: NDArray[np.float64]) -> None:
    print(f"{name:28}", "   ".join(f"{own:.3f} / {rest:.3f}" for own, rest in found), flush=True)
