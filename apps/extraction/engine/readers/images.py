"""Images: every frame of a TIFF is a page, any other image one page; all text has to be recognised."""

import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.readers.base import OpenDocument, Source
from apps.extraction.engine.types import DocumentInfo, PageReading

MOST_PIXELS = 200_000_000  # 600 MB as RGB, an A1 sheet at 600 dpi: more is a bomb or a mistake
_EXIF_ORIENTATION = 0x0112
_ROTATION = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}
_MODES = frozenset({"1", "L", "RGB"})


class ImageDocument(OpenDocument):
    """An image file. Sizes are pixels as shown, that is after the camera's orientation mark."""

    def __init__(self, source: Source) -> None:
        Image.MAX_IMAGE_PIXELS = None  # checked here, before anything is decoded, with a message of our own
        try:
            self._image = Image.open(source.path)
            count = getattr(self._image, "n_frames", 1) if self._image.format == "TIFF" else 1
        except (UnidentifiedImageError, OSError, ValueError, TypeError, KeyError, SyntaxError) as error:
            raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error
        if count > source.max_pages:
            raise ReadingError(ErrorCode.TOO_MANY_PAGES)
        self._check_size()
        self._shown: tuple[int, Image.Image, int] | None = None
        self.info = DocumentInfo(media_type=source.media_type, page_count=count)
        if count == 1:
            self.picture(1)  # a single image that cannot be decoded is a damaged file, not a failed page

    def _check_size(self) -> None:
        width, height = self._image.size
        if width * height > MOST_PIXELS:
            megapixels = width * height // 1_000_000
            raise ReadingError(ErrorCode.TOO_LARGE, f"The image has {megapixels} megapixels, more than can be read.")

    def read_page(self, number: int) -> PageReading:
        """Return the size alone: an image has no text of its own."""
        picture = self.picture(number)
        rotation = self._shown[2] if self._shown else 0
        return PageReading(
            number=number,
            width=picture.width,
            height=picture.height,
            rotation=rotation,
            text="",
            text_source="none",
            needs_ocr=True,
        )

    def picture(self, number: int) -> Image.Image:
        """Return a frame, upright and in one of the modes 1, L and RGB; the last one is kept."""
        if self._shown is None or self._shown[0] != number:
            self._shown = None
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # defects of single tags
                try:
                    self._shown = (number, *self._decoded(number))
                except (OSError, ValueError, SyntaxError, EOFError, KeyError) as error:
                    raise ReadingError(ErrorCode.CORRUPT, detail=repr(error)) from error
        return self._shown[1]

    def _decoded(self, number: int) -> tuple[Image.Image, int]:
        self._image.seek(number - 1)
        self._check_size()
        orientation = self._image.getexif().get(_EXIF_ORIENTATION, 1)
        upright = ImageOps.exif_transpose(self._image)
        return _on_white(upright), _ROTATION.get(orientation, 0)

    def close(self) -> None:
        """Close the file and forget the decoded frame."""
        self._shown = None
        self._image.close()


def _on_white(image: Image.Image) -> Image.Image:
    """Return the image without transparency, as paper shows it."""
    if image.mode in _MODES:
        return image.copy()
    if image.mode.startswith("I") or image.mode == "F":
        return _scaled_to_8_bits(image.convert("F"))
    if "A" in image.mode or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")


def _scaled_to_8_bits(image: Image.Image) -> Image.Image:
    """Scientific depths (16 and 32 bits) as grey levels from the darkest to the brightest value."""
    extrema = image.getextrema()
    low, high = (float(value) for value in extrema if not isinstance(value, tuple))
    scale = 255 / (high - low) if high > low else 1.0
    return image.point(lambda value: value * scale - low * scale).convert("L")


def open_document(source: Source) -> ImageDocument:
    """Open an image file."""
    return ImageDocument(source)
