"""Some pages of a PDF or of a picture file as a PDF of their own, in the order and turned as asked."""

from io import BytesIO
from typing import TYPE_CHECKING

import msgspec

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import Source

if TYPE_CHECKING:
    from apps.extraction.engine.reading import Engine

PDF = "application/pdf"
_JPEG_QUALITY = 92
_DPI = 72.0


class PagePick(msgspec.Struct, frozen=True):
    """A page by its number, turned clockwise by 0, 90, 180 or 270 degrees."""

    number: int
    turn: int = 0


class Arguments(msgspec.Struct):
    """The pages of the new file."""

    pages: list[PagePick]


def run(engine: "Engine", source: Source, arguments: Arguments) -> bytes:
    """Return the new file; encryption and signatures do not go along, because they hold for the whole."""
    count = engine.opened(source).page_count
    if not arguments.pages or any(not 1 <= pick.number <= count or pick.turn % 90 for pick in arguments.pages):
        raise ReadingError(ErrorCode.PAGE_FAILED, "The file has no such page.")
    if source.media_type == PDF:
        return _of_pdf(source, arguments.pages)
    if source.media_type.startswith("image/"):
        return _of_picture(source, arguments.pages)
    raise ReadingError(ErrorCode.UNSUPPORTED_TYPE, "Only PDFs and pictures can be cut into documents.")


def _of_pdf(source: Source, pages: list[PagePick]) -> bytes:
    import pikepdf  # noqa: PLC0415  (a native library that few requests need)

    buffer = BytesIO()
    with pikepdf.open(source.path, password=source.password or "") as whole, pikepdf.new() as part:
        for pick in pages:
            part.pages.append(whole.pages[pick.number - 1])
            if pick.turn:
                part.pages[-1].rotate(pick.turn, relative=True)
        part.remove_unreferenced_resources()
        part.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


def _of_picture(source: Source, pages: list[PagePick]) -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415

    pictures = []
    with Image.open(source.path) as whole:
        dpi = whole.info.get("dpi", (_DPI, _DPI))[0]
        for pick in pages:
            whole.seek(pick.number - 1)
            frame = ImageOps.exif_transpose(whole) or whole.copy()
            frame = frame if frame.mode in {"1", "L", "RGB"} else frame.convert("RGB")
            pictures.append(frame.rotate(-pick.turn, expand=True) if pick.turn else frame.copy())
    buffer = BytesIO()
    resolution = float(dpi) if float(dpi) > 1 else _DPI
    options = {"resolution": resolution, "quality": _JPEG_QUALITY}
    pictures[0].save(buffer, "PDF", save_all=True, append_images=pictures[1:], **options)
    return buffer.getvalue()
