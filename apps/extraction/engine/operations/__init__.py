"""What else a reading process does with a file, one module an operation: `Arguments` and `run`."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Protocol, cast

import msgspec

from apps.extraction.engine.readers.base import Source

if TYPE_CHECKING:
    from apps.extraction.engine.reading import Engine


class Operation(Protocol):
    """A module of this package; msgspec can encode what it takes and what it gives."""

    Arguments: type[msgspec.Struct]

    def run(self, engine: "Engine", source: Source, arguments: msgspec.Struct) -> object:
        """Do it in the reading process; may raise ReadingError."""


def name_of(operation: ModuleType) -> str:
    """Return the name under which the reading process finds an operation's module."""
    return operation.__name__.rpartition(".")[2]


def perform(engine: "Engine", source: Source, name: str, arguments: bytes | msgspec.Raw) -> object:
    """Run the operation of that name; only modules of this package can be named."""
    if not name.isidentifier():
        raise ValueError(f"{name!r} is no operation")
    operation = cast("Operation", import_module(f"{__name__}.{name}"))
    return operation.run(engine, source, msgspec.msgpack.decode(arguments, type=operation.Arguments))
