"""What a file says of itself in a machine's language: an e-invoice's values, payment codes, a mail's headers."""

from typing import TYPE_CHECKING

import msgspec

from apps.extraction.engine.fields.embedded.invoices import invoice_in
from apps.extraction.engine.fields.types import MachineData
from apps.extraction.engine.readers.base import Source

if TYPE_CHECKING:
    from apps.extraction.engine.reading import Engine


class Arguments(msgspec.Struct):
    """Nothing but the file."""


def run(engine: "Engine", source: Source, arguments: Arguments) -> MachineData:
    """Read it."""
    del arguments
    document = engine.opened(source)
    return invoice_in(source, document) or MachineData()
