"""Where the document type comes from: the one place that knows how `analyze` gets it."""

from collections.abc import Sequence
from typing import Any, Protocol


class TypingStage(Protocol):
    """Gives a document its type; used by several threads at once."""

    def type_of(self, page_texts: Sequence[str], *, timeout_s: float) -> dict[str, Any] | None:
        """Return the contract's `type` object, or None where no model is there."""

    def close(self) -> None:
        """End the model process."""


class NoTyping:
    """Stands in where types are not asked for or no model is installed."""

    def type_of(self, page_texts: Sequence[str], *, timeout_s: float) -> dict[str, Any] | None:
        """Know no type."""
        del page_texts, timeout_s
        return None

    def close(self) -> None:
        """Hold nothing."""


def start_typing(*, skipped: bool) -> TypingStage:
    """Return the stage for a run. Nothing of the models is imported when it is skipped."""
    del skipped
    return NoTyping()
