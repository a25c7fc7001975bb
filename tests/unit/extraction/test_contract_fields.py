"""Contracts: what their parties, dates, terms and laws are; clauses as they stand; the place of every value."""

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.extraction.engine.fields.contracts import contract_values
from apps.extraction.engine.fields.contracts.generated import LANGUAGES, generate
from apps.extraction.engine.fields.normalise.organisations import organisation_name
from apps.extraction.engine.fields.support import LARGEST_BOX, bare, box_of, is_supported
from apps.extraction.engine.fields.types import FieldReading, FieldsInput
from apps.extraction.engine.types import PageReading, Word
from tests.unit.extraction.makers_pages import page_of, pages_of_text

RANKED = ("party", "jurisdiction", "effective_date", "term")
PREAMBLE = (
    "This Agreement is made and entered into as of March 3, 2014, by and between Quantic Harbor Systems, Inc., a"
    " Delaware corporation (the “Company”), and Margaret E. Whitfield (the “Recipient”)."
)
FILLER = "The parties have considered the matter with care and shall act in good faith throughout their dealings."


def read(pages: list[PageReading]) -> list[FieldReading]:
    """Return the values of a contract on pages."""
    return contract_values(FieldsInput(pages=pages, type_label="contract"))


def values(key: str, *paragraphs: str) -> list[str]:
    """Return the values of a key in a contract of paragraphs."""
    return [str(value.value) for value in read(pages_of_text(paragraphs)) if value.key == key]


def in_context(sentence: str) -> tuple[str, ...]:
    """Return a whole contract around a sentence."""
    return (
        "MUTUAL NON-DISCLOSURE AGREEMENT",
        PREAMBLE,
        "WHEREAS, the parties wish to exchange confidential information.",
        f"1. Confidential Information. {FILLER}",
        f"2. {sentence}",
        f"3. Remedies. {FILLER}",
        "IN WITNESS WHEREOF, the parties have executed this Agreement.",
        "Quantic Harbor Systems, Inc.",
        "By: /s/ Daniel Marsh",
        "Title: President",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_generated_contracts(language: str) -> None:
    """Most values of contracts that the models were not trained on are found, in every language."""
    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for contract in generate(60, seed=99):
        if contract.language != language:
            continue
        found = read(contract.pages)
        for key in RANKED:
            truth = {bare(organisation_name(value)) for value in contract.truth.get(key, [])}
            given_values = [bare(str(value.value)) for value in found if value.key == key]
            right[key] += sum(value in truth for value in given_values)
            wanted[key] += len(truth)
            taken[key] += len(given_values)
    for key in RANKED:
        assert 2 * right[key] / (wanted[key] + taken[key]) > 0.7, key


def test_parties_stand_where_they_are_named() -> None:
    """A name's box is made of its words, and its raw text stands there."""
    found = [value for value in read(pages_of_text(in_context(FILLER))) if value.key == "party"]
    assert [value.value for value in found] == ["Quantic Harbor Systems Inc.", "Margaret E. Whitfield"]
    assert all(value.method == "model" and value.confidence and 0 < value.confidence < 1 for value in found)
    assert found[0].raw_text.startswith("Quantic Harbor Systems")


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("Governing Law. This Agreement shall be governed by the laws of the State of New York.", "New York"),
        ("This Agreement is construed under the internal laws of the Commonwealth of Massachusetts.", "Massachusetts"),
        ("The laws of England and Wales govern this Agreement.", "England and Wales"),
        ("Applicable law. This Agreement shall be governed by Swiss law.", "Switzerland"),
        ("Anwendbares Recht. Dieser Vertrag unterliegt dem Recht der Bundesrepublik Deutschland.", "Germany"),
        ("Droit applicable. Le présent contrat est soumis au droit français.", "France"),
    ],
)
def test_jurisdictions(sentence: str, place: str) -> None:
    """The law that governs is named by state or country, whatever state a party comes from."""
    assert values("jurisdiction", *in_context(sentence)) == [place]


