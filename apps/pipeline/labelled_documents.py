"""Reads labelled invoices, receipts and contracts as the product would; what was read may be kept in a file."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from django.conf import settings

from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.fields.contracts.dataset import LabelledContractFile
from apps.extraction.engine.fields.contracts.training import LabelledContract
from apps.extraction.engine.fields.ranking.training.dataset import LabelledFile
from apps.extraction.engine.fields.ranking.training.examples import TrueDocument
from apps.extraction.engine.guard import GuardedReader, Limits
from apps.extraction.engine.layout import lay_out_document
from apps.extraction.engine.types import PageReading, TableReading
from apps.pipeline.analyze.pages import PageStages

Say = Callable[[str], object]


class _Read(msgspec.Struct):
    """What was read of a file."""

    pages: list[PageReading]
    tables: list[TableReading]


def labelled_documents(files: Sequence[LabelledFile], kept: Path | None, say: Say) -> Iterator[TrueDocument]:
    """Read every invoice and receipt, or take it from those read before; what cannot be read is left out."""
    known: dict[str, _Read] = {}
    if kept is not None and kept.exists():
        known = msgspec.msgpack.decode(kept.read_bytes(), type=dict[str, _Read])
    with _reader() as reader:
        for file in files:
            name = str(file.path)
            if name not in known:
                known[name] = _read(reader, file.path, say)
            read = known[name]
            if any(page.words for page in read.pages):
                yield true_document(file, read.pages, read.tables)
    if kept is not None:
        kept.write_bytes(msgspec.msgpack.encode(known))


def true_document(file: LabelledFile, pages: list[PageReading], tables: list[TableReading]) -> TrueDocument:
    """Return a file's truth with what was read of it."""
    return TrueDocument(
        name=str(file.path),
        schema=file.schema,
        source=file.source,
        group=file.group,
        licence=file.licence,
        pages=pages,
        tables=tables,
        truth=file.truth,
        is_complete=False,
    )


def labelled_contract_readings(
    files: Sequence[LabelledContractFile], kept: Path | None, say: Say
) -> Iterator[LabelledContract]:
    """Read every contract as `analyze` does, or take it from those read before; unreadable ones are left out."""
    known: dict[str, list[PageReading]] = {}
    if kept is not None and kept.exists():
        known = msgspec.msgpack.decode(kept.read_bytes(), type=dict[str, list[PageReading]])
    with _reader() as reader:
        for file in files:
            name = str(file.path)
            if name not in known:
                read = _read(reader, file.path, say)
                known[name] = list(lay_out_document(read.pages, read.tables))
            if known[name]:
                yield LabelledContract(known[name], file.truth, file.group)
    if kept is not None:
        kept.write_bytes(msgspec.msgpack.encode(known))


def _reader() -> GuardedReader:
    return GuardedReader(
        limits=Limits(memory_mb=settings.CHILD_MEMORY_MB, max_pages=settings.MAX_PAGES),
        ocr_languages=tuple(settings.OCR_LANGUAGES),
        tessdata=settings.TESSDATA or None,
        ocr_accurate=settings.OCR_ACCURATE,
    )


def _read(reader: GuardedReader, path: Path, say: Say) -> _Read:
    try:
        info = reader.open(path)
        stages = PageStages(reader, path, info, None)
        pages = stages.read()
        if any(page.needs_ocr for page in pages):
            pages = stages.recognise(pages)
        return _Read(pages, stages.find_tables(pages))
    except ReadingError as error:
        say(f"{path.name}: {error.code}")
        return _Read([], [])
