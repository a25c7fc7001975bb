"""Messages between `analyze` and its job processes: MessagePack, framed as those of the reading processes are."""

from typing import TypeAlias

import msgspec

from apps.pipeline.analyze.arguments import AnalyzeOptions


class Analyse(msgspec.Struct, tag_field="say"):
    """Analyse one file; a path is bytes, because it need not be valid Unicode."""

    path: bytes
    options: AnalyzeOptions


class Reply(msgspec.Struct, tag_field="say"):
    """What a model process answered to a question, or why there is no answer."""

    answer: msgspec.Raw = msgspec.Raw(b"\xc0")  # nil
    error: str | None = None


class Question(msgspec.Struct, tag_field="say"):
    """What a job asks of a model process, which all jobs share: the stage, and what it is about."""

    stage: str
    about: msgspec.Raw
    timeout_s: float


class Line(msgspec.Struct, tag_field="say"):
    """The finished analysis as a line of JSON."""

    line: bytes


ToJob: TypeAlias = Analyse | Reply
FromJob: TypeAlias = Question | Line
