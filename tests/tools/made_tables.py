"""Pages with tables in many styles, and pages with what only looks like one; the cells are known.

A second measure beside the public one: `score_tables` compares what is found with it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, ListFlowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

TEXT = """harbour vessel cargo pilot quay crane berth tonnage customs export timber copper wool grain anchor storage
insurance transit season freight ledger dock signal current northern southern annual quarterly net gross total"""
WORDS = TEXT.split()
Cells = list[dict[str, object]]
NOTHING = "nothing"  # a page that holds no table
STYLES = ("grid", "levels", "three rules", "bare", "shaded", "boxed", NOTHING)


@dataclass(frozen=True)
class MadePage:
    """A PDF of one page, its style, and the cells of its tables: row, col, end_row, end_col, text."""

    path: Path
    style: str
    tables: list[Cells]


def make(folder: Path, seed: int) -> MadePage:
    """Write a page; the seed decides everything on it."""
    random_ = random.Random(seed)  # noqa: S311  (pages, not secrets)
    style = STYLES[seed % len(STYLES)]
    size = random_.choice((8, 9, 10, 11))
    text = ParagraphStyle(
        "text", fontName=random_.choice(("Helvetica", "Times-Roman")), fontSize=size, leading=size * 1.2
    )
    story: list[Flowable] = [Paragraph(_prose(random_, 60), text), Spacer(1, 14)]
    truths: list[Cells] = []
    for _ in range(random_.choice((1, 1, 2))):
        if style == NOTHING:
            story.append(_no_table(random_, text))
        else:
            rows, spans = _content(random_)
            truths.append(_truth(rows, spans))
            story.append(_drawn(random_, rows, spans, style, text))
        story += [Spacer(1, 14), Paragraph(_prose(random_, 40), text), Spacer(1, 14)]
    path = folder / f"{seed:04}.pdf"
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), random_.choice((50, 72)))
    SimpleDocTemplate(str(path), pagesize=random_.choice((A4, LETTER)), **margins).build(story)
    return MadePage(path, style, truths)


def _prose(random_: random.Random, count: int) -> str:
    return " ".join(random_.choice(WORDS) for _ in range(count)).capitalize() + "."


def _no_table(random_: random.Random, text: ParagraphStyle) -> Flowable:
    """Return a list with numbers, an address in lines, or lines that end in a page number."""
    kind = random_.choice(("list", "address", "contents"))
    if kind == "list":
        return ListFlowable([Paragraph(_prose(random_, random_.randint(4, 18)), text) for _ in range(6)])
    if kind == "address":
        return Paragraph("<br/>".join(_prose(random_, 3) for _ in range(5)), text)
    return Paragraph("<br/>".join(f"{_prose(random_, 4)} {random_.randint(1, 99)}" for _ in range(6)), text)


def _figure(random_: random.Random, kind: str) -> str:
    value = random_.uniform(1, 90_000)
    return {
        "amount": f"{value:,.2f}",
        "count": f"{value:.0f}",
        "share": f"{value % 100:.1f}%",
        "word": random_.choice(WORDS),
        "pair": f"{value % 50:.1f} ({value % 9:.1f})",
    }[kind]


def _content(random_: random.Random) -> tuple[list[list[str]], list[tuple[int, int, int]]]:
    """Return rows of texts and the spans of their first row as (row, first column, last column)."""
    columns, count = random_.randint(3, 7), random_.randint(3, 14)
    kinds = [random_.choice(("amount", "count", "share", "word", "pair")) for _ in range(columns - 1)]
    rows = [[random_.choice(("", "Port", "Name of goods")), *(_prose(random_, 1)[:-1] for _ in kinds)]]
    spans: list[tuple[int, int, int]] = []
    if columns % 2 and random_.random() < 0.5:
        halves = (columns - 1) // 2
        rows.insert(0, ["", "First half", *[""] * (halves - 1), "Second half", *[""] * (halves - 1)])
        spans = [(0, 1, halves), (0, halves + 1, columns - 1)]
    empty = random_.choice((0.0, 0.0, 0.1, 0.25))
    label_words = random_.choice(((1, 2, 2), (1, 2, 2, 5)))  # five words are more than a line
    for _ in range(count):
        label = " ".join(random_.choice(WORDS) for _ in range(random_.choice(label_words)))
        rows.append([label, *("" if random_.random() < empty else _figure(random_, kind) for kind in kinds)])
    return rows, spans


def _truth(rows: Sequence[Sequence[str]], spans: Sequence[tuple[int, int, int]]) -> Cells:
    ends = {(row, first): last for row, first, last in spans}
    return [
        {"row": row, "col": column, "end_row": row, "end_col": ends.get((row, column), column), "text": text}
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    ]


def _drawn(
    random_: random.Random,
    rows: Sequence[Sequence[str]],
    spans: Sequence[tuple[int, int, int]],
    style: str,
    text: ParagraphStyle,
) -> Table:
    columns = len(rows[0])
    stub = random_.choice((90, 120, 150))
    width = min(random_.choice((55, 70, 85)), (440 - stub) / (columns - 1))
    small = ParagraphStyle(
        "cell", text, fontSize=min(text.fontSize, 9 if width > 52 else 7), leading=text.fontSize * 1.1
    )
    body = [[Paragraph(row[0], small), *row[1:]] for row in rows]
    commands: list[tuple[object, ...]] = [("SPAN", (first, row), (last, row)) for row, first, last in spans]
    commands += [
        ("FONTSIZE", (0, 0), (-1, -1), small.fontSize),
        ("FONTNAME", (0, 0), (-1, -1), text.fontName),
        ("ALIGN", (1, 0), (-1, -1), random_.choice(("RIGHT", "CENTER", "LEFT"))),
        ("VALIGN", (0, 0), (-1, -1), random_.choice(("TOP", "MIDDLE"))),
        ("TOPPADDING", (0, 0), (-1, -1), random_.choice((0, 2, 4))),
        ("BOTTOMPADDING", (0, 0), (-1, -1), random_.choice((1, 2, 4))),
    ]
    head = 1 + bool(spans)
    lines: dict[str, list[tuple[object, ...]]] = {
        "grid": [("GRID", (0, 0), (-1, -1), 0.5, colors.black)],
        "levels": [("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.grey)],
        "three rules": [
            ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
            ("LINEBELOW", (0, head - 1), (-1, head - 1), 0.5, colors.black),
            ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
            *[("LINEBELOW", (first, row), (last, row), 0.4, colors.black) for row, first, last in spans],
        ],
        "bare": [],
        "shaded": [("ROWBACKGROUNDS", (0, 0), (-1, -1), (colors.lightgrey, colors.white))],
        "boxed": [("BOX", (0, 0), (-1, -1), 1, colors.black), ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black)],
    }
    return Table(body, colWidths=[stub, *[width] * (columns - 1)], style=TableStyle([*commands, *lines[style]]))
