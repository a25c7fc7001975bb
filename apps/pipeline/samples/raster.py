"""Pages made of pixels: drawing text with Pillow, and what scanners, fax machines and phones do to it."""

import io
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import reportlab
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

FONT_FOLDER = Path(reportlab.__file__).parent / "fonts"
SANS, SANS_BOLD, MONO, MONO_BOLD = "Vera.ttf", "VeraBd.ttf", "com_____.pfb", "cob_____.pfb"


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a font of reportlab's own folder in `size` pixels."""
    return ImageFont.truetype(str(FONT_FOLDER / name), size, layout_engine=ImageFont.Layout.BASIC)


@dataclass(slots=True)
class Sheet:
    """A white page of grey pixels with a cursor that moves down as lines are written."""

    image: Image.Image
    margin: int
    y: int

    @classmethod
    def blank(cls, width: int, height: int, margin: int) -> "Sheet":
        """Return an empty sheet of `width` x `height` pixels."""
        return cls(Image.new("L", (width, height), 255), margin, margin)

    @property
    def right(self) -> int:
        """Where the text area ends."""
        return self.image.width - self.margin

    def write(self, text: str, name: str, size: int, *, x: int | None = None, anchor: str = "la") -> None:
        """Write `text` at the cursor's height; `anchor` is Pillow's (la: left, ma: centred, ra: right)."""
        places = {"l": self.margin, "m": self.image.width // 2, "r": self.right}
        left = places[anchor[0]] if x is None else x
        ImageDraw.Draw(self.image).text((left, self.y), text, fill=20, font=font(name, size), anchor=anchor)

    def line(self, text: str, name: str, size: int, *, anchor: str = "la", leading: float = 1.35) -> None:
        """Write `text` and move the cursor below it."""
        self.write(text, name, size, anchor=anchor)
        self.skip(round(size * leading))

    def pair(self, left: str, right: str, name: str, size: int, *, leading: float = 1.35) -> None:
        """Write one text at the left and one at the right margin of the same line."""
        self.write(left, name, size)
        self.write(right, name, size, anchor="ra")
        self.skip(round(size * leading))

    def paragraph(self, text: str, name: str, size: int, *, leading: float = 1.45) -> None:
        """Write `text` in lines that fit between the margins."""
        row = ""
        for word in text.split():
            longer = f"{row} {word}".strip()
            if font(name, size).getlength(longer) > self.right - self.margin:
                self.line(row, name, size, leading=leading)
                longer = word
            row = longer
        self.line(row, name, size, leading=leading)

    def rule(self, *, thickness: int = 2, gap: int = 10) -> None:
        """Draw a line between the margins, with `gap` pixels around it."""
        self.skip(gap)
        ImageDraw.Draw(self.image).line((self.margin, self.y, self.right, self.y), fill=40, width=thickness)
        self.skip(gap)

    def skip(self, pixels: int) -> None:
        """Move the cursor down."""
        self.y += pixels


def grain(size: tuple[int, int], chance: random.Random, *, strength: float) -> Image.Image:
    """Return grey noise around 128 for `size`, scaled by `strength` (1 covers the whole range)."""
    noise = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
    return noise.point([round(128 + (value - 128) * strength) for value in range(256)])


def photographed(paper: Image.Image, chance: random.Random, *, angle: float, quality: int) -> bytes:
    """Return a JPEG of `paper` lying on a table: turned by `angle` degrees, unevenly lit, soft and noisy."""
    width, height = paper.width + 220, paper.height + 220
    mask = Image.new("L", (width, height), 0)
    mask.paste(255, (110, 110, 110 + paper.width, 110 + paper.height))
    sheet = Image.new("L", (width, height), 255)
    sheet.paste(paper.point([round(70 + value * 0.66) for value in range(256)]), (110, 110))
    turned = sheet.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    mask = mask.rotate(angle, Image.Resampling.BICUBIC)
    table = (
        Image.linear_gradient("L").rotate(90).resize((width, height)).point([58 + value // 8 for value in range(256)])
    )
    shadow = ImageChops.offset(mask, 9, 12).filter(ImageFilter.GaussianBlur(12))
    table = Image.composite(table.point([value // 2 for value in range(256)]), table, shadow)
    scene = Image.composite(turned, table, mask)
    light = (
        Image.radial_gradient("L")
        .resize((width * 2, height * 2))
        .crop((width // 3, height // 4, width // 3 + width, height // 4 + height))
    )
    scene = ImageChops.subtract(scene, light.point([value // 4 for value in range(256)]))
    scene = scene.filter(ImageFilter.GaussianBlur(0.8))
    scene = ImageChops.add(scene, grain(scene.size, chance, strength=0.14), offset=-128)
    warm = Image.merge(
        "RGB",
        (
            scene,
            scene.point([value * 97 // 100 for value in range(256)]),
            scene.point([value * 90 // 100 for value in range(256)]),
        ),
    )
    buffer = io.BytesIO()
    warm.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def faxed(page: Image.Image, chance: random.Random, *, angle: float) -> Image.Image:
    """Return `page` as a fax machine prints it: two colours, slightly turned, with specks and a streak."""
    turned = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    noisy = ImageChops.add(turned, grain(turned.size, chance, strength=0.35), offset=-128)
    draw = ImageDraw.Draw(noisy)
    for _ in range(page.width * page.height // 9000):
        x, y = chance.randrange(page.width), chance.randrange(page.height)
        draw.ellipse((x, y, x + chance.randrange(1, 4), y + chance.randrange(1, 3)), fill=0)
    streak = page.width - page.width // 11
    draw.line((streak, 0, streak, page.height), fill=90, width=1)
    return noisy.point([0 if value < 135 else 255 for value in range(256)]).convert("1", dither=Image.Dither.NONE)
