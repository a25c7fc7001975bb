"""`manage.py train_fields` on generated receipts: a ranker that reads others, its card, and sources left out."""

import json
import random
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from reportlab.pdfgen.canvas import Canvas

from apps.extraction.engine.fields.ranking.ranker import load_ranker
from apps.extraction.engine.fields.ranking.reading import read
from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.fields.ranking.training.dataset import gold_page, labelled_files
from apps.extraction.engine.fields.ranking.training.examples import generated
from apps.extraction.engine.fields.ranking.training.invoice_facts import Generated
from apps.extraction.engine.fields.ranking.training.receipts import receipt
from apps.extraction.engine.fields.ranking.training.truths import truth_of
from apps.extraction.engine.fields.types import FieldsInput


def printed(made: Generated, path: Path) -> None:
    """Write a generated page as a PDF, word by word."""
    page = made.page
    canvas = Canvas(str(path), pagesize=(page.width, page.height))
    for word in page.words:
        size = (word.y1 - word.y0) * page.height / 0.97
        canvas.setFont("Helvetica", size)
        canvas.drawString(word.x0 * page.width, page.height * (1 - word.y1) + 0.22 * size, word.text)
    canvas.save()


@pytest.fixture
def receipts(tmp_path: Path) -> Path:
    """Twelve receipts of four shops and two licences with their values, and a row that is no receipt."""
    folder, rows = tmp_path / "data", []
    (folder / "gt").mkdir(parents=True)
    for number in range(12):
        made = receipt(random.Random(f"test {number}"))  # noqa: S311  (documents that repeat)
        printed(made, folder / f"{number}.pdf")
        truth = {"type": "receipt", "fields": made.truth}
        (folder / "gt" / f"{number}.json").write_text(json.dumps(truth))
        licence = "MIT" if number % 4 else "no licence stated"
        source = "shops" if number % 4 else "others"
        rows.append(
            {"path": f"{number}.pdf", "gt": f"gt/{number}.json", "source": source, "group": f"shop {number % 4}"}
        )
        rows[-1]["licence"] = licence
    (folder / "gt" / "note.json").write_text(json.dumps({"schema": "something else"}))
    rows.append({"path": "0.pdf", "gt": "gt/note.json", "source": "others", "group": "none", "licence": ""})
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def transcribed(folder: Path, number: int) -> None:
    """Add a row with the words of a receipt as people would write them down."""
    page = receipt(random.Random(f"test {number}")).page  # noqa: S311  (documents that repeat)
    wide, high = page.width, page.height
    boxes = [[word.x0 * wide, word.y0 * high, word.x1 * wide, word.y1 * high] for word in page.words]
    lines = [{"bbox": box, "text": word.text} for box, word in zip(boxes, page.words, strict=True)]
    (folder / "gt" / f"lines{number}.json").write_text(json.dumps({"lines": lines}))
    row = {"path": f"{number}.pdf", "gt": f"gt/lines{number}.json", "check": {"size": [wide, high]}}
    manifest = folder / "manifest.jsonl"
    manifest.write_text(f"{manifest.read_text()}\n{json.dumps(row)}")


def test_a_ranker_and_its_card_are_written(receipts: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        transcribed(receipts, number)
    output, errors = StringIO(), StringIO()
    call_command(
        "train_fields",
        data=receipts,
        out=tmp_path / "out",
        readings=tmp_path / "readings",
        generated=40,
        exclude_licence=["*no licence*"],
        stdout=output,
        stderr=errors,
    )
    folder = tmp_path / "out" / "receipt"
    assert not (tmp_path / "out" / "invoice").exists()
    card = json.loads((folder / "card.json").read_text())
    assert [(part["source"], part["documents"]) for part in card["sources"]] == [("others", 3), ("shops", 9)]
    assert output.getvalue().strip() == (folder / "card.md").read_text().strip()
    figures = card["figures"]["by_unseen_group"]
    assert figures["by_source"]["shops"]["groups"] == 3
    assert figures["by_source"]["shops"]["by_field"]["total"]["values"] == 9
    assert figures["by_source"]["shops"]["f1"] > 0.5
    on_gold = card["figures"]["with_gold_words"]["by_source"]["shops"]
    assert (on_gold["documents"], on_gold["by_field"]["date"]["values"]) == (2, 2)
    fitted_on = load_ranker(folder).settings.calibration.fitted_on
    assert f", {sum(field['values'] for field in on_gold['by_field'].values())} of the same with words" in fitted_on
    assert _right(folder, "total") >= 7
    assert _right(folder, "date") >= 7
    assert (tmp_path / "readings").stat().st_size > 0


def _right(folder: Path, key: str) -> int:
    """Count right values on ten receipts that the ranker has not seen."""
    ranker, right = load_ranker(folder), 0
    for number in range(10):
        made = receipt(random.Random(f"unseen {number}"))  # noqa: S311  (documents that repeat)
        sheet = Sheet(FieldsInput(pages=[made.page], type_label="receipt"))
        found = {value.key: value.value for value in read(sheet, ranker)}
        right += found.get(key) == made.truth[key]
    return right


def test_folders_that_cannot_be_used_are_refused(receipts: Path, tmp_path: Path) -> None:
    (tmp_path / "empty" / "deeper").mkdir(parents=True)
    with pytest.raises(CommandError, match=r"no manifest\.jsonl"):
        call_command("train_fields", data=tmp_path / "empty" / "deeper", stderr=StringIO())
    with pytest.raises(CommandError, match="not both"):
        call_command("train_fields", data=receipts, exclude_licence=["x"], compare_licence=["y"])


def test_transcripts_become_pages_of_words(receipts: Path) -> None:
    lines = {"lines": [{"bbox": [10, 20, 110, 40], "text": "TOTAL 12.30"}]}
    (receipts / "gt" / "lines.json").write_text(json.dumps(lines))
    row = {"path": "0.pdf", "gt": "gt/lines.json", "check": {"size": [200, 400]}}
    manifest = receipts / "manifest.jsonl"
    manifest.write_text(f"{manifest.read_text()}\n{json.dumps(row)}")
    page = gold_page(labelled_files(receipts)[0])
    assert page is not None
    assert [(word.text, round(word.x0, 3), round(word.x1, 3)) for word in page.words] == [
        ("TOTAL", 0.05, 0.277),
        ("12.30", 0.323, 0.55),
    ]


def test_public_collections_are_understood() -> None:
    sroie = {"schema": "sroie", "fields": {"company": "A", "date": "05/08/2017", "address": "B", "total": "RM 4.50"}}
    assert truth_of(sroie) == (
        "receipt",
        {"merchant_name": "A", "date": "2017-08-05", "merchant_address": "B", "total": "4.50"},
    )
    odoo = {"schema": "odoo_invoice", "fields": {"supplier": "S", "invoice_date": "20160319", "tax_amount": "9400.0"}}
    assert truth_of(odoo) == ("invoice", {"seller_name": "S", "issue_date": "2016-03-19", "tax_total": "9400.0"})
    assert truth_of({"schema": "kleister-nda", "fields": {}}) is None


def test_generated_documents_repeat() -> None:
    first, second = (list(generated("invoice", 3, seed=5)) for _ in range(2))
    assert [each.pages for each in first] == [each.pages for each in second]
    assert [each.truth for each in first] == [each.truth for each in second]
    assert len({each.truth["invoice_number"] for each in first}) == 3
