"""From a paper's first page to its values."""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import structs

from apps.extraction.engine.fields.papers.authors import authors_in
from apps.extraction.engine.fields.papers.front import FrontLine, front_lines, lines_of_authors, title_of
from apps.extraction.engine.fields.running import RunningText
from apps.extraction.engine.fields.support import bare
from apps.extraction.engine.fields.types import FieldReading, FieldsInput

PRODUCER: Final = "paper-rules/1"
_PAGES: Final = 2  # a cover sheet, or the paper's first page and its second
_DOI: Final = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}|\\^`]{1,200}", re.IGNORECASE)
_AFTER_DOI: Final = ".,;:]}'"
_REFERENCES: Final = re.compile(r"(?:^|\n)\s*(?:references|bibliography|literatur|références)\s*(?=\n)", re.IGNORECASE)
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_YEARS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:published|publication\s+date|veröffentlicht|publié)\b[^\n\f]{{0,40}}?\b{_YEAR}",
        rf"(?:\u00a9|\bcopyright\b|\(c\))[^\n\f]{{0,40}}?\b{_YEAR}",
        rf"\b(?:vol(?:ume)?\.?|proceedings|conference|journal|transactions|letters)\b[^\n\f]{{0,100}}?\b{_YEAR}",
        rf"\bar\s?xiv:[^\n\f]{{0,60}}?\d\s+\w{{3,9}}\s+{_YEAR}",
        rf"\((?:\w+\.?\s+)?{_YEAR}\)",
        rf"\b(?:accepted|received|submitted|date|angenommen|accepté)\b[^\n\f]{{0,40}}?\b{_YEAR}",
        rf"(?:^|\n)[^\n\f]{{0,40}}\b{_YEAR}\s*(?=\n|$)",
    )
)


def read(document: FieldsInput) -> list[FieldReading]:
    """Return title, authors, DOI and year of a paper, as far as its first pages show them."""
    running = RunningText(document.pages[:_PAGES])
    lines = front_lines(running)
    title = _known_title(lines, str(document.metadata.get("title") or "")) or title_of(lines)
    found = [
        *_title(running, title),
        *_authors(running, lines_of_authors(lines, title)),
        *_doi(running),
        *_year(running),
    ]
    return [value for value in found if value is not None]


def _known_title(lines: list[FrontLine], named: str) -> list[FrontLine]:
    """Return the neighbouring lines that together are the title the file's properties name, if there are such."""
    wanted = bare(named)
    if len(wanted) < 12:
        return []
    for first in range(len(lines)):
        joined = ""
        for last in range(first, min(first + 6, len(lines))):
            joined += bare(lines[last].text)
            if joined == wanted:
                return lines[first : last + 1]
            if not wanted.startswith(joined):
                break
    return []


def _title(running: RunningText, title: list[FrontLine]) -> Iterator[FieldReading | None]:
    if title:
        text = " ".join(running.text[title[0].start : title[-1].end].split())
        yield running.reading(
            (title[0].start, title[-1].end), key="title", value=text, value_type="text", producer=PRODUCER
        )


def _authors(running: RunningText, lines: list[FrontLine]) -> Iterator[FieldReading | None]:
    for author in authors_in(running.text, lines):
        span = (author.start, author.end)
        found = running.reading(span, key="authors", value=author.name, value_type="text", producer=PRODUCER)
        if found is not None:
            # The marks of footnotes between the words are no part of the name, and none of what it is checked against.
            yield structs.replace(found, raw_text=author.name) if _bears(found, author.name) else found


def _bears(found: FieldReading, name: str) -> bool:
    return bare(name) in bare(found.raw_text)


def _doi(running: RunningText) -> Iterator[FieldReading | None]:
    references = _REFERENCES.search(running.text)
    match = _DOI.search(running.text, 0, references.start() if references else len(running.text))
    if match:
        value = _whole(match.group())
        span = (match.start(), match.start() + len(value))
        yield running.reading(span, key="doi", value=value.lower(), value_type="identifier", producer=PRODUCER)


def _whole(found: str) -> str:
    """Return a DOI without the marks of the sentence around it; brackets that it opens itself are its own."""
    while found and (found[-1] in _AFTER_DOI or (found[-1] == ")" and found.count("(") < found.count(")"))):
        found = found[:-1]
    return found


def _year(running: RunningText) -> Iterator[FieldReading | None]:
    """Yield the year of publication: what is said to be published counts more than a year in brackets."""
    end = running.text.find("\f")
    for pattern in _YEARS:
        match = pattern.search(running.text, 0, end if end >= 0 else len(running.text))
        if match:
            span = match.span("year")
            yield running.reading(span, key="year", value=match["year"], value_type="number", producer=PRODUCER)
            return
