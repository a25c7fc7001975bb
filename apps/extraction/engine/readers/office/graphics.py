"""Texts inside drawings of office documents: charts, diagrams, word art."""

from collections.abc import Iterator

from lxml import etree

from apps.extraction.engine.readers.office.opc import Parts, attribute, local_name
from apps.extraction.engine.text import clean


def graphic_texts(parts: Parts, part: str, element: etree._Element) -> list[str]:
    """Return the texts of the charts and diagrams a drawing of a part refers to, and of its word art."""
    return [text for raw in _texts(parts, part, element) if (text := clean(raw).strip())]


def _texts(parts: Parts, part: str, element: etree._Element) -> Iterator[str]:
    for found in element.iter():
        name = local_name(found)
        if name == "textpath":
            yield found.get("string", "")
        elif name == "chart":
            yield from _chart(_target(parts, part, attribute(found, "id")))
        elif name == "relIds":
            yield from _diagram(_target(parts, part, attribute(found, "dm")))


def _target(parts: Parts, part: str, relation: str | None) -> etree._Element | None:
    row = parts.relations(part).get(relation or "")
    return None if row is None or row.is_external else parts.optional_xml(row.target)


def _chart(root: etree._Element | None) -> Iterator[str]:
    """Give a chart's titles, then a line a series: its name, then its categories with their values."""
    if root is None:
        return
    for title in root.iterfind(".//{*}title"):
        yield "".join(text.text or "" for text in title.iterfind(".//{*}t"))
    for series in root.iterfind(".//{*}ser"):
        name = " ".join(_points(series, "tx"))
        categories = _points(series, "cat") or _points(series, "xVal")
        values = _points(series, "val") or _points(series, "yVal")
        if len(categories) == len(values):
            values = [f"{category} {value}" for category, value in zip(categories, values, strict=True)]
        yield "\t".join([name, *values])


def _points(series: etree._Element, name: str) -> list[str]:
    return [point.text or "" for point in series.iterfind(f"{{*}}{name}//{{*}}v")]


def _diagram(root: etree._Element | None) -> Iterator[str]:
    if root is None:
        return
    for paragraph in root.iterfind(".//{*}p"):
        yield "".join(text.text or "" for text in paragraph.iterfind("{*}r/{*}t"))
