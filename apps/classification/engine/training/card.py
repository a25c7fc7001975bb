"""The model card: what a head was trained on and how well it does, as data and as Markdown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from apps.classification.engine.artifact import CARD_FILE
from apps.classification.engine.training.dataset import dataset_hash
from apps.classification.engine.training.examples import Example
from apps.classification.engine.training.trainer import TrainingResult, calibration_card

CARD_MARKDOWN = "card.md"


@dataclass(frozen=True, slots=True)
class LicenceComparison:
    """The same training with and without the sources whose licence matches; `left_out` says which one was written."""

    patterns: Sequence[str]
    left_out: bool
    with_all: Mapping[str, Any]
    without: Mapping[str, Any]


def build_card(
    result: TrainingResult,
    examples: Sequence[Example],
    *,
    trained_on: date,
    skipped: Sequence[tuple[str, str]] = (),
    comparison: LicenceComparison | None = None,
) -> dict[str, Any]:
    """Return the card's data. `skipped` are (label, reason) of documents that could not be read."""
    sources = Counter((example.label, example.source, example.licence) for example in examples)
    config = result.head.config
    return {
        "name": config.name,
        "encoder": config.encoder,
        "trained_on": trained_on.isoformat(),
        "dataset": {
            "documents": len(examples),
            "sha256": dataset_hash([(example.sha256, example.label) for example in examples]),
            "skipped": [{"label": label, "reason": reason} for label, reason in skipped],
            "sources": [
                {"label": label, "source": source, "licence": licence, "documents": count}
                for (label, source, licence), count in sorted(sources.items())
            ],
        },
        "labels": {
            "learned": [label.slug for label in config.labels if label.learned],
            "single_source": [label.slug for label in config.labels if label.single_source],
            "by_description": [label.slug for label in config.labels if not label.learned],
        },
        "calibration": calibration_card(result.calibration),
        "metrics": result.metrics,
        "licences": _licence_card(comparison),
    }


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write `card.json` and `card.md` into the head's folder."""
    data = msgspec.json.format(msgspec.json.encode(card), indent=2)
    (folder / CARD_FILE).write_bytes(data + b"\n")
    (folder / CARD_MARKDOWN).write_text(as_markdown(card), encoding="utf-8")


def as_markdown(card: Mapping[str, Any]) -> str:
    """Return the card for people."""
    metrics = card["metrics"]
    parts = [_introduction(card), _scores(metrics), _label_table(card), _unseen(metrics), _few(metrics)]
    parts += [_licences(card["licences"]), _source_table(card["dataset"])]
    return "\n\n".join(part for part in parts if part) + "\n"


def _licence_card(comparison: LicenceComparison | None) -> dict[str, Any] | None:
    if comparison is None:
        return None
    return {
        "patterns": list(comparison.patterns),
        "left_out_of_this_head": comparison.left_out,
        "with_all": _headline(comparison.with_all),
        "without": _headline(comparison.without),
    }


