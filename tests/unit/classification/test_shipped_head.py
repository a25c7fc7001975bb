import pytest

from apps.classification.engine.artifact import HeadLabel
from apps.classification.engine.document_text import DocumentText, PageText
from apps.classification.engine.head import TypeHead, TypePrediction
from apps.classification.engine.labels import OTHER, TYPE_LABELS
from apps.classification.engine.sentences import described_as, names_of
from apps.classification.heads import DOCUMENT_TYPE, card
from apps.classification.runtime.document_typing import encode_leading_chunks
from apps.classification.runtime.encoder import Encoder
from tests.unit.classification.everyday_texts import LETTERS, NAMED, OTHERS

INVOICE = """Northwind Paper Ltd
12 Harbour Street, Dublin
INVOICE
Invoice number: NW-2041      Invoice date: 3 March 2026      Due date: 2 April 2026
Bill to: Charlie & Co, 4 Mill Lane, Cork
Description        Quantity   Unit price   Amount
A4 paper, box           10        18.50     185.00
Toner, black             2        64.00     128.00
Net total 313.00   VAT 23 % 71.99   Amount due 384.99 EUR
Please pay within 30 days to IBAN IE29 AIBK 9311 5212 3456 78. Payment terms: net 30.
"""
RESUME = """Alice Example
Professional summary: project engineer with nine years of experience in water treatment plants.
Work experience
Senior engineer, Clearwater Works, 2019 to present. Led a team of six; cut energy use by 14 %.
Engineer, Riverside Utilities, 2015 to 2019. Designed pumping stations and trained operators.
Education: BSc in civil engineering. Certifications: chartered engineer. Skills: hydraulics, AutoCAD, scheduling.
Languages: English, Spanish. References on request.
"""
CONTRACT = """MUTUAL NON-DISCLOSURE AGREEMENT
This Agreement is entered into as of January 5, 2026 by and between Bob Industries, Inc., a Delaware corporation,
and Alice Holdings LLC. WHEREAS the parties wish to explore a business relationship, the parties agree as follows:
1. Confidential Information means any non-public information disclosed by one party to the other.
2. Term. This Agreement shall remain in effect for two years and may be terminated on thirty days' written notice.
3. Governing law. This Agreement shall be governed by the laws of the State of Delaware.
IN WITNESS WHEREOF, the parties have executed this Agreement by their duly authorized representatives.
"""
PAYSLIP = """Payslip for the pay period 1 to 31 May 2026
Employee: Bob Example    Employer: Clearwater Works    Personnel number 4411
Gross pay 3,450.00   Income tax 512.30   Social security 402.10   Pension 120.00
Deductions 1,034.40   Net pay 2,415.60 paid to your bank account
"""
DELIVERY_NOTE = """Quayside Timber    Delivery note 5517    2 June 2026
Delivered to: Alice's Joinery, 3 Rope Walk
12 oak boards 2400 x 200 x 27, 4 sheets birch plywood 18 mm, 1 box of dowels
Parcels: 3    Weight: 214 kg    Carrier: own lorry
Goods received in good order by: ________________
"""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture(scope="module")
def head() -> TypeHead:
    return TypeHead.load(DOCUMENT_TYPE)


LAB_RESULT = """Central Laboratory
Sample: blood, taken 3 March 2025, received 4 March 2025
Test            Value     Unit      Normal range
Haemoglobin     13.8      g/dl      12.0 - 16.0
Leukocytes      6.1       10^9/l    4.0 - 10.0
Creatinine      0.9       mg/dl     0.5 - 1.1
Sodium          141       mmol/l    135 - 145
Values outside the normal range are marked with an asterisk."""
LIEFERSCHEIN = """Hansen Baustoffe, Kiel
Lieferschein Nr. 20871
Geliefert wurde an: Tischlerei Brandt, Hafenstr. 4
Pos  Menge  Ware
1    40     Dachlatten 24 x 48
2    12     Sack Mörtel
Ware vollständig erhalten: Unterschrift"""


def typed(encoder: Encoder, head: TypeHead, text: str) -> TypePrediction:
    document = DocumentText.of([PageText(text, text)])
    (vectors,) = encode_leading_chunks(encoder, [document])
    return head.predict(vectors, document.text)


@pytest.mark.parametrize(("text", "label"), [(INVOICE, "invoice"), (RESUME, "resume"), (CONTRACT, "contract")])
def test_plain_cases(encoder: Encoder, head: TypeHead, text: str, label: str) -> None:
    found = typed(encoder, head, text)
    assert found.label == label
    assert found.confidence is not None
    assert found.confidence > 0.5
    assert ("single_source" in found.flags) == (label in {"resume", "contract"})


def test_a_type_without_examples_is_found_by_its_description(encoder: Encoder, head: TypeHead) -> None:
    found = typed(encoder, head, PAYSLIP)
    assert (found.label, found.confidence, found.flags) == ("payslip", None, ("by_description",))


@pytest.mark.parametrize("title", [*LETTERS, *OTHERS])
def test_common_words_of_a_language_push_no_text_to_a_type(encoder: Encoder, head: TypeHead, title: str) -> None:
    found = typed(encoder, head, (LETTERS | OTHERS)[title])
    assert found.label in ({"letter", OTHER} if title in LETTERS else {"letter", "form", OTHER})


@pytest.mark.parametrize("label", NAMED)
def test_what_a_text_calls_itself_is_understood_in_other_languages(
    encoder: Encoder, head: TypeHead, label: str
) -> None:
    assert typed(encoder, head, NAMED[label]).label == label


@pytest.mark.parametrize(
    ("name", "sentence", "text"),
    [
        ("Delivery note", "Goes with goods: what was delivered and how many pieces, without prices.", DELIVERY_NOTE),
        ("Lab result", "Values that a laboratory measured in a sample of blood, with their normal ranges.", LAB_RESULT),
        ("Lieferschein", "Ein Papier, das mit der Ware kommt und sagt, was geliefert wurde.", LIEFERSCHEIN),
    ],
)
def test_a_users_type_works_from_one_sentence(
    encoder: Encoder, head: TypeHead, name: str, sentence: str, text: str
) -> None:
    label = HeadLabel("own", names_of(name, sentence), learned=False, by_sentence=True)
    knowing = head.with_labels([label], encoder.encode([described_as(name, sentence)]))
    found = typed(encoder, knowing, text)
    assert (found.label, found.confidence, found.flags) == ("own", None, ("by_description",))
    for other, expected in ((INVOICE, "invoice"), (RESUME, "resume"), (CONTRACT, "contract"), (PAYSLIP, "payslip")):
        assert typed(encoder, knowing, other).label == expected


def test_the_head_belongs_to_the_default_encoder_and_the_catalogue(encoder: Encoder, head: TypeHead) -> None:
    assert head.config.encoder == encoder.model
    assert {label.slug: label.names for label in head.config.labels} == {
        label.slug: label.names for label in TYPE_LABELS
    }


def test_the_card_meets_the_floors() -> None:
    found = card(DOCUMENT_TYPE)
    assert found.metrics["macro_f1"] >= 0.9
    assert found.metrics["calibration_error"] <= 0.05
    assert found.version.endswith(found.sha256[:8])
    assert sum(path.stat().st_size for path in DOCUMENT_TYPE.iterdir()) < 5_000_000
