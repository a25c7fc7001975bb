"""Any number of small, distinct files for load and fault tests, written without a layout engine."""

import random
from collections.abc import Iterator
from typing import NamedTuple

from apps.pipeline.samples.texts import load

WORDS = load("words.txt").split()
LINES_PER_PAGE = 40
WORDS_PER_LINE = 11


class BulkFile(NamedTuple):
    """One generated file; `marker` is a word that stands in no other file of the same run."""

    name: str
    content: bytes
    media_type: str
    marker: str


def bulk(*, count: int, seed: int, text_share: float = 0.25, max_pages: int = 3) -> Iterator[BulkFile]:
    """Yield `count` files, PDFs of one to `max_pages` pages and a share of plain texts; equal seeds, equal bytes."""
    chance = random.Random(seed)
    for number in range(count):
        marker = f"zq{seed}x{number:06d}"
        pages = [_lines(chance, marker, page) for page in range(1, chance.randint(1, max_pages) + 1)]
        stem = f"bulk-{seed}-{number:06d}"
        if chance.random() < text_share:
            text = "\n\n".join("\n".join(page) for page in pages)
            yield BulkFile(f"{stem}.txt", text.encode(), "text/plain", marker)
        else:
            yield BulkFile(f"{stem}.pdf", write_pdf(pages), "application/pdf", marker)


def _lines(chance: random.Random, marker: str, page: int) -> list[str]:
    words = chance.choices(WORDS, k=(LINES_PER_PAGE - 1) * WORDS_PER_LINE)
    body = [" ".join(words[start : start + WORDS_PER_LINE]) for start in range(0, len(words), WORDS_PER_LINE)]
    return [f"Document {marker}, page {page}", *body]


def write_pdf(pages: list[list[str]]) -> bytes:
    """Return a PDF 1.4 file with one column of ASCII `pages` in Helvetica 11 on A4.

    Objects: 1 catalogue, 2 page tree, 3 font, then page and content stream in turns.
    """
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for index, page in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * index} 0 R >>"
        )
        escaped = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in page)
        stream = "BT /F1 11 Tf 18 TL 50 790 Td " + "\n".join(f"({line}) Tj T*" for line in escaped) + " ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    start = len(out)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode("ascii")
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
    return bytes(out)
