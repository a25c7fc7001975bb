"""Recognised words as invisible text on a PDF page, so that viewers can search, select and copy them.

The font has no glyphs: each code is a UTF-16 unit, as wide as half its size, and is never drawn.
"""

from collections.abc import Iterable

import pikepdf

from apps.extraction.engine.geometry import PageFrame
from apps.extraction.engine.types import Box, Word

FONT_NAME = "/DocintelInvisible"
_UNIT_WIDTH = 0.5  # of the font's size
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def invisible_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Return the font, to be shared by all pages of a PDF."""
    name = pikepdf.Name("/Invisible")
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=5,  # fixed pitch, symbolic
        FontBBox=[0, 0, 500, 1000],
        ItalicAngle=0,
        Ascent=1000,
        Descent=0,
        CapHeight=1000,
        StemV=80,
    )
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        CIDToGIDMap=pikepdf.Name.Identity,
        DW=int(1000 * _UNIT_WIDTH),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(descendant)],
            ToUnicode=pdf.make_stream(_TO_UNICODE),
        )
    )


def add_text_layer(
    pdf: pikepdf.Pdf, page: pikepdf.Page, font: pikepdf.Object, words: Iterable[Word], *, turned: int
) -> None:
    """Put words on a page; `turned` tells by how many degrees clockwise its picture was turned to be read."""
    frame = frame_of(page)
    width, height = frame.shown_size
    shown = [_shown(word, turned, width, height) for word in words]
    if not shown:
        return
    page.add_resource(font, pikepdf.Name.Font, pikepdf.Name(FONT_NAME))
    layer = [f"q {_matrix(frame)} cm BT {FONT_NAME} 1 Tf 3 Tr", *shown, "ET Q"]
    page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
    page.contents_add(pdf.make_stream(b"\nQ\n" + "\n".join(layer).encode("ascii")))


def frame_of(page: pikepdf.Page) -> PageFrame:
    """Return the visible box of a page, as pdfium sees it, and its rotation."""
    media, crop = _sorted(page.mediabox), _sorted(page.cropbox)
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right <= left or top <= bottom:
        left, bottom, right, top = media
    return PageFrame(left, bottom, right, top, int(page.rotation) % 360)


def _sorted(box: pikepdf.Array) -> Box:
    x0, y0, x1, y1 = (float(value) for value in box.as_list())
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _matrix(frame: PageFrame) -> str:
    """Return the matrix from the shown page (points from its lower left) to the page's user space."""
    turn = {0: "1 0 0 1", 90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0"}[frame.rotation]
    x = frame.left if frame.rotation in {0, 270} else frame.right
    y = frame.bottom if frame.rotation in {0, 90} else frame.top
    return f"{turn} {x:.3f} {y:.3f}"


def _shown(word: Word, turned: int, width: float, height: float) -> str:
    """Return the operators that show a word in its box, letter by letter as wide as the box is long."""
    left, right = word.x0 * width, word.x1 * width
    low, high = (1 - word.y1) * height, (1 - word.y0) * height
    across, up = right - left, high - low
    code = word.text.encode("utf-16-be", errors="replace")
    long, tall = (across, up) if turned in {0, 180} else (up, across)
    tall = max(tall, 0.1)
    stretch = max(long, 0.1) / (tall * _UNIT_WIDTH * (len(code) // 2))
    along, aside = tall * stretch, tall
    a, b, c, d, x, y = {
        0: (along, 0.0, 0.0, aside, left, low),
        90: (0.0, along, -aside, 0.0, right, low),
        180: (-along, 0.0, 0.0, -aside, right, high),
        270: (0.0, -along, aside, 0.0, left, high),
    }[turned]
    return f"{a:.4f} {b:.4f} {c:.4f} {d:.4f} {x:.3f} {y:.3f} Tm <{code.hex()}> Tj"
