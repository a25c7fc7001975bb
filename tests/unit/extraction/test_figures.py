"""Figures: where PDFs show pictures and drawings, which of them are figures, their places and captions."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from apps.extraction.engine.layout import lay_out
from apps.extraction.engine.markdown import markdown_of
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.reading import Engine
from apps.extraction.engine.types import Block, Box, PageReading, TableReading
from tests.unit.extraction import makers

_CURVE = "{0} {1} m {2} {3} {4} {5} {6} {7} c S\n"


def picture(box: tuple[float, float, float, float]) -> str:
    """Drawing operators of a picture that fills a box in points, origin bottom-left."""
    x0, y0, x1, y1 = box
    return f"q {x1 - x0} 0 0 {y1 - y0} {x0} {y0} cm /Im Do Q\n"


def drawing(x: float, y: float, strokes: int) -> str:
    """Curves across a square of 100 points."""
    return "".join(
        _CURVE.format(x, y + 10 * n, x + 30, y + 60, x + 60, y + 20, x + 100, y + 100) for n in range(strokes)
    )


def frame(x: float, y: float) -> str:
    """Rules and boxes as tables and forms have them."""
    cells = "".join(f"{x + 40 * n} {y} 40 20 re S\n" for n in range(5))
    return cells + f"{x} {y + 60} m {x + 300} {y + 60} l S\n"


def pdf(path: Path, *contents: str) -> PageReading:
    """Read the first page of an A4 PDF with more drawn on each page than its words."""
    lines = [(72.0, 770.0 - 14 * n, f"Line {n} of the first paragraph says what there is to say.") for n in range(3)]
    lines += [(72.0, 430.0, "Figure 1: What the picture shows"), (72.0, 380.0, "The last paragraph stands here.")]
    makers.text_pdf(path, [lines for _ in contents])
    buffer = BytesIO()
    Image.new("RGB", (40, 40), "navy").save(buffer, "JPEG")
    with pikepdf.open(path, allow_overwriting_input=True) as whole:
        image = pikepdf.Stream(whole, buffer.getvalue())
        image.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=40,
            Height=40,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        for page, content in zip(whole.pages, contents, strict=True):
            page.add_resource(image, pikepdf.Name.XObject, pikepdf.Name("/Im"))
            page.contents_add(content.encode())
        whole.save(path)
    return Engine().read_pages(Source(path=path, media_type="application/pdf"), 1, 1).pages[0]


def figures(page: PageReading) -> list[Box | None]:
    return [block.box for block in page.blocks if block.kind == "figure"]


@pytest.mark.parametrize(
    ("drawn", "count"),
    [
        (picture((100, 450, 300, 600)), 1),
        (picture((100, 450, 200, 600)) + picture((200, 450, 300, 600)), 1),  # in strips
        (picture((100, 450, 200, 600)) + picture((400, 450, 500, 600)), 2),
        (picture((100, 450, 112, 460)), 0),  # a bullet
        (picture((0, 0, 595, 842)), 0),  # a scan
        ("".join(picture((0, y, 595, y + 105)) for y in range(0, 842, 105)), 0),  # a scan in strips
        (drawing(100, 450, 6), 1),
        (drawing(100, 450, 2), 0),  # an ornament
        (frame(100, 500), 0),
        ("", 0),
    ],
)
def test_pictures_and_drawings_are_found(tmp_path: Path, drawn: str, count: int) -> None:
    assert len(figures(pdf(tmp_path / "a.pdf", drawn))) == count


def test_a_figure_has_its_box_place_and_caption(tmp_path: Path) -> None:
    page = pdf(tmp_path / "a.pdf", picture((72, 452, 372, 692)))
    (box,) = figures(page)
    width, height = page.width, page.height
    assert box == pytest.approx((72 / width, (height - 692) / height, 372 / width, (height - 452) / height), abs=1e-3)
    (laid,) = lay_out([page], [])
    assert [block.kind for block in laid.blocks] == ["paragraph", "figure", "caption", "paragraph"]
    assert laid.blocks[2].figure == 0
    assert laid.text == page.text
    assert lay_out([laid], []) == [laid]
    said = markdown_of([laid], []).split("\n\n")
    assert said[1:] == ["*[Figure]*", "Figure 1: What the picture shows", "The last paragraph stands here."]
    assert "Line 0" in markdown_of([page], [])  # also before it is laid out


def test_backgrounds_tables_and_what_returns_are_no_figures(tmp_path: Path) -> None:
    behind = pdf(tmp_path / "a.pdf", picture((60, 735, 420, 785)))
    assert len(figures(behind)) == 1
    assert figures(lay_out([behind], [])[0]) == []
    path = tmp_path / "b.pdf"
    logo = pdf(path, picture((400, 500, 500, 600)), picture((400, 500, 500, 600)) + picture((100, 450, 300, 600)))
    both = Engine().read_pages(Source(path=path, media_type="application/pdf"), 1, 2).pages
    assert [len(figures(page)) for page in lay_out([logo], [])] == [1]
    assert [len(figures(page)) for page in lay_out(both, [])] == [0, 1]
    (box,) = figures(logo)
    table = TableReading(page=1, box=box, row_count=1, column_count=1, cells=[])
    assert figures(lay_out([logo], [table])[0]) == []


def test_a_page_of_nothing_but_a_figure(tmp_path: Path) -> None:
    figure = Block(kind="figure", text="", box=(0.1, 0.1, 0.5, 0.5))
    page = PageReading(
        number=1, width=600, height=800, rotation=0, text="Two\n\nparts", text_source="native", blocks=[figure]
    )
    (laid,) = lay_out([page], [])
    assert [block.kind for block in laid.blocks] == ["paragraph", "paragraph", "figure"]
