"""Whether a document is an invoice or a receipt: by its type, and where no type was determined by its words."""

from itertools import islice

from apps.extraction.engine.fields.ranking.candidates import habits_of, plain_candidates
from apps.extraction.engine.fields.ranking.labels import lexicon
from apps.extraction.engine.fields.ranking.schemas import Schema
from apps.extraction.engine.fields.ranking.sheet import Sheet
from apps.extraction.engine.fields.types import FieldsInput

# A type that is not the likeliest is still tried from here on: a slip of paper may be either.
_SHARE = 0.25
_SCHEMAS: dict[str, Schema] = {"invoice": "invoice", "receipt": "receipt"}
_SURE = 0.98  # probability of either type from which on its words are not asked whether it is the other one
_MOST_PAGES = 20  # longer documents without a type are searched for nothing
_INVOICE_WORDS = ("invoice_number", "due_date", "buyer", "iban", "net_total", "vat_id", "payment_terms")
_NAMES = frozenset({"document_kind", "invoice_number"})
_RECEIPT_WORDS = ("cash", "change", "thanks", "rounding", "quantity")
_NARROW = 0.62  # width to height: A4 has .71, and slips are narrower
_FEWEST_WORDS = 2
_MOST_CHARACTERS = 20_000  # of a page without places


def may_be_one(document: FieldsInput) -> bool:
    """Whether a document's type leaves open that it is an invoice or receipt: only then its words are looked at."""
    label = document.type_label
    return label is None or label in _SCHEMAS or _likelier(document)[0] >= _SHARE


def is_one_without_places(document: FieldsInput) -> bool:
    """Whether an invoice or receipt came in a format without places for its words: nothing of it can be pointed at."""
    if any(page.words for page in document.pages) or not may_be_one(document):
        return False
    if document.type_label in _SCHEMAS:
        return True
    rows = (row for page in document.pages[:_MOST_PAGES] for row in page.text[:_MOST_CHARACTERS].splitlines())
    said = {mention.concept for row in rows for mention in lexicon().mentions(row.split())}
    return bool(said & _NAMES) and "grand_total" in said and len(said.intersection(_INVOICE_WORDS)) > _FEWEST_WORDS


def _likelier(document: FieldsInput) -> tuple[float, Schema]:
    shares = document.type_shares
    invoice, receipt = shares.get("invoice", 0.0), shares.get("receipt", 0.0)
    return (invoice, "invoice") if invoice >= receipt else (receipt, "receipt")


def schema_of(sheet: Sheet) -> Schema | None:
    """Return which fields to look for, None if a document is neither."""
    if not sheet.pages:
        return None
    label = sheet.document.type_label
    own = _SCHEMAS.get(label or "")
    if own is not None:
        is_sure = sheet.document.type_shares.get(own, 1.0) >= _SURE
        return own if is_sure else by_words(sheet) or own
    share, likelier = _likelier(sheet.document)
    if share >= _SHARE and _says_so(sheet):
        return likelier
    return by_words(sheet) if label is None else None


def _says_so(sheet: Sheet) -> bool:
    """Whether a document of another likeliest type names itself an invoice or receipt, or is a slip with a total."""
    said = _said(sheet)
    return bool(said & _NAMES) or (_is_slip(sheet) and "grand_total" in said)


def _said(sheet: Sheet) -> set[str]:
    return {mention.concept for piece in sheet.pieces() for mention in piece.mentions}


def _is_slip(sheet: Sheet) -> bool:
    first = sheet.pages[0].reading
    return len(sheet.pages) == 1 and first.width < _NARROW * first.height


def by_words(sheet: Sheet) -> Schema | None:
    """Return what a document's own words say: a title or number of its kind, amounts with cents, and a total."""
    if len(sheet.document.pages) > _MOST_PAGES:
        return None
    said = _said(sheet)
    is_named = bool(said & _NAMES)
    if "grand_total" not in said:
        return None
    candidates = plain_candidates(sheet, habits_of(sheet))
    with_cents = (each for each in candidates if each.kind == "amount" and each.facts["decimals"] == 2)
    if len(list(islice(with_cents, 2))) < 2:
        return None
    invoice = sum(word in said for word in _INVOICE_WORDS)
    receipt = sum(word in said for word in _RECEIPT_WORDS)
    if _is_slip(sheet) and receipt and (is_named or receipt > 1):
        return "receipt"
    if is_named and invoice > _FEWEST_WORDS:
        return "invoice"
    return "receipt" if is_named and receipt > invoice else None
