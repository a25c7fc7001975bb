"""Training a ranker: out of fold for probabilities and figures, then once on everything."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from apps.extraction.engine.fields.ranking.ranker import Ranker, Settings, feature_hashes
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema
from apps.extraction.engine.fields.ranking.training.calibrating import calibrate, cross_calibrated, least_probability
from apps.extraction.engine.fields.ranking.training.examples import Example, TrueDocument, example_of, generated
from apps.extraction.engine.fields.ranking.training.growing import grow
from apps.extraction.engine.fields.ranking.training.judging import Judged, judge, probabilities, report
from apps.extraction.engine.fields.ranking.trees import Forest

FOLDS: Final = 5
GENERATED: Final = 600
Say = Callable[[str], None]


class TrainingError(ValueError):
    """The documents do not suffice; the message says why."""


@dataclass(frozen=True)
class Trained:
    """A ranker with its figures."""

    ranker: Ranker
    figures: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a ranker is trained on. `left_out` sources are measured on and not learned from."""

    schema: Schema
    name: str
    count: int = GENERATED
    seed: int = 7
    left_out: frozenset[str] = frozenset()


def train(documents: Sequence[TrueDocument], gold: Sequence[TrueDocument], plan: Plan, say: Say) -> Trained:
    """Train on documents and generated ones; `gold` are the same documents with words that people wrote down."""
    mine = [example_of(document) for document in documents if document.schema == plan.schema]
    groups = {example.document.group for example in mine}
    if len(groups) < 2:
        raise TrainingError(f"{plan.schema}: documents of at least two groups are needed, one to learn, one to measure")
    say(f"{plan.schema}: {len(mine)} documents of {len(groups)} groups, {plan.count} generated ones")
    made = [example_of(document) for document in generated(plan.schema, plan.count, seed=plan.seed)]
    golden = [example_of(document) for document in gold if document.schema == plan.schema]
    folds = folds_of(mine)
    judged, on_gold = _out_of_fold(mine, golden, made, folds, plan, say)
    only_made = [each for example in mine for each in judge(example, grow(made, plan.schema), 0)]
    shares = cross_calibrated(judged)
    least = least_probability(judged, shares)
    calibration = calibrate(judged, f"{len(judged)} values of {len(mine)} labelled documents, by unseen group")
    figures = {
        "by_unseen_group": report(judged, shares, least),
        "trained_on_generated_only": report(only_made, probabilities(only_made, calibration), least),
        "folds": FOLDS,
        "generated": plan.count,
        "least": least,
    }
    if on_gold:
        figures["with_gold_words"] = report(on_gold, probabilities(on_gold, calibration), least)
    forests = grow([*made, *_learned_from(mine, plan)], plan.schema)
    calibrated = {each.key for each in judged}
    settings = Settings(
        schema=plan.schema,
        name=plan.name,
        features=feature_hashes(plan.schema),
        calibration=calibration,
        least=least,
        uncalibrated=sorted(set(FIELDS[plan.schema]) - calibrated),
    )
    return Trained(Ranker(settings, forests), figures)


def folds_of(examples: Sequence[Example]) -> dict[str, int]:
    """Put every group as a whole into a fold, the largest first, each into the fold with the fewest documents."""
    sizes = Counter(example.document.group for example in examples)
    load = [0] * min(FOLDS, len(sizes))
    folds = {}
    for group in sorted(sizes, key=lambda group: (-sizes[group], group)):
        folds[group] = load.index(min(load))
        load[folds[group]] += sizes[group]
    return folds


def _out_of_fold(
    mine: Sequence[Example],
    golden: Sequence[Example],
    made: Sequence[Example],
    folds: dict[str, int],
    plan: Plan,
    say: Say,
) -> tuple[list[Judged], list[Judged]]:
    judged: list[Judged] = []
    on_gold: list[Judged] = []
    for fold in sorted(set(folds.values())):
        seen = [example for example in _learned_from(mine, plan) if folds[example.document.group] != fold]
        forests: dict[str, Forest] = grow([*made, *seen], plan.schema)
        say(f"{plan.schema}: fold {fold + 1} of {len(set(folds.values()))}")
        for examples, found in ((mine, judged), (golden, on_gold)):
            unseen = [example for example in examples if folds.get(example.document.group) == fold]
            found.extend(each for example in unseen for each in judge(example, forests, fold))
    return judged, on_gold


def _learned_from(mine: Sequence[Example], plan: Plan) -> list[Example]:
    return [example for example in mine if example.document.source not in plan.left_out]
