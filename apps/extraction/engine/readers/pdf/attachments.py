"""Files inside a PDF: those of its catalogue and those attached to a place on a page."""

import mimetypes
import re
import zlib
from collections.abc import Iterator

import pikepdf

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.packages import MOST_BYTES
from apps.extraction.engine.readers.pdf.objects import entry, text_of
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import ChildFile

_MOST = 500
_MOST_PAGES = 5_000
_MOST_GROWTH = 1_032  # of what is packed by deflate
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_UNKNOWN = "application/octet-stream"


def read_attachments(pdf: pikepdf.Pdf) -> list[ChildFile]:
    """Return the files, each under a key of its own that is the same at every reading of the same bytes."""
    return [_described(key, specification) for key, specification in _specifications(pdf)]


def attachment_bytes(pdf: pikepdf.Pdf, wanted: str) -> bytes:
    """Return the content of the file with that key; raises ReadingError where there is none or it is too large."""
    for key, specification in _specifications(pdf):
        if key == wanted and (stream := _stream_of(specification)) is not None:
            return _content(stream)
    raise ReadingError(ErrorCode.UNSUPPORTED_TYPE, f"The file holds no other file {wanted!r}.")


def _specifications(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """File specifications (ISO 32000-1, 7.11.3) that have a content, with their keys; each content once."""
    seen: set[tuple[int, int]] = set()
    for key, specification in _places(pdf):
        stream = _stream_of(specification)
        if stream is None or (stream.is_indirect and stream.objgen in seen):
            continue
        seen.add(stream.objgen)
        yield key, specification


def _places(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Where specifications stand: among the names, associated with the file or a page, at a place of a page."""
    for place, name in enumerate(pdf.attachments):
        if place >= _MOST:
            return
        yield f"attachment/{place}", pdf.attachments[name].obj
    yield from _associated(pdf.Root, "associated")
    if len(pdf.pages) > _MOST_PAGES:
        return
    for number, page in enumerate(pdf.pages, start=1):
        for place, annotation in enumerate(entry(page.obj, "/Annots", pikepdf.Array) or ()):
            attached = entry(annotation, "/FS", pikepdf.Dictionary)
            if attached is not None:
                yield f"page/{number}/{place}", attached
        yield from _associated(page.obj, f"associated/{number}")


def _associated(owner: pikepdf.Object, key: str) -> Iterator[tuple[str, pikepdf.Object]]:
    """Associated files (ISO 32000-2, 14.13), which some programs do not list among the names."""
    for place, specification in enumerate(entry(owner, "/AF", pikepdf.Array) or ()):
        if place >= _MOST:
            return
        if isinstance(specification, pikepdf.Dictionary):
            yield f"{key}/{place}", specification


def _stream_of(specification: pikepdf.Object) -> pikepdf.Stream | None:
    embedded = entry(specification, "/EF", pikepdf.Dictionary)
    if embedded is None:
        return None
    return entry(embedded, "/UF", pikepdf.Stream) or entry(embedded, "/F", pikepdf.Stream)


def _content(stream: pikepdf.Stream) -> bytes:
    """Return what a stream unpacks to, within bounds: qpdf would go on until the memory is full."""
    packed = bytes(stream.read_raw_bytes())
    filters = stream.get("/Filter")
    names = [str(name) for name in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if filters is None or len(packed) * _MOST_GROWTH <= MOST_BYTES or names != ["/FlateDecode"]:
        return bytes(stream.read_bytes())
    try:
        content = zlib.decompressobj().decompress(packed, MOST_BYTES + 1)
    except zlib.error:
        return bytes(stream.read_bytes())  # which mends what can be mended
    if len(content) > MOST_BYTES:
        raise ReadingError(ErrorCode.TOO_LARGE, "The file unpacks to more than can be read.")
    return bytes(stream.read_bytes()) if "/DecodeParms" in stream else content


def _described(key: str, specification: pikepdf.Object) -> ChildFile:
    name = text_of(specification.get("/UF")) or text_of(specification.get("/F"))
    name = re.split(r"[/\\]", clean(name))[-1].strip()[:200] or "attachment"
    stream = _stream_of(specification)
    declared = str(stream.get("/Subtype", "")).lstrip("/").lower() if stream is not None else ""
    guessed = mimetypes.guess_type(name)[0] or _UNKNOWN
    media_type = declared if _MEDIA_TYPE.fullmatch(declared) and declared != _UNKNOWN else guessed
    return ChildFile(key=key, name=name, media_type=media_type, size=_size_of(stream))


def _size_of(stream: pikepdf.Stream | None) -> int:
    """Return what the file says of its size, else that of its packed bytes; unpacking could fill the memory."""
    if stream is None:
        return 0
    parameters = entry(stream, "/Params", pikepdf.Dictionary)
    size: object = parameters.get("/Size") if parameters is not None else None
    return size if isinstance(size, int) and size >= 0 else len(stream.read_raw_bytes())