def test_numbered_parties_without_between() -> None:
    found = values(
        "party",
        "CONSULTANCY AGREEMENT",
        "THIS AGREEMENT is dated 3 April 2014",
        "PARTIES",
        "(1) BRIGHT HARBOUR ANALYTICS LIMITED incorporated and registered in England and Wales with company number"
        " 09812345 whose registered office is at 14 Mill Lane, London (the “Client”); and",
        "(2) DR HELENA WHITFIELD of 22 Sidney Grove, Newcastle (the “Consultant”).",
        f"1. Services. {FILLER}",
        "2. Governing law. This Agreement is governed by the laws of England and Wales.",
    )
    assert sorted(found) == ["BRIGHT HARBOUR ANALYTICS Ltd.", "DR HELENA WHITFIELD"]


@pytest.mark.parametrize(
    ("sentence", "term"),
    [
        ("The term of this Lease shall be five (5) years, beginning on April 1, 2014.", ["5 years"]),
        ("The term of this Lease ends early where rent is three months late.", []),
        ("This Lease is valid for two (2) years from the date of signature.", ["2 years"]),
        ("This Lease shall commence on April 1, 2014 and continue for 24 months.", ["24 months"]),
        ("This Lease begins on April 1, 2014 and runs for 24 months.", ["24 months"]),
        ("The minimum contract period is 24 months.", ["24 months"]),
        ("The initial term shall be two (2) years.", ["2 years"]),
        ("Die Mindestvertragslaufzeit beträgt 24 Monate.", ["24 months"]),
        ("Dieser Vertrag wird für die Dauer von 24 Monaten geschlossen.", ["24 months"]),
        ("La durée du contrat est fixée à deux ans.", ["2 years"]),
        ("This Lease shall remain confidential for five (5) years.", []),
        ("The warranty period is 24 months.", []),
    ],
)
def test_terms_of_other_contracts(sentence: str, term: list[str]) -> None:
    assert values("term", "COMMERCIAL LEASE", PREAMBLE.replace("Agreement", "Lease"), f"1. Term. {sentence}") == term


@pytest.mark.parametrize(
    ("sentence", "term"),
    [
        (
            "Term. This Agreement shall remain in effect for a period of two (2) years from the date hereof.",
            ["2 years"],
        ),
        ("Term. This Agreement shall terminate eighteen (18) months after the Effective Date.", ["18 months"]),
        ("For twelve (12) months after termination of employment the Recipient shall not solicit employees.", []),
        ("Upon thirty (30) days' written notice the Company may audit the Recipient's records.", []),
    ],
)
def test_terms(sentence: str, term: list[str]) -> None:
    """How long the contract holds is told from how long somebody must not compete."""
    assert values("term", *in_context(sentence)) == term


@pytest.mark.parametrize(
    ("sentence", "key", "value"),
    [
        ("Term. This Agreement shall expire on December 31, 2016.", "expiration_date", ["2016-12-31"]),
        ("Expiration Date: June 30, 2017", "expiration_date", ["2017-06-30"]),
        ("The contract ends when all goods are delivered.", "expiration_date", []),
        (
            "This Agreement shall automatically renew for successive periods of one (1) year.",
            "renewal",
            ["automatic, 1 year"],
        ),
        ("This Agreement shall not automatically renew.", "renewal", ["none"]),
        ("Der Vertrag verlängert sich um zwölf Monate.", "renewal", ["automatic, 12 months"]),
        (
            "Either party may terminate this Agreement upon thirty (30) days' prior written notice.",
            "notice_period",
            ["30 days"],
        ),
        ("Der Vertrag kann mit einer Frist von drei Monaten gekündigt werden.", "notice_period", ["3 months"]),
        ("Le contrat peut être résilié moyennant un préavis de 60 jours.", "notice_period", ["60 days"]),
        ("The Company shall give ten (10) days' notice of any audit.", "notice_period", []),
    ],
)
def test_endings(sentence: str, key: str, value: list[str]) -> None:
    """When and how a contract ends is found where it says so."""
    assert values(key, *in_context(sentence)) == value


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        (
            "Termination. Either party may terminate this Agreement at any time upon written notice.",
            "clause_termination",
        ),
        ("Limitation of Liability. In no event shall either party be liable for indirect damages.", "clause_liability"),
        ("Assignment. Neither party may assign this Agreement without the other's prior consent.", "clause_assignment"),
        (
            "Force Majeure. Neither party shall be liable for delay caused by events beyond its control.",
            "clause_force_majeure",
        ),
        (
            "Indemnification. Each party shall indemnify the other against all claims of third parties.",
            "clause_indemnification",
        ),
        ("Haftung. Die Haftung für leichte Fahrlässigkeit ist ausgeschlossen, soweit zulässig.", "clause_liability"),
        (
            "Résiliation. Chaque partie peut résilier le contrat par lettre recommandée à tout moment.",
            "clause_termination",
        ),
    ],
)
def test_clauses_are_quoted(sentence: str, key: str) -> None:
    """A clause is quoted from its number on; the next clause is no part of it."""
    quoted = values(key, *in_context(sentence))
    assert quoted == [f"2. {sentence}"]


