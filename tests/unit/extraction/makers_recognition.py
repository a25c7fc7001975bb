"""Pictures of print as scanners and cameras make them."""

from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFilter, ImageFont

_FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
QUARTERS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
LETTER = [
    "This agreement is concluded for an indefinite period.",
    "Either party may terminate it at any time by letter.",
    "Invoices are payable within thirty days of receipt.",
    "The seller retains ownership of the goods until then.",
    "Delivery times are indicative and bind nobody at all.",
    "Written changes need the consent of both parties.",
]


def print_of(lines: list[str], *, size: tuple[int, int] = (1240, 900), letter_px: int = 32) -> Image.Image:
    """Draw lines of black print on white paper, 80 pixels from its left and upper edge."""
    picture = Image.new("L", size, 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(_FONT, letter_px)
    for index, line in enumerate(lines):
        draw.text((80, 80 + 2 * letter_px * index), line, fill=0, font=font)
    return picture


def photographed(picture: Image.Image) -> Image.Image:
    """Return what a poor camera makes of it: small, blurred, grey and unevenly lit."""
    small = picture.filter(ImageFilter.GaussianBlur(2.0)).resize((picture.width // 3, picture.height // 3))
    shade = Image.linear_gradient("L").resize(small.size).point(lambda value: 90 + value // 2)
    return Image.composite(shade.point(lambda value: value // 2), shade, small.point(lambda value: 255 - value))


def turned(picture: Image.Image, clockwise: int) -> Image.Image:
    """Return the picture turned by quarters."""
    return picture.transpose(QUARTERS[clockwise]) if clockwise else picture


def tilted(picture: Image.Image, degrees: float) -> Image.Image:
    """Return the picture with lines that fall to the right by some degrees."""
    return picture.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
