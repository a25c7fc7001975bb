"""Where the document type comes from: a model process of its own, so that `analyze` itself never loads torch."""

from typing import Any, Protocol

from django.conf import settings

from apps.classification.engine.document_text import DocumentText


class TypingFailedError(Exception):
    """The model process gave no type; the message says why."""


class TypingStage(Protocol):
    """Gives a document its type; used by several threads at once."""

    def type_of(self, document: DocumentText, *, timeout_s: float) -> dict[str, Any] | None:
        """Return the contract's `type` object, or None where types were not asked for; raises TypingFailedError."""

    def close(self) -> None:
        """End the model process."""


class NoTyping:
    """Stands in where types are not asked for."""

    def type_of(self, document: DocumentText, *, timeout_s: float) -> dict[str, Any] | None:
        """Know no type."""
        del document, timeout_s
        return None

    def close(self) -> None:
        """Hold nothing."""


class ModelTyping:
    """Asks the model process, which loads its models while the first files are read."""

    def __init__(self, threads: int) -> None:
        from apps.classification.heads import DOCUMENT_TYPE  # noqa: PLC0415  (110 ms with NumPy, and types may be skipped)
        from apps.classification.runtime.typing import TypeProcess, TypingError  # noqa: PLC0415  (as above)

        self._process = TypeProcess(DOCUMENT_TYPE, encoder=settings.ENCODER, threads=threads)
        self._failure = TypingError
        self._process.start()

    def type_of(self, document: DocumentText, *, timeout_s: float) -> dict[str, Any] | None:
        """Wait for the answer."""
        try:
            return self._process.predict(document, timeout_s=timeout_s)
        except self._failure as error:
            raise TypingFailedError(str(error)) from error

    def close(self) -> None:
        """End the process."""
        self._process.close()


def start_typing(*, skipped: bool, threads: int) -> TypingStage:
    """Return the stage for a run, its model process with a thread for each job that may wait for it.

    Nothing of the models is imported when it is skipped.
    """
    return NoTyping() if skipped else ModelTyping(threads)
