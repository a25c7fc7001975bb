"""What a file says of itself in a machine's language: an e-invoice's values, payment codes, a mail's headers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from apps.extraction.engine.fields.embedded import mail, payments
from apps.extraction.engine.fields.embedded.codes import codes_on, pages_worth_a_look
from apps.extraction.engine.fields.embedded.invoices import invoice_in
from apps.extraction.engine.fields.embedded.merging import merged
from apps.extraction.engine.fields.types import MachineData
from apps.extraction.engine.identify import PDF, XML
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.types import PageReading

if TYPE_CHECKING:
    from apps.extraction.engine.reading import Engine


class Arguments(msgspec.Struct):
    """The numbers of the pages to search for codes; see `arguments_for`."""

    code_pages: list[int] = []


def arguments_for(pages: Sequence[PageReading], type_label: str | None) -> Arguments:
    """Return the arguments for a document whose pages were read and, where it was asked for, typed."""
    return Arguments(code_pages=pages_worth_a_look(pages, type_label))


def is_worth_asking(media_type: str, facts: Mapping[str, Any], arguments: Arguments) -> bool:
    """Whether a file may say anything; `facts` are `DocumentInfo.facts`. Most files are so spared another opening."""
    if media_type == PDF and facts.get("children"):
        return True
    return bool(arguments.code_pages) or media_type == XML or media_type in mail.MEDIA_TYPES


def run(engine: "Engine", source: Source, arguments: Arguments) -> MachineData:
    """Read it: an e-invoice's values come first, then those of codes, then those of headers."""
    document = engine.opened(source)
    invoice = invoice_in(source, document) or MachineData()
    codes = codes_on(document, arguments.code_pages)
    headers = mail.values_of(document.info.media_type, document.info.metadata)
    values = merged((invoice.values, payments.values_of(codes), headers))
    return MachineData(values=values, codes=codes, profile=invoice.profile)
