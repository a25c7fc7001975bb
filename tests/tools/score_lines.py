"""How well lines of invoices are read: python -m tests.tools.score_lines FOLDER [GLOB]; prints figures by collection.

FOLDER holds `manifest.jsonl` with rows {path, gt}, as for `manage.py train_fields`; paths may begin with its own name.
A line counts as found when amount, quantity and unit price are those of the truth, as far as it tells them; what is
embedded in the file is not used.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

from apps.extraction.engine.fields.lines.reading import line_items
from apps.extraction.engine.fields.types import FieldsInput, LineItem
from apps.extraction.engine.layout import lay_out_document
from apps.extraction.engine.ocr import OcrOptions
from apps.extraction.engine.readers.base import Source
from apps.extraction.engine.reading import Engine, identify

LANGUAGES = ("eng", "deu", "fra")
CENT = Decimal("0.01")


class Line(NamedTuple):
    """Amount, quantity and unit price; None where it is not told."""

    amount: Decimal | None
    quantity: Decimal | None
    unit_price: Decimal | None

    def is_met_by(self, other: "Line") -> bool:
        """Whether another line says the same, as far as this one tells it."""
        pairs = zip(self, other, strict=True)
        return all(mine is None or (theirs is not None and abs(mine - theirs) < CENT / 2) for mine, theirs in pairs)


def number(told: object) -> Decimal | None:
    """Return a number of a truth file."""
    try:
        return None if told in (None, "") else Decimal(str(told)).quantize(CENT)
    except InvalidOperation:
        return None


def truth_of(told: dict[str, Any]) -> list[Line]:
    """Return the lines of a truth: in this product's own form, from an e-invoice, or of Odoo's demonstration data."""
    forms = (
        (told.get("line_items"), ("amount", "quantity", "unit_price")),
        (told.get("lines"), ("line_total", "quantity", "unit_price")),
        ((told.get("fields") or {}).get("lines"), ("sub_total", "quantity", "price")),
    )
    for rows, keys in forms:
        if rows:
            lines = [Line(*(number(row.get(key)) for key in keys)) for row in rows]
            return [line for line in lines if line.amount is not None]
    return []


def read(engine: Engine, path: Path) -> FieldsInput:
    """Read a file as an invoice."""
    source = Source(path=path, media_type=identify(path, path.name))
    count = engine.open(source).page_count
    pages = engine.read_pages(source, 1, count).pages
    pages = [engine.recognise_page(source, page.number) if page.needs_ocr else page for page in pages]
    return FieldsInput(pages=list(lay_out_document(pages, [])), type_label="invoice")


def place(folder: Path, path: str) -> Path:
    """Return where a path of the manifest leads."""
    return folder / path if (folder / path).exists() else folder.parent / path


def documents(folder: Path, pattern: str) -> Iterator[tuple[str, Path, list[Line]]]:
    """Give collection, file and lines of what the manifest names."""
    for text in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(text)
        truth, path = place(folder, str(row.get("gt"))), place(folder, row["path"])
        if fnmatch(row["path"], pattern) and truth.suffix == ".json" and truth.is_file() and path.is_file():
            told = json.loads(truth.read_text(encoding="utf-8"))
            lines = truth_of(told) if isinstance(told, dict) else []
            if lines:
                yield str(told.get("schema") or told.get("type")), path, lines


def main(arguments: list[str]) -> None:
    """Read and score everything, then print."""
    folder, pattern = Path(arguments[0]), arguments[1] if len(arguments) > 1 else "*"
    engine = Engine(OcrOptions.of(languages=LANGUAGES, extra=None, accurate=True))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for collection, path, truth in documents(folder, pattern):
        values = [line for value in line_items(read(engine, path)) for line in value.value]
        found = [
            Line(number(line.amount), number(line.quantity), number(line.unit_price))
            for line in values
            if isinstance(line, LineItem)
        ]
        left = list(truth)
        for line in found:
            match = next((wanted for wanted in left if wanted.is_met_by(line)), None)
            if match is not None:
                left.remove(match)
        counts[collection].update(documents=1, true=len(truth), found=len(found), hits=len(truth) - len(left))
    engine.close()
    for collection, count in sorted(counts.items()):
        precision, recall = count["hits"] / max(1, count["found"]), count["hits"] / max(1, count["true"])
        f1 = 2 * count["hits"] / max(1, count["true"] + count["found"])
        sys.stdout.write(
            f"{collection}: {count['documents']} documents, {count['true']} lines, precision {precision:.3f}, "
            f"recall {recall:.3f}, F1 {f1:.3f}\n"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
