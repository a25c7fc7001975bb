"""Entities: what is found by its form, the model's mentions beside it, and the places of both on their pages."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.extraction.engine.entities import finding
from apps.extraction.engine.entities.finding import find, merged
from apps.extraction.engine.entities.types import EntityReading, Found, MentionModel
from apps.extraction.engine.types import PageReading, Word


def page(text: str, *, language: str | None = "en", number: int = 1, words: Sequence[Word] = ()) -> PageReading:
    size = 100.0 if words else 0.0
    return PageReading(
        number=number,
        width=size,
        height=size,
        rotation=0,
        text=text,
        text_source="native",
        words=list(words),
        language=language,
    )


def laid_out(text: str) -> list[Word]:
    """The words of a text in a grid: the line gives the row, the place in it the column."""
    return [
        Word(column / 10, row / 10, column / 10 + 0.08, row / 10 + 0.05, word)
        for row, line in enumerate(text.split("\n"))
        for column, word in enumerate(line.split())
    ]


def found(text: str, kind: str, *, language: str | None = "en") -> list[tuple[str, str]]:
    return [(each.text, each.value) for each in find([page(text, language=language)], None) if each.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("write to Anna.Berg@example.co.uk.", "email", "anna.berg@example.co.uk"),
        ("<first+tag@sub.example.org>", "email", "first+tag@sub.example.org"),
        ("see www.example.com/a?b=1, or", "url", "https://www.example.com/a?b=1"),
        ("(https://example.org/x_(y))", "url", "https://example.org/x_(y)"),
        ("HTTPS://EXAMPLE.ORG.", "url", "HTTPS://EXAMPLE.ORG"),
        ("at example.de today", "url", "https://example.de"),
        ("IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF", "iban", "DE89370400440532013000"),
        ("GB29NWBK60161331926819", "iban", "GB29NWBK60161331926819"),
        ("VAT no. ATU 13585627", "vat_id", "ATU13585627"),
        ("USt-IdNr. DE 136 695 976", "vat_id", "DE136695976"),
        ("call +49 (0)30 12345-678 now", "phone", "+493012345678"),
        ("Phone: (212) 555-0123", "phone", "+12125550123"),
        ("due 2024-03-12", "date", "2024-03-12"),
        ("on March 3, 2021 we", "date", "2021-03-03"),
        ("le 3 mars 2021", "date", "2021-03-03"),
        ("total € 1,234.50", "money", "1234.50 EUR"),
        ("a loan of $5 million to", "money", "5000000 USD"),
        ("EUR 7.5m in all", "money", "7500000 EUR"),
        ("3,000 US dollars", "money", "3000 USD"),
        ("fifty dollars ($ 50) each", "money", "50 USD"),
        ("12.5 ($ 50)", "money", "-50 USD"),
    ],
)
def test_what_its_form_proves(text: str, kind: str, value: str) -> None:
    assert [each for _, each in found(text, kind)] == [value]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("IBAN DE89 3704 0044 0532 0130 01", "iban"),  # check digits
        ("VAT DE136695977", "vat_id"),
        ("order 20240312 4711 00", "phone"),  # digits that nobody calls a number
        ("version 10.2.3.4", "phone"),
        ("a@b and @handle", "email"),
        ("the e.g. and i.e. of it", "url"),
        ("urn:cen.eu:en16931:2017", "url"),
        ("on 31.02.2024", "date"),
        ("paragraph 5.2 and 1,234 pieces", "money"),
        ("25 % of it", "money"),
        ("in 2024 Main things changed", "address"),
    ],
)
def test_what_only_looks_like_it(text: str, kind: str) -> None:
    assert found(text, kind) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ACME GmbH, Lange Straße 12a, 10115 Berlin. Next", "Lange Straße 12a, 10115 Berlin"),
        ("Musterweg 3\nD-80333 München\nTel", "Musterweg 3, D-80333 München"),
        ("at 350 Fifth Avenue, Suite 3300, New York, NY 10118.", "350 Fifth Avenue, Suite 3300, New York, NY 10118"),
        ("10 Downing Street, London SW1A 2AA", "10 Downing Street, London SW1A 2AA"),
        ("221B Baker Street. He", "221B Baker Street"),
        ("12 bis, rue de la Paix\n75002 Paris", "12 bis, rue de la Paix, 75002 Paris"),
    ],
)
def test_addresses(text: str, value: str) -> None:
    assert [each for _, each in found(text, "address", language=None)] == [value]


def test_the_document_says_how_dates_and_amounts_are_read() -> None:
    european = [
        page("am 25.03.2024", language="de"),
        page("am 04.03.2024: 1.234 € und 5,50 €", language="de", number=2),
    ]
    entities = find(european, None)
    assert [each.value for each in entities if each.kind == "date"] == ["2024-03-25", "2024-03-04"]
    assert [each.value for each in entities if each.kind == "money"] == ["1234 EUR", "5.50 EUR"]
    american = find([page("Austin, TX 78701, 04/03/2024")], None)
    assert [each.value for each in american if each.kind == "date"] == ["2024-04-03"]


def names(*wanted: str) -> MentionModel:
    """A model that knows some names and is rather sure of them."""

    def model(texts: Sequence[str]) -> list[list[tuple[str, int, int, float | None]]]:
        return [
            [("person", match.start(), match.end(), 0.9) for name in wanted for match in re.finditer(name, text)]
            for text in texts
        ]

    return model


def test_every_mention_once_per_occurrence_with_its_words_and_box() -> None:
    text = "Ada Berg wrote\nto Ada\nBerg"
    entities = find([page(text, words=laid_out(text))], names(r"Ada\s+Berg"))
    assert [(each.text, each.words, each.confidence) for each in entities] == [
        ("Ada Berg", [0, 1], 0.9),
        ("Ada Berg", [4, 5], 0.9),
    ]
    assert entities[0].box == pytest.approx((0.0, 0.0, 0.18, 0.05))
    assert entities[1].box == pytest.approx((0.0, 0.1, 0.18, 0.25))


def test_an_amount_ends_with_its_column() -> None:
    text = "Oak door 2 412,50 € 825,00 €\nSum 1 237,50 €"
    left = {"door": 0.1, "2": 0.4, "412,50": 0.5, "825,00": 0.8, "237,50": 0.83}
    words, at = [], 0.0
    for line, row in enumerate(text.split("\n")):
        for word in row.split():
            at = 0.8 if word == "1" else left.get(word, 0.05 if word in {"Oak", "Sum"} else at + 0.01)
            words.append(Word(at, line / 10, at + 0.02, line / 10 + 0.015, word))
            at += 0.02
    found = [each.text for each in find([page(text, words=words)], None) if each.kind == "money"]
    assert found == ["412,50 €", "825,00 €", "1 237,50 €"]


def test_pages_without_words_have_no_boxes() -> None:
    (entity,) = find([page("Ada Berg")], names("Ada Berg"))
    assert (entity.box, entity.words, entity.start, entity.end) == (None, [], 0, 8)


def test_a_name_within_a_mail_address_is_none_but_a_town_within_an_address_is() -> None:
    assert [each.kind for each in find([page("ada@example.org")], names("ada"))] == ["email"]
    inside = find([page("Musterweg 3, 80333 München")], names("München"))
    assert [each.kind for each in inside] == ["address", "person"]


def test_long_documents_are_searched_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_CHARACTERS", 20)
    entities = find([page("a@example.org"), page("b@example.org", number=2)], names("example"))
    assert [(each.kind, each.page) for each in entities] == [("email", 1)]


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=12)


@given(by_form=SPANS, mentions=SPANS)
def test_what_is_merged_overlaps_nothing_that_its_form_proves(
    by_form: list[tuple[int, int]], mentions: list[tuple[int, int]]
) -> None:
    proven: list[Found] = []
    for start, length in sorted(by_form):
        if not proven or proven[-1].end <= start:
            proven.append(Found("iban", start, start + length))
    said = [Found("person", start, start + length) for start, length in mentions]
    result = merged(proven, said)
    assert [each for each in result if each.kind == "iban"] == proven
    for mention in said:
        is_free = all(mention.end <= each.start or mention.start >= each.end for each in proven)
        assert (mention in result) == is_free


PIECES = ["Ada", "Berg", "ging", "a@b.de", "12", "—", "e\u0301t\u00e9"]
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=30)


@given(lines=st.lists(WORDS, min_size=1, max_size=6))
def test_offsets_words_and_texts_belong_together(lines: list[list[str]]) -> None:
    text = "\n".join(" ".join(line) for line in lines)
    laid = laid_out(text)
    for entity in find([page(text, words=laid)], names("Ada", r"Berg\s+ging")):
        check(entity, text, laid)


def check(entity: EntityReading, text: str, words: Sequence[Word]) -> None:
    assert " ".join(text[entity.start : entity.end].split()) == entity.text
    assert " ".join(words[index].text for index in entity.words) == entity.text
    assert entity.box is not None
    x0, y0, x1, y1 = entity.box
    for index in entity.words:
        word = words[index]
        assert x0 <= word.x0 <= word.x1 <= x1
        assert y0 <= word.y0 <= word.y1 <= y1
