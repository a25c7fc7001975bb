"""Reads labelled files as the product would, so that a head is trained on the text it will be given."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from django.conf import settings

from apps.classification.engine.document_text import READ_PAGES, DocumentText
from apps.classification.engine.training.dataset import LabelledFile
from apps.extraction.engine.errors import ReadingError
from apps.extraction.engine.guard import GuardedReader, Limits
from apps.extraction.engine.layout import lay_out_document
from apps.pipeline.analyze.pages import PageStages
from apps.pipeline.typed_text import typed_text


def read_all(files: Sequence[LabelledFile], *, jobs: int, cache: Path | None = None) -> list[DocumentText | str]:
    """Return each file's text, or the reason why there is none; one guarded process for each job.

    What stands in the folder `cache` under a file's hash is taken from there, what is read is put there.
    """

    def read_share(share: int) -> list[DocumentText | str]:
        reader = GuardedReader(
            limits=Limits(memory_mb=settings.CHILD_MEMORY_MB, max_pages=settings.MAX_PAGES),
            ocr_languages=tuple(settings.OCR_LANGUAGES),
            tessdata=settings.TESSDATA or None,
            ocr_accurate=settings.OCR_ACCURATE,
        )
        try:
            return [_cached(reader, file, cache) for file in files[share::jobs]]
        finally:
            reader.close()

    texts: list[DocumentText | str] = [""] * len(files)
    with ThreadPoolExecutor(jobs) as pool:
        for share, read in enumerate(pool.map(read_share, range(jobs))):
            texts[share::jobs] = read
    return texts


def _cached(reader: GuardedReader, file: LabelledFile, cache: Path | None) -> DocumentText | str:
    if cache is None:
        return _read(reader, file.path)
    place = cache / f"{file.sha256()}.msgpack"
    if place.is_file():
        return msgspec.msgpack.decode(place.read_bytes(), type=DocumentText | str)
    text = _read(reader, file.path)
    cache.mkdir(parents=True, exist_ok=True)
    place.write_bytes(msgspec.msgpack.encode(text))
    return text


def _read(reader: GuardedReader, path: Path) -> DocumentText | str:
    """Read, recognise and lay out the leading pages."""
    try:
        info = reader.open(path)
        leading = msgspec.structs.replace(info, page_count=min(info.page_count, READ_PAGES))
        stages = PageStages(reader, path, leading, None)
        pages = stages.recognise(stages.read())
        return typed_text(lay_out_document(pages, stages.find_tables(pages)))
    except ReadingError as error:
        return str(error.code)
