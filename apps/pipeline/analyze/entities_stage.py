"""The entities of a document as the analysis object shows them, and where the mentions of names come from."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from apps.extraction.engine.entities import EntityReading, find_entities
from apps.extraction.engine.types import PageReading, Problem

if TYPE_CHECKING:
    from apps.classification.runtime.typing import TypeProcess

logger = logging.getLogger(__name__)
Mentions: TypeAlias = Sequence[Sequence[tuple[str, int, int, float | None]]]


class EntitiesFailedError(Exception):
    """The model process gave no mentions; the message says why."""


class EntitiesStage(Protocol):
    """Finds the mentions of names; used by several threads at once."""

    def mentions_in(self, texts: Sequence[str], *, timeout_s: float) -> Mentions:
        """Return kind, begin, end and probability of the mentions in each text; raises EntitiesFailedError."""


class NoEntities:
    """Stands in where entities are not asked for."""

    def mentions_in(self, texts: Sequence[str], *, timeout_s: float) -> Mentions:
        """Know no names."""
        del timeout_s
        return [[] for _ in texts]


class ModelEntities:
    """Asks the model process."""

    def __init__(self, process: "TypeProcess") -> None:
        self._process = process

    def mentions_in(self, texts: Sequence[str], *, timeout_s: float) -> Mentions:
        """Wait for the answer."""
        from apps.classification.runtime.typing import TypingError  # noqa: PLC0415  (NumPy, which the stage may not need)

        try:
            return self._process.mentions(texts, timeout_s=timeout_s)
        except TypingError as error:
            raise EntitiesFailedError(str(error)) from error


def entities_of(
    pages: Sequence[PageReading], stage: EntitiesStage, problems: list[Problem], timeout_s: float
) -> list[dict[str, Any]]:
    """Return the contract's `entities`; without an answer of the model those that are found by their form.

    What else fails costs the entities and not the rest of the analysis.
    """
    try:
        return [entity_object(entity) for entity in _found(pages, stage, problems, timeout_s)]
    except Exception:
        logger.exception("entities failed")
        problems.append(Problem(code="entities_failed", message="The entities could not be looked for."))
        return []


def _found(
    pages: Sequence[PageReading], stage: EntitiesStage, problems: list[Problem], timeout_s: float
) -> list[EntityReading]:
    def model(texts: Sequence[str]) -> Mentions:
        return stage.mentions_in(texts, timeout_s=timeout_s)

    try:
        return find_entities(pages, model)
    except EntitiesFailedError as error:
        problems.append(Problem(code="entities_failed", message=f"Names could not be looked for: {error}"))
        return find_entities(pages, None)


def entity_object(entity: EntityReading) -> dict[str, Any]:
    """Return a mention as plain objects."""
    return {
        "kind": entity.kind,
        "text": entity.text,
        "value": entity.value,
        "page": entity.page,
        "box": entity.box,
        "confidence": entity.confidence,
    }
