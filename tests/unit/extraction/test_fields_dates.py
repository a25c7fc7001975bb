"""Dates in texts of several languages, and which of day and month comes first."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.extraction.engine.fields.normalise.date_order import is_day_first
from apps.extraction.engine.fields.normalise.dates import date_of, dates_in


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("05.03.2018", "2018-03-05"),
        ("2018-03-05", "2018-03-05"),
        ("2015-13-05", "2015-05-13"),
        ("5. März 2018", "2018-03-05"),
        ("Hamburg, den 3. Mai 2020", "2020-05-03"),
        ("February 17, 2026", "2026-02-17"),
        ("August 3 , 2014", "2014-08-03"),
        ("Aug 3rd, 2014", "2014-08-03"),
        ("19 april 2014", "2014-04-19"),
        ("05-AUG-2017", "2017-08-05"),
        ("24 MAR 2018", "2018-03-24"),
        ("1er février 2020", "2020-02-01"),
        ("5 de marzo de 2020", "2020-03-05"),
        ("12 Sept. 2021", "2021-09-12"),
        ("06/04/17", "2017-04-06"),
        ("31.12.98", "1998-12-31"),
        ("02/17/26", "2026-02-17"),
        ("22/03/2018(Thu)", "2018-03-22"),
        ("15.06.2018.", "2018-06-15"),
        ("31/12/2017 12:30", "2017-12-31"),
        ("30.02.2018", None),
        ("1.234.567", None),
        ("192.168.10.12", None),
        ("no date", None),
    ],
)
def test_date(text: str, value: str | None) -> None:
    assert date_of(text) == value


def test_month_first_changes_what_is_ambiguous_only() -> None:
    assert date_of("06/04/2017", day_first=False) == "2017-06-04"
    assert date_of("25/04/2017", day_first=False) == "2017-04-25"
    assert [found.is_ambiguous for found in dates_in("06/04/2017 and 25/04/2017")] == [True, False]


def test_several_dates_with_their_places() -> None:
    text = "vom 01.09.13 - 30.09.13"
    assert [(text[found.start : found.end], found.value) for found in dates_in(text)] == [
        ("01.09.13", "2013-09-01"),
        ("30.09.13", "2013-09-30"),
    ]


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        (["03/04/2020"], None, True),
        (["03/04/2020", "03/25/2020"], "en", False),
        (["03/04/2020", "25/03/2020", "Springfield IL 62704"], "en", True),
        (["03/04/2020", "Springfield, IL 62704"], "en", False),
        (["03/04/2020", "New York, USA", "VAT 20 %"], "en", True),
        (["03/04/2020", "Austin, Texas 78756"], "en", False),
        (["03/04/2020", "laws of the State of Oregon"], "en", False),
        (["03/04/2020", "Invoice CS 10217"], "en", True),
        (["03/04/2020", "Springfield IL 62704"], "fr", True),
        (["03/04/2020", "(415) 555-0134", "Total (USD) $12.00"], "en", False),
        (["03/04/2020", "EIN 94-3321870"], None, False),
        (["03/04/2020", "Total $12.00", "Brightwater LLC"], "en", True),  # dollars and a form are too little
        (["03/04/2020", "(416) 555-0134", "Total CAD $12.00"], "en", True),
        (["03/04/2020", "Due March 4, 2020"], "en", False),
        (["03/04/2020", "Due 3 April 2020", "Total (USD) $12.00", "EIN 94-3321870"], "en", True),
        (["03.04.2020", "Total (USD) $12.00", "EIN 94-3321870"], "en", True),
    ],
)
def test_what_comes_first(texts: list[str], language: str | None, expected: bool) -> None:
    assert is_day_first(texts, language) is expected


@given(day=st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 12, 31)))
def test_what_is_written_is_read_back(day: date) -> None:
    for form in ("%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y"):
        assert date_of(day.strftime(form)) == day.isoformat()
    assert date_of(day.strftime("%m/%d/%Y"), day_first=False) == day.isoformat()
