"""The bytes of a file inside a file."""

from typing import TYPE_CHECKING

import msgspec

from apps.extraction.engine.readers.base import Source

if TYPE_CHECKING:
    from apps.extraction.engine.reading import Engine


class Arguments(msgspec.Struct):
    """Which file: its key in `DocumentInfo.children`."""

    key: str


def run(engine: "Engine", source: Source, arguments: Arguments) -> bytes:
    """Return the bytes."""
    return engine.opened(source).child(arguments.key)