def _headline(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures in which two trainings are compared."""
    names = ("documents", "accuracy", "macro_f1", "macro_f1_pdf", "calibration_error", "coverage_at_99_precision")
    chosen = {name: metrics[name] for name in names if name in metrics}
    chosen["labels"] = len(metrics["labels"])
    chosen["unseen_sources_accuracy"] = metrics["unseen_sources"].get("accuracy")
    chosen["other_auroc"] = metrics["unseen_types"].get("other_auroc")
    return chosen


def _introduction(card: Mapping[str, Any]) -> str:
    labels = card["labels"]
    return (
        f"# {card['name']}\n\n"
        "Gives a document its type from the encoder's chunk vectors and its words. The weights are numbers over "
        "vectors and hashed words; they hold no text of the documents.\n\n"
        f"- Encoder: {card['encoder']}\n"
        f"- Trained: {card['trained_on']} on {card['dataset']['documents']} documents, "
        f"dataset hash `{card['dataset']['sha256']}`\n"
        f"- Learned types: {', '.join(labels['learned'])}\n"
        f"- From one source only, therefore never accepted without a person: {', '.join(labels['single_source'])}\n"
        f"- By description only, without confidence: {', '.join(labels['by_description'])}"
    )


def _scores(metrics: Mapping[str, Any]) -> str:
    rows = [
        ("macro-F1", metrics["macro_f1"]),
        ("macro-F1 within PDF files", metrics.get("macro_f1_pdf")),
        ("accuracy", metrics["accuracy"]),
        ("expected calibration error", metrics["calibration_error"]),
        ("AUROC of the confidence", metrics["confidence_auroc"]),
        ("coverage at 99 % precision", metrics["coverage_at_99_precision"]),
    ]
    return (
        "## Out of fold\n\nFive folds; groups and near-duplicates stay together. Answers `other` and by description "
        f"count as wrong.{_draws(metrics)}\n\n" + _table(("figure", "value"), rows)
    )


def _draws(metrics: Mapping[str, Any]) -> str:
    """Say how much of the figures is chance."""
    over = metrics["draws_of_folds"]
    names = (("macro_f1", "macro-F1"), ("macro_f1_pdf", "within PDF files"))
    said = [f"{title} {over[name]['least']} to {over[name]['most']}" for name, title in names if name in over]
    return f" Over five draws of the folds: {', '.join(said)}."


def _label_table(card: Mapping[str, Any]) -> str:
    rows = [
        (label, score["precision"], score["recall"], score["f1"], score["documents"])
        for label, score in card["metrics"]["labels"].items()
    ]
    return _table(("type", "precision", "recall", "F1", "documents"), rows)


def _unseen(metrics: Mapping[str, Any]) -> str:
    sources, types = metrics["unseen_sources"], metrics["unseen_types"]
    parts = []
    if sources:
        rows = [
            (name.replace("|", ": "), part["accuracy"], part["documents"]) for name, part in sources["sources"].items()
        ]
        parts.append(
            "## Sources never seen\n\nEach source of a type that has another one is left out in turn. Mean accuracy "
            f"{sources['accuracy']}, calibration error {sources['calibration_error']}, called `other` "
            f"{sources['called_other']}.\n\n" + _table(("source left out", "accuracy", "documents"), rows)
        )
    if types:
        parts.append(
            "## Types never seen\n\nEach type is left out in turn. Telling its documents from known ones (`other`): "
            f"AUROC {types['other_auroc']} in the mean, {types['other_auroc_worst']} at worst "
            f"({types['other_auroc_worst_type']}); at a threshold that takes 1 % of the known ones "
            f"{types['called_other']} of them are called `other`. With its description alone "
            f"{types['found_by_description']} of its documents are found, with its name and one sentence "
            f"{types['found_by_sentence']}, which takes {types['taken_by_sentence']} of the other types' documents.\n\n"
            + _table(("type", "found by description", "by one sentence"), _found_rows(types))
        )
    return "\n\n".join(parts)


def _found_rows(types: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    said = types["found_by_sentence_each"]
    return [(label, share, said[label]) for label, share in types["found_by_description_each"].items()]


def _few(metrics: Mapping[str, Any]) -> str:
    columns = ("shots", "types", "head", "three_models", "counted_words")
    rows = [tuple(part[column] for column in columns) for part in metrics["few_examples"]]
    if not rows:
        return ""
    return (
        "## With few examples\n\nMacro-F1 on the other documents, mean of several draws; beside it, from the same "
        "draws, the mean of three logistic regressions (on the document's vector, on words, on runs of characters), "
        "and counted words and pairs of words with a neural network of one hidden layer.\n\n"
        + _table(("examples a type", "types", "this head", "three models", "counted words"), rows)
    )


def _licences(licences: Mapping[str, Any] | None) -> str:
    if licences is None:
        return ""
    patterns = ", ".join(f"`{pattern}`" for pattern in licences["patterns"])
    state = "left out of" if licences["left_out_of_this_head"] else "part of"
    rows = [(name, value, licences["without"].get(name)) for name, value in licences["with_all"].items()]
    return (
        f"## With and without some licences\n\nSources whose licence matches {patterns} are {state} this head.\n\n"
        + _table(("out of fold", "with", "without"), rows)
    )


def _source_table(dataset: Mapping[str, Any]) -> str:
    rows = [(part["label"], part["source"], part["licence"], part["documents"]) for part in dataset["sources"]]
    return "## Sources\n\n" + _table(("type", "source", "licence", "documents"), rows)


def _table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join("-" if cell is None else str(cell) for cell in line) + " |" for line in lines)
