"""A version's figures in the order and words in which people read them."""

from dataclasses import dataclass
from typing import Any, Final

from apps.classification.models import ModelVersion
from apps.web.dashboard.charts import Chart, Series
from apps.web.documents.types import type_title

# Key of a card: words, and whether less is better.
FIGURES: Final[dict[str, tuple[str, bool]]] = {
    "macro_f1": ("Macro-F1", False),
    "accuracy": ("Accuracy", False),
    "accuracy_of_base": ("Accuracy of the shipped model on the same documents", False),
    "calibration_error": ("Calibration error", True),
    "confidence_auroc": ("AUROC of the probability", False),
    "coverage_at_95_precision": ("Accepted at 95 % precision", False),
    "coverage_at_98_precision": ("Accepted at 98 % precision", False),
    "coverage_at_99_precision": ("Accepted at 99 % precision", False),
}


@dataclass(frozen=True)
class Figure:
    """One figure of one or two versions; None where it was not measured."""

    name: str
    value: float | None
    other: float | None = None
    better: str = ""


@dataclass(frozen=True)
class Confusion:
    """A type's documents, and as what those were typed that were not typed so."""

    title: str
    count: int
    others: tuple[tuple[str, int], ...]


def figures_of(version: ModelVersion, other: ModelVersion | None = None) -> list[Figure]:
    """Return a version's figures that were measured, beside another's."""
    found = []
    for key, (name, is_less_better) in FIGURES.items():
        value, second = version.metrics.get(key), other.metrics.get(key) if other else None
        if value is None and second is None:
            continue
        better = ""
        if value is not None and second is not None and value != second:
            better = "first" if (value < second) == is_less_better else "second"
        found.append(Figure(name, value, second, better))
    return found


def labels_of(version: ModelVersion) -> list[dict[str, Any]]:
    """Return precision, recall and F1 of each type, worst first."""
    labels = version.metrics.get("labels", {})
    rows = [{"slug": slug, **{key: score[key] for key in score}} for slug, score in labels.items()]
    return sorted(rows, key=lambda row: (row["f1"], row["slug"]))


def confusions_of(version: ModelVersion) -> list[Confusion]:
    """Return the rows of the confusion matrix that have more than the diagonal, most mistakes first."""
    matrix = version.metrics.get("confusion") or {"labels": [], "counts": []}
    rows = []
    for place, (label, counts) in enumerate(zip(matrix["labels"], matrix["counts"], strict=True)):
        others = [
            (type_title(matrix["labels"][column]), count)
            for column, count in enumerate(counts)
            if count and column != place
        ]
        if others:
            rows.append(Confusion(type_title(label), sum(counts), tuple(sorted(others, key=lambda item: -item[1]))))
    return sorted(rows, key=lambda row: -sum(count for _, count in row.others))


def reliability_of(version: ModelVersion) -> Chart | None:
    """Return the reliability diagram: what was promised and what was right, in per cent; None without outcomes."""
    bins = version.metrics.get("reliability") or []
    if not bins:
        return None
    promised = [round(100 * each["confidence"]) for each in bins]
    right = [round(100 * each["accuracy"]) for each in bins]
    told = ", ".join(f"{one} % promised, {two} % right" for one, two in zip(promised, right, strict=True))
    return Chart(
        id="reliability",
        kind="bars",
        summary=f"Of documents held out: {told}.",
        axis="Probability",
        labels=[f"{round(100 * each['low'])} to {round(100 * each['high'])} % ({each['documents']})" for each in bins],
        series=[Series("Promised, %", promised, "--di-chart-2"), Series("Right, %", right, "--di-chart-1")],
    )


def learning_of(version: ModelVersion) -> Chart | None:
    """Return how good it became with more confirmed documents, in per cent; None where it was not measured."""
    points = version.metrics.get("learning_curve") or []
    if not points:
        return None
    means, lowest, highest = ([round(100 * each[name]) for each in points] for name in ("mean", "low", "high"))
    told = ", ".join(f"{each['documents']} documents {mean} %" for each, mean in zip(points, means, strict=True))
    return Chart(
        id="learning",
        kind="bars",
        summary=f"Macro-F1 of fits to a part of the confirmed documents: {told}.",
        axis="Confirmed documents",
        labels=[str(each["documents"]) for each in points],
        series=[
            Series("Macro-F1, %", means, "--di-chart-1"),
            Series("Lowest draw", lowest, "--di-chart-2"),
            Series("Highest draw", highest, "--di-chart-3"),
        ],
    )
