"""The model card of a tagger: what it learned from under which licences, and how well it does on held-out text."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from apps.classification.engine.tagging.artifact import CARD_FILE, TaggerConfig
from apps.classification.engine.tagging.training.corpus import Corpus
from apps.classification.engine.tagging.training.scoring import Score

CARD_MARKDOWN = "card.md"


def build_card(
    config: TaggerConfig,
    learned: Sequence[Corpus],
    scores: Mapping[str, Mapping[str, Score]],
    *,
    calibration: Mapping[str, float | None],
    passed: Mapping[str, float] | None,
    trainings: Sequence[Mapping[str, Any]],
    trained_on: date,
) -> dict[str, Any]:
    """Return the card's data. `scores` are those of the held-out part of each corpus, by kind and for `all`.

    `passed` has the shares of held-out words that pass the gate, if there is one: of all `words`, and of
    those of `mentions`. `trainings` are the options of each training one after the other, the last one's last.
    """
    return {
        "name": config.name,
        "version": config.version,
        "encoder": config.encoder,
        "encoder_sha256": config.encoder_sha256,
        "trained_on": trained_on.isoformat(),
        "trainings": [dict(options) for options in trainings],
        "outside_bias": config.outside_bias,
        "sources": [
            {
                "name": corpus.name,
                "title": corpus.rules.title,
                "licence": corpus.rules.licence,
                "url": corpus.rules.url,
                "sha256": corpus.sha256,
                "sentences": len(corpus.sentences),
            }
            for corpus in learned
        ],
        "held_out": {
            name: {kind: score.as_dict() for kind, score in of_corpus.items()} for name, of_corpus in scores.items()
        },
        "calibration": dict(calibration),
        "passed": None if passed is None else {name: round(share, 4) for name, share in passed.items()},
    }


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write `card.json` and `card.md` into the tagger's folder."""
    (folder / CARD_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")
    (folder / CARD_MARKDOWN).write_text(as_markdown(card), encoding="utf-8")


def as_markdown(card: Mapping[str, Any]) -> str:
    """Return the card for people."""
    return "\n\n".join((_introduction(card), _sources(card), _scores(card), _limits(card))) + "\n"


def _introduction(card: Mapping[str, Any]) -> str:
    trainings = "; then ".join(
        ", ".join(f"{name} {value}" for name, value in options.items()) for options in card["trainings"]
    )
    return (
        f"# {card['name']}\n\n"
        "Finds persons, organisations and locations in text: a low-rank adapter of the encoder, tables for how words "
        "are written (the encoder's tokenizer drops capitals), and a small head. The weights hold no text.\n\n"
        f"- Version: `{card['version']}`\n"
        f"- Encoder: {card['encoder']}, weights `{card['encoder_sha256']}`\n"
        f"- Trained: {card['trained_on']} by `manage.py train_entities` ({trainings})"
    )


def _sources(card: Mapping[str, Any]) -> str:
    rows = [
        (
            f"[{source['title']}]({source['url']})" if source["url"] else source["title"],
            source["licence"],
            source["name"],
            source["sentences"],
            f"`{source['sha256'][:12]}`",
        )
        for source in card["sources"]
    ]
    return (
        "## Sources\n\nThe sentences were changed for training: names put in the places of others, capitals changed, "
        "some tags brought to one convention. What a corpus calls a mention and we do not: names of accounts, "
        'hashtags, and words such as "Borrower" that name a party by its role.\n\n'
        + _table(("corpus", "licence", "file", "sentences learned from", "sha256 of the file"), rows)
    )


def _scores(card: Mapping[str, Any]) -> str:
    rows = [
        (
            name,
            *(f"{by_kind[kind]['f1']:.3f}" if kind in by_kind else None for kind in _kinds(card)),
            f"{by_kind['all']['precision']:.3f}",
            f"{by_kind['all']['recall']:.3f}",
            by_kind["all"]["mentions"],
        )
        for name, by_kind in card["held_out"].items()
    ]
    calibration = card["calibration"]
    return (
        "## On held-out text\n\nThe last sentences of each corpus were not learned from. F1 over kinds and texts of "
        f"mentions. One bias against `O` for all corpora ({card['outside_bias']}) was chosen on that text too.\n\n"
        + _table(("corpus", *(f"F1 {kind}" for kind in _kinds(card)), "precision", "recall", "mentions"), rows)
        + "\n\nProbabilities: a logistic curve a kind over the log odds of a mention, fitted on that text. Fitted on "
        "one half and scored on the other: expected calibration error "
        f"{calibration['expected_calibration_error']}, AUROC {calibration['auroc']}." + _gate(card["passed"])
    )


def _gate(passed: Mapping[str, float] | None) -> str:
    if passed is None:
        return ""
    return (
        f"\n\nOf that text's words {passed['words']:.1%} go on behind the first layer of its own, of those that are "
        f"called part of a mention when all do {passed['mentions']:.2%}; the others are outside for certain."
    )


def _limits(card: Mapping[str, Any]) -> str:
    german = card["held_out"].get("pud_de_a")
    said = f" (F1 {german['all']['f1']:.3f} on held-out news)" if german else ""
    return (
        "## Limits\n\n"
        f"The encoder learned English. German is read with its help all the same{said}, other languages were not "
        "tried. Words of social media and news outnumber those of business documents. Products, events and "
        "nationalities are no mentions."
    )


def _kinds(card: Mapping[str, Any]) -> list[str]:
    kinds = {kind for by_kind in card["held_out"].values() for kind in by_kind if kind != "all"}
    return ["all", *sorted(kinds)]


def _table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join("-" if cell is None else str(cell) for cell in line) + " |" for line in lines)
