"""Durations in one form, in three languages."""

import pytest

from apps.extraction.engine.fields.normalise.durations import duration_of, durations_in


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("for a period of two (2) years from the date hereof", "2 years"),
        ("a period of Two years", "2 years"),
        ("one-year", "1 year"),
        ("eighteen (18) month period", "18 months"),
        ("12- month anniversary", "12 months"),
        ("thirty (30) days' notice", "30 days"),
        ("ten business days", "10 days"),
        ("two consecutive weeks", "2 weeks"),
        ("the second (2nd) anniversary of the date", "2 years"),
        ("until the 5th anniversary", "5 years"),
        ("drei (3) Monaten zum Jahresende", "3 months"),
        ("Laufzeit von zwei Jahren", "2 years"),
        ("einem Jahr", "1 year"),
        ("trois (3) ans", "3 years"),
        ("dix-huit mois", "18 months"),
        ("pendant une année", "1 year"),
    ],
)
def test_normalises(written: str, value: str) -> None:
    """Words, digits and brackets give one form; the bracket's number counts."""
    assert duration_of(written) == value


@pytest.mark.parametrize("text", ["2004 year-end", "several years", "no. 12.5 years", "the first year", "0 days"])
def test_what_is_no_duration(text: str) -> None:
    """Calendar years, ordinals and numbers with a point count no time."""
    assert duration_of(text) is None


def test_places() -> None:
    """A duration knows where it stands and whether it is a day so much later."""
    text = "expires two years after, or on the third anniversary"
    found = list(durations_in(text))
    assert [text[each.start : each.end] for each in found] == ["two years", "third anniversary"]
    assert [each.is_anniversary for each in found] == [False, True]
