"""How good choices are: what was found, missed and wrong, and how far probabilities can be believed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from apps.extraction.engine.fields.ranking.choosing import choose
from apps.extraction.engine.fields.ranking.ranker import Calibration
from apps.extraction.engine.fields.ranking.schemas import FIELDS
from apps.extraction.engine.fields.ranking.signs import SIGNS, signs_of
from apps.extraction.engine.fields.ranking.training.examples import Example, is_same
from apps.extraction.engine.fields.ranking.trees import Forest

Floats = npt.NDArray[np.float64]
_NOTHING = {**dict.fromkeys(SIGNS, 0.0), "score": -12.0}  # the signs of a field without candidates


@dataclass(frozen=True)
class Judged:
    """The best candidate of one field of one document, by trees that had not seen its group."""

    document: str
    source: str
    group: str
    fold: int
    key: str
    signs: Mapping[str, float]  # what speaks for it; see `signs.py`
    is_right: bool
    is_there: bool  # the document says something of the field, as its label tells


def judge(example: Example, forests: dict[str, Forest], fold: int) -> list[Judged]:
    """Return what the trees choose for every field of which a document's truth is known."""
    document = example.document
    kinds = FIELDS[document.schema]
    scores = {
        key: forest.scores(example.ranked[kinds[key]].matrix)
        for key, forest in forests.items()
        if kinds[key] in example.ranked and example.ranked[kinds[key]].candidates
    }
    choices = choose(document.schema, example.ranked, scores)
    signs = signs_of(choices, kinds, example.ranked)
    found = []
    for key, kind in kinds.items():
        if not example.is_known(key) or key not in forests:
            continue
        truth = document.truth.get(key, "")
        choice = choices.get(key)
        right = choice is not None and bool(truth) and is_same(kind, choice.candidate.value, truth)
        found.append(
            Judged(
                document=document.name,
                source=document.source,
                group=document.group,
                fold=fold,
                key=key,
                signs=signs.get(key, _NOTHING),
                is_right=right,
                is_there=bool(truth),
            )
        )
    return found


def probabilities(judged: Sequence[Judged], calibration: Calibration) -> Floats:
    """Return the probability of every choice."""
    return np.array([calibration.probability(each.key, each.signs) for each in judged])


def f1(judged: Iterable[tuple[Judged, bool]]) -> dict[str, float]:
    """Return precision, recall and F1 of choices, each with whether it was given as an answer."""
    right = given = there = 0
    for each, is_given in judged:
        right += each.is_right and is_given
        given += is_given
        there += each.is_there
    precision, recall = right / max(1, given), right / max(1, there)
    both = precision + recall
    return {
        "f1": round(2 * precision * recall / both, 4) if both else 0.0,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "values": there,
    }


def report(judged: Sequence[Judged], shares: Floats, least: float) -> dict[str, Any]:
    """Return F1 by source and field, and how well the probabilities of the answers are calibrated."""
    given = shares >= least
    pairs = list(zip(judged, given.tolist(), strict=True))
    by_source: dict[str, dict[str, Any]] = {}
    for source in sorted({each.source for each in judged}):
        own = [pair for pair in pairs if pair[0].source == source]
        by_key = defaultdict(list)
        for pair in own:
            by_key[pair[0].key].append(pair)
        documents = {each.document for each, _ in own}
        groups = {each.group for each, _ in own}
        by_source[source] = {
            "documents": len(documents),
            "groups": len(groups),
            **f1(own),
            "by_field": {key: f1(rows) for key, rows in sorted(by_key.items())},
        }
    right = np.array([each.is_right for each in judged])[given]
    return {"by_source": by_source, "answers": int(given.sum()), **trust(shares[given], right)}


def trust(shares: Floats, right: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Return calibration error over ten bins of equal width, AUROC, and the share answered at 98 % precision."""
    if not len(shares):
        return {}
    bins = np.minimum((shares * 10).astype(int), 9)
    gaps = [
        abs(float(shares[bins == number].mean() - right[bins == number].mean())) * int((bins == number).sum())
        for number in np.unique(bins)
    ]
    order = np.argsort(-shares, kind="stable")
    precise = np.cumsum(right[order]) / np.arange(1, len(right) + 1)
    enough = np.nonzero(precise >= 0.98)[0]
    return {
        "calibration_error": round(sum(gaps) / len(shares), 4),
        "auroc": round(_auroc(shares, right), 4),
        "coverage_at_98_percent": round(float(enough[-1] + 1) / len(right), 4) if len(enough) else 0.0,
    }


def _auroc(shares: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the probability that a right answer has a higher share than a wrong one; ties count half."""
    good, bad = shares[right], shares[~right]
    if not len(good) or not len(bad):
        return 1.0
    above = (good[:, None] > bad[None, :]).sum() + 0.5 * (good[:, None] == bad[None, :]).sum()
    return float(above) / (len(good) * len(bad))