def test_a_missing_clause_has_no_value() -> None:
    """What a contract does not say has no key."""
    keys = {value.key for value in read(pages_of_text(in_context(FILLER)))}
    assert not keys & {"clause_termination", "clause_liability", "clause_assignment", "term", "jurisdiction"}


def test_long_clauses_are_cut_at_a_sentence() -> None:
    """A quotation ends with a sentence, and its box is a part of the page."""
    long = "Termination. " + " ".join(
        [f"Either party may terminate this Agreement for the {place}th reason." for place in range(40)]
    )
    found = next(value for value in read(pages_of_text(in_context(long))) if value.key == "clause_termination")
    assert found.raw_text.endswith(".")
    assert len(found.raw_text) < 800
    assert found.box is not None
    x0, y0, x1, y1 = found.box
    assert (x1 - x0) * (y1 - y0) <= LARGEST_BOX


def test_formats_without_places() -> None:
    """A contract of a text format gives the same values, without boxes."""
    page = page_of(*in_context("Governing Law. This Agreement shall be governed by the laws of the State of Ohio."))
    found = read([PageReading(number=1, width=0, height=0, rotation=0, text=page.text, text_source="native")])
    assert {"party", "jurisdiction", "effective_date"} <= {value.key for value in found}
    assert all(
        value.box is None and value.page == 1 and value.raw_text in " ".join(page.text.split()) for value in found
    )


def check_places(pages: list[PageReading], found: list[FieldReading]) -> None:
    """Assert that the words under every box contain the raw text, and that the box is made of the value's words."""
    for value in (each for top in found for each in (top, *top.alternatives)):
        page = next(page for page in pages if page.number == value.page)
        assert value.box is not None
        assert value.box == box_of(page.words[index] for index in value.words)
        assert is_supported(page.words, value.box, value.raw_text), value


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.floats(0, 0.2), squeeze=st.floats(0.5, 1.0))
def test_every_value_has_its_place(seed: int, shift: float, squeeze: float) -> None:
    """Whatever the page looks like, no value is given whose box does not show it."""
    (contract,) = generate(1, seed=seed)
    pages = [moved(page, shift, squeeze) for page in contract.pages]
    check_places(pages, read(pages))


def moved(page: PageReading, shift: float, squeeze: float) -> PageReading:
    """Return a page with its words closer to each other and further right."""
    words = [
        Word(shift + word.x0 * squeeze, word.y0 * squeeze, shift + word.x1 * squeeze, word.y1 * squeeze, word.text)
        for word in page.words
    ]
    return PageReading(
        number=page.number, width=612, height=792, rotation=0, text=page.text, text_source="native", words=words
    )


HOSTILE = {
    "one letter": "a",
    "capitals": "Between A ",
    "brackets": "between (",
    "numbers": "1.1.1.",
    "durations": "two (2) ",
    "shall not": "shall not assign laws of the State of ",
    "blanks": " " * 50 + "\n",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_text_costs_little(unit: str) -> None:
    """Two million characters in one line of a text format, and as one word of a page, are read in bounded time."""
    text = (unit * (2_000_000 // len(unit) + 1))[:2_000_000]
    blank = PageReading(number=1, width=0, height=0, rotation=0, text=text, text_source="native")
    word = Word(0.1, 0.1, 0.9, 0.2, text)
    page = PageReading(number=1, width=595, height=842, rotation=0, text=text, text_source="native", words=[word])
    started = time.process_time()
    read([blank])
    read([page])
    assert time.process_time() - started < 20  # about 2 s here; what is quadratic takes minutes
