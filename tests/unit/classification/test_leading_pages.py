import pytest

from apps.classification.runtime.leading import leading_pages


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], []),
        ([0, 5], [0, 5]),
        ([40_000, 5], [40_000]),
        ([39_999, 5, 5], [39_999, 1]),
        ([50_000], [40_000]),
    ],
)
def test_the_beginning_of_a_document(lengths: list[int], expected: list[int]) -> None:
    assert [len(page) for page in leading_pages(["x" * length for length in lengths])] == expected
