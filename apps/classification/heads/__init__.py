"""Heads that ship with docintel, and their model cards."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from apps.classification.engine.artifact import CARD_FILE, read_config

DOCUMENT_TYPE = Path(__file__).parent / "document_type"
ENTITIES = Path(__file__).parent / "entities"


@dataclass(frozen=True, slots=True)
class HeadCard:
    """What is worth keeping of a head beside its weights."""

    version: str
    sha256: str
    dataset_hash: str
    metrics: dict[str, Any]
    calibration: dict[str, Any]


def card(folder: Path) -> HeadCard:
    """Read a head's card; `sha256` is that of its weights file, from the head's settings."""
    config = read_config(folder)
    content = msgspec.json.decode((folder / CARD_FILE).read_bytes())
    return HeadCard(
        version=config.version,
        sha256=config.weights_sha256,
        dataset_hash=content["dataset"]["sha256"],
        metrics=content["metrics"],
        calibration=content["calibration"],
    )
