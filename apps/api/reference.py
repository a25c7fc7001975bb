"""The OpenAPI document as the reference page shows it: sections of endpoints, and the objects they speak of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.api.schema import operations

Json = Mapping[str, Any]
# Every endpoint may answer with these; the page says so once.
EVERYWHERE: Final = ("401", "403", "429")


@dataclass(frozen=True)
class Property:
    """One part of an object, one parameter, or one part of a body; `link` names the object it consists of."""

    name: str
    kind: str
    link: str
    text: str
    place: str = ""
    is_required: bool = False


@dataclass(frozen=True)
class Answer:
    """What an endpoint may answer."""

    status: str
    text: str
    link: str

    @property
    def is_good(self) -> bool:
        """Tell whether the call has done what was asked."""
        return self.status.startswith("2")


@dataclass(frozen=True)
class Endpoint:
    """One method of one address."""

    id: str
    method: str
    path: str
    title: str
    text: str
    parameters: list[Property]
    body_type: str
    body: list[Property]
    answers: list[Answer]
    samples: list[str]


@dataclass(frozen=True)
class Section:
    """The endpoints of one resource."""

    name: str
    text: str
    endpoints: list[Endpoint]


@dataclass(frozen=True)
class Thing:
    """An object that endpoints take or give."""

    name: str
    text: str
    properties: list[Property]


def sections(document: Json) -> list[Section]:
    """Return the endpoints by tag, in the order of the document."""
    found: dict[str, list[Endpoint]] = {tag["name"]: [] for tag in document["tags"]}
    for path, method, operation in operations(dict(document)):
        found[operation["tags"][0]].append(_endpoint(document, path, method, operation))
    return [Section(tag["name"], tag["description"], found[tag["name"]]) for tag in document["tags"]]


def things(document: Json) -> list[Thing]:
    """Return the objects by name, without those that only wrap a page of results."""
    schemas = document["components"]["schemas"]
    return [
        Thing(name, schema.get("description", ""), list(_properties(schema)))
        for name, schema in sorted(schemas.items())
        if "properties" in schema
    ]


def _endpoint(document: Json, path: str, method: str, operation: Json) -> Endpoint:
    body_type, body = _body(document, operation)
    return Endpoint(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation["summary"],
        text=operation["description"],
        parameters=[_parameter(each) for each in operation.get("parameters", [])],
        body_type=body_type,
        body=body,
        answers=[
            _answer(status, answer)
            for status, answer in sorted(operation["responses"].items())
            if status not in EVERYWHERE
        ],
        samples=[sample["source"] for sample in operation.get("x-codeSamples", [])],
    )


def _parameter(parameter: Json) -> Property:
    kind, link = _kind(parameter["schema"])
    return Property(
        name=parameter["name"],
        kind=kind,
        link=link,
        text=parameter.get("description", ""),
        place=parameter["in"],
        is_required=bool(parameter.get("required", False)),
    )


def _body(document: Json, operation: Json) -> tuple[str, list[Property]]:
    content: Json = operation.get("requestBody", {}).get("content", {})
    for media_type, described in content.items():
        _, link = _kind(described["schema"])
        schema = document["components"]["schemas"].get(link, described["schema"])
        return media_type, list(_properties(schema, place="body"))
    return "", []


def _answer(status: str, answer: Json) -> Answer:
    links = [_kind(described.get("schema", {}))[1] for described in answer.get("content", {}).values()]
    return Answer(status=status, text=answer["description"], link=next((link for link in links if link), ""))


def _properties(schema: Json, *, place: str = "") -> Iterator[Property]:
    required = schema.get("required", [])
    for name, part in schema.get("properties", {}).items():
        kind, link = _kind(part)
        yield Property(name, kind, link, part.get("description", ""), place=place, is_required=name in required)


def _kind(schema: Json) -> tuple[str, str]:
    """Say what a value is, and name the object it consists of, if any."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name, name
    for choice in ("allOf", "oneOf", "anyOf"):
        if choice in schema:
            kinds = [_kind(each) for each in schema[choice]]
            return " or ".join(kind for kind, _ in kinds), next((link for _, link in kinds if link), "")
    if schema.get("type") == "array":
        kind, link = _kind(schema["items"])
        return f"list of {kind}", link
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"]), ""
    types = schema.get("type", "any")
    named = " or ".join(types) if isinstance(types, list) else str(types)
    return (f"{named} ({schema['format']})" if "format" in schema else named), ""
