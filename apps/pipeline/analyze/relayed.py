"""What the jobs ask of the model processes, which they share: the questions on one side, the answers on the other."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from apps.classification.engine.document_text import DocumentText
from apps.pipeline.analyze.entities_stage import EntitiesFailedError, Mentions
from apps.pipeline.analyze.messages import Reply
from apps.pipeline.analyze.model_stages import ModelStages
from apps.pipeline.analyze.typing_stage import TypingFailedError

Ask: TypeAlias = Callable[[str, object, float], Reply]
"""Asks the parent: the stage, what it is about, and the seconds there are."""

Answerer: TypeAlias = Callable[[msgspec.Raw, float], Reply]
"""Answers in the parent: what it is about, and the seconds there are."""


class AskedTyping:
    """The type, asked of the parent."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def type_of(self, document: DocumentText, *, timeout_s: float) -> dict[str, Any] | None:
        """Return the contract's `type` object; raises TypingFailedError."""
        reply = self._ask("type", document, timeout_s)
        if reply.error is not None:
            raise TypingFailedError(reply.error)
        return msgspec.msgpack.decode(reply.answer, type=dict[str, Any] | None)


class AskedEntities:
    """The mentions of names, asked of the parent."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def mentions_in(self, texts: Sequence[str], *, timeout_s: float) -> Mentions:
        """Return the mentions in each text; raises EntitiesFailedError."""
        reply = self._ask("entities", list(texts), timeout_s)
        if reply.error is not None:
            raise EntitiesFailedError(reply.error)
        return msgspec.msgpack.decode(reply.answer, type=list[list[tuple[str, int, int, float | None]]])


def answerers(stages: ModelStages) -> Mapping[str, Answerer]:
    """Return what answers each stage's questions."""

    def answer_type(about: msgspec.Raw, timeout_s: float) -> Reply:
        try:
            found = stages.typing.type_of(msgspec.msgpack.decode(about, type=DocumentText), timeout_s=timeout_s)
        except TypingFailedError as error:
            return Reply(error=str(error))
        return Reply(answer=msgspec.Raw(msgspec.msgpack.encode(found)))

    def answer_entities(about: msgspec.Raw, timeout_s: float) -> Reply:
        try:
            found = stages.entities.mentions_in(msgspec.msgpack.decode(about, type=list[str]), timeout_s=timeout_s)
        except EntitiesFailedError as error:
            return Reply(error=str(error))
        return Reply(answer=msgspec.Raw(msgspec.msgpack.encode(found)))

    return {"type": answer_type, "entities": answer_entities}
