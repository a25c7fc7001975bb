"""Papers: title, authors, DOI and year of several layouts, and their entry for BibTeX."""

import pytest

from apps.extraction.engine.fields.papers import bibtex, paper_values
from apps.extraction.engine.fields.support import is_supported
from apps.extraction.engine.fields.types import FieldReading, FieldsInput
from apps.extraction.engine.types import PageReading
from tests.unit.extraction.makers_pages import Line, page_of

TITLE, NAMES, BODY = 0.022, 0.015, 0.011

JOURNAL = page_of(
    Line("Journal of Small Wonders, Vol. 12, No. 3, 2019", 0.1, 0.04, BODY),
    Line("On the Drift of Paper Boats: Measuring", 0.1, 0.12, TITLE),
    Line("Currents in Shallow Ponds", 0.1, 0.15, TITLE),
    Line("Clara M. Feldspar1,*, Jonas van der Meer2, and Lucía Ibarra-Soto1,2", 0.1, 0.2, NAMES),
    Line("1 Department of Hydrology, University of Nowhere, 2 Institute of Toys", 0.1, 0.23, BODY),
    Line("Abstract", 0.1, 0.28, NAMES),
    Line("We release boats and wait.", 0.1, 0.31, BODY),
    Line("https://doi.org/10.5555/jsw.2019.0042.", 0.1, 0.9, BODY),
)
PREPRINT = page_of(
    Line("Learning to Fold Maps with Sparse Labels", 0.2, 0.1, TITLE),
    Line("Aiko Tanabe", 0.2, 0.16, NAMES),
    Line("Robert J. Quill", 0.55, 0.16, NAMES),
    Line("Harbor University", 0.2, 0.18, BODY),
    Line("Northern Institute", 0.55, 0.18, BODY),
    Line("a.tanabe@harbor.example", 0.2, 0.2, BODY),
    Line("Abstract", 0.2, 0.25, NAMES),
    Line("Maps are hard to fold (Smith and Doe 1999).", 0.2, 0.28, BODY),
    Line("\N{COPYRIGHT SIGN} 2022 The authors. doi: 10.5555/ABC-77(2)", 0.2, 0.92, BODY),
)
GERMAN = page_of(
    Line("Über das Zählen von Möwen an windigen Tagen", 0.15, 0.1, TITLE),
    Line("Hannelore Brück und Dr. Uwe Claasen", 0.15, 0.15, NAMES),
    Line("Zusammenfassung", 0.15, 0.2, NAMES),
    Line("Möwen wurden gezählt. Veröffentlicht am 3. Mai 2017", 0.15, 0.23, BODY),
)


def read(page: PageReading, title: str = "") -> dict[str, list[str]]:
    """Return the values of a paper by key, after asking that each stands where it says."""
    found = paper_values(FieldsInput(pages=[page], type_label="scientific_paper", metadata={"title": title}))
    values: dict[str, list[str]] = {}
    for value in found:
        assert value.box is not None
        assert is_supported(page.words, value.box, value.raw_text), value
        assert value.confidence is None
        values.setdefault(value.key, []).append(str(value.value))
    return values


def test_journal() -> None:
    """The name of the journal is no title; marks of footnotes are no part of names."""
    assert read(JOURNAL) == {
        "title": ["On the Drift of Paper Boats: Measuring Currents in Shallow Ponds"],
        "authors": ["Clara M. Feldspar", "Jonas van der Meer", "Lucía Ibarra-Soto"],
        "doi": ["10.5555/jsw.2019.0042"],
        "year": ["2019"],
    }


def test_preprint_with_authors_side_by_side() -> None:
    """Names in columns are each an author, their institutions none; a year in a citation is not the paper's."""
    assert read(PREPRINT) == {
        "title": ["Learning to Fold Maps with Sparse Labels"],
        "authors": ["Aiko Tanabe", "Robert J. Quill"],
        "doi": ["10.5555/abc-77(2)"],
        "year": ["2022"],
    }


def test_german_paper() -> None:
    """A paper without a DOI has none."""
    assert read(GERMAN) == {
        "title": ["Über das Zählen von Möwen an windigen Tagen"],
        "authors": ["Hannelore Brück", "Uwe Claasen"],
        "year": ["2017"],
    }


def test_the_files_own_title_decides() -> None:
    """Where the properties name a title that stands on the page, it is taken, whatever is printed larger."""
    page = page_of(
        Line("MONOGRAPHS ON PONDS", 0.1, 0.05, 0.04),
        Line("A Quiet Title about Boats", 0.1, 0.15, NAMES),
        "Text follows.",
    )
    assert read(page, "A quiet title about boats")["title"] == ["A Quiet Title about Boats"]


def test_a_page_of_numbers_has_no_title() -> None:
    """A drawing without sentences gives nothing."""
    assert read(page_of(Line("3 2 1 0 1 2 3", 0.1, 0.1, 0.05), Line("0.5 1.0", 0.1, 0.3, 0.05))) == {}


def value_of(key: str, text: str) -> FieldReading:
    """Return a value without a place."""
    return FieldReading(key=key, value=text, value_type="text", raw_text=text, method="rule", producer="test")


def test_bibtex() -> None:
    """The key is made of name, year and word; what is special in TeX is escaped."""
    values = [
        value_of("title", "The Cost & Benefit of 100% Boats"),
        value_of("authors", "Lucía Ibarra"),
        value_of("authors", "Jonas van der Meer"),
        value_of("year", "2019"),
        value_of("doi", "10.5555/x"),
    ]
    assert bibtex(values) == (
        "@article{ibarra2019cost,\n"
        "  title = {{The Cost \\& Benefit of 100\\% Boats}},\n"
        "  author = {Lucía Ibarra and Jonas van der Meer},\n"
        "  year = {2019},\n"
        "  doi = {10.5555/x}\n"
        "}\n"
    )


@pytest.mark.parametrize("values", [[], [value_of("year", "2019")]])
def test_bibtex_needs_a_title(values: list[FieldReading]) -> None:
    """Without a title there is no entry."""
    assert bibtex(values) == ""
