from collections.abc import Iterator

import pytest

from apps.classification.engine.document_text import READ_CHARACTERS, READ_PAGES, DocumentText, PageText


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], []),
        ([0, 5], [0, 5]),
        ([40_000, 5], [40_000]),
        ([39_999, 5, 5], [39_999, 1]),
        ([50_000], [40_000]),
        ([1] * (READ_PAGES + 1), [1] * READ_PAGES),
    ],
)
def test_the_beginning_of_a_document(lengths: list[int], expected: list[int]) -> None:
    document = DocumentText.of(PageText("x" * length, "") for length in lengths)
    assert [len(body) for body in document.bodies] == expected


def test_words_are_counted_in_the_whole_pages() -> None:
    document = DocumentText.of([PageText("body", "\nhead\nbody"), PageText("more", "more\nfoot")])
    assert document == DocumentText(bodies=["body", "more"], text="head\nbody\nmore\nfoot")
    assert len(DocumentText.of([PageText("", "y" * 2 * READ_CHARACTERS)]).text) == READ_CHARACTERS


def test_no_page_is_asked_for_beyond_those_that_are_read() -> None:
    def pages() -> Iterator[PageText]:
        yield from [PageText("a", "a")] * READ_PAGES
        raise AssertionError

    assert len(DocumentText.of(pages()).bodies) == READ_PAGES
