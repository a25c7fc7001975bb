"""Where the document type comes from: a model process of its own, so that `analyze` itself never loads torch."""

from typing import TYPE_CHECKING, Any, Protocol

from apps.classification.engine.document_text import DocumentText

if TYPE_CHECKING:
    from apps.classification.runtime.typing import TypeProcess


class TypingFailedError(Exception):
    """The model process gave no type; the message says why."""


class TypingStage(Protocol):
    """Gives a document its type; used by several threads at once."""

    def type_of(self, document: DocumentText, *, timeout_s: float) -> dict[str, Any] | None:
        """Return the contract's `type` object, or None where types were not asked for; raises TypingFailedError."""


class NoTyping:
    """Stands in where types are not asked for."""

    def type_of(self, document: DocumentText, *, timeout_s: float) -> dict[str, Any] | None:
        """Know no type."""
        del document, timeout_s
        return None


class ModelTyping:
    """Asks the model process."""

    def __init__(self, process: "TypeProcess") -> None:
        self._process = process

    def type_of(self, document: DocumentText, *, timeout_s: float) -> dict[str, Any] | None:
        """Wait for the answer."""
        from apps.classification.runtime.typing import TypingError  # noqa: PLC0415  (NumPy, which the stage may not need)

        try:
            return self._process.predict(document, timeout_s=timeout_s)
        except TypingError as error:
            raise TypingFailedError(str(error)) from error
