"""Training a ranker: out of fold for probabilities and figures, then once on everything."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from apps.extraction.engine.fields.ranking.ranker import Ranker, Settings, feature_hashes
from apps.extraction.engine.fields.ranking.schemas import FIELDS, Schema
from apps.extraction.engine.fields.ranking.signs import CHECKS
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


@dataclass(frozen=True)
class Prepared:
    """Candidates of labelled documents, of the same with words that people wrote down, and of generated ones.

    `made` are learned from; `tried` and `misread` are others that only probabilities are fitted to, and of the latter,
    where digits are wrong, only values that a check judges: labelled documents have few that fail.
    """

    schema: Schema
    labelled: list[Example]
    golden: list[Example]
    made: list[Example]
    tried: list[Example]
    misread: list[Example]
    folds: dict[str, int]


def prepare(
    documents: Sequence[TrueDocument], gold: Sequence[TrueDocument], schema: Schema, *, count: int, seed: int
) -> Prepared:
    """Work out all candidates once; raises TrainingError where nothing could be measured."""
    labelled = [example_of(document) for document in documents if document.schema == schema]
    if len({example.document.group for example in labelled}) < 2:
        raise TrainingError(f"{schema}: documents of at least two groups are needed, one to learn, one to measure")
    return Prepared(
        schema=schema,
        labelled=labelled,
        golden=[example_of(document) for document in gold if document.schema == schema],
        made=[example_of(document) for document in generated(schema, count, seed=seed)],
        tried=[example_of(document) for document in generated(schema, count // 2, seed=seed + 1)],
        misread=[example_of(document) for document in generated(schema, count // 2, seed=seed + 2, is_misread=True)],
        folds=folds_of(labelled),
    )


def train(prepared: Prepared, name: str, say: Say, *, left_out: frozenset[str] = frozenset()) -> Trained:
    """Train on labelled and generated documents; sources left out are measured on and not learned from."""
    schema = prepared.schema
    judged, on_gold, on_made = _out_of_fold(prepared, left_out, say)
    plain = grow(prepared.made, schema)
    only_made = [each for example in prepared.labelled for each in judge(example, plain, 0)]
    shares, gold_shares = cross_calibrated(judged, on_made, on_gold)
    least = least_probability(judged, shares)
    with_gold_words = f"{len(on_gold)} of the same with words that people wrote down, " if on_gold else ""
    fitted_on = (
        f"{len(judged)} values of {len(prepared.labelled)} labelled documents, by unseen group, "
        f"{with_gold_words}and {len(on_made)} of {len(prepared.tried) + len(prepared.misread)} generated ones"
    )
    calibration = calibrate(judged, on_made, fitted_on, again=on_gold)
    figures = {
        "by_unseen_group": report(judged, shares, least),
        "trained_on_generated_only": report(only_made, probabilities(only_made, calibration), least),
        "folds": FOLDS,
        "generated": len(prepared.made),
        "least": least,
    }
    if on_gold:
        figures["with_gold_words"] = report(on_gold, gold_shares, least)
    settings = Settings(
        schema=schema,
        name=name,
        features=feature_hashes(schema),
        calibration=calibration,
        least=least,
        uncalibrated=sorted(set(FIELDS[schema]) - {each.key for each in judged}),
    )
    forests = grow([*prepared.made, *_learned_from(prepared, left_out)], schema)
    return Trained(Ranker(settings, forests), figures)


def figures_without(prepared: Prepared, left_out: frozenset[str], say: Say) -> dict[str, Any]:
    """Return the figures by unseen group of a training that learns nothing from some sources."""
    judged, on_gold, on_made = _out_of_fold(prepared, left_out, say)
    shares, _ = cross_calibrated(judged, on_made, on_gold)
    return report(judged, shares, least_probability(judged, shares))


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
    prepared: Prepared, left_out: frozenset[str], say: Say
) -> tuple[list[Judged], list[Judged], list[Judged]]:
    """Return choices by trees that had not seen the document: labelled ones, those with gold words, generated ones."""
    judged: list[Judged] = []
    on_gold: list[Judged] = []
    on_made: list[Judged] = []
    folds = prepared.folds
    count = len(set(folds.values()))
    for fold in sorted(set(folds.values())):
        say(f"{prepared.schema}: fold {fold + 1} of {count}")
        learned = _learned_from(prepared, left_out)
        seen = [example for example in learned if folds[example.document.group] != fold]
        forests: dict[str, Forest] = grow([*prepared.made, *seen], prepared.schema)
        for examples, found in ((prepared.labelled, judged), (prepared.golden, on_gold)):
            unseen = [example for example in examples if folds.get(example.document.group) == fold]
            found.extend(each for example in unseen for each in judge(example, forests, fold))
        on_made += [each for example in prepared.tried[fold::count] for each in judge(example, forests, fold)]
        spoiled = (each for example in prepared.misread[fold::count] for each in judge(example, forests, fold))
        on_made += [each for each in spoiled if any(each.signs[name] for name in CHECKS)]
    return judged, on_gold, on_made


def _learned_from(prepared: Prepared, left_out: frozenset[str]) -> list[Example]:
    return [example for example in prepared.labelled if example.document.source not in left_out]
