"""The fields of an analysis: what the contract promises is there, and a broken extractor costs the fields alone."""

from typing import Any

import pytest

from apps.extraction.engine.fields import extractors
from apps.extraction.engine.fields.types import FieldReading, FieldsInput, MachineData
from apps.extraction.engine.types import PageReading, Problem
from apps.pipeline.analyze import entities_stage
from apps.pipeline.analyze.entities_stage import NoEntities, entities_of
from apps.pipeline.analyze.fields_stage import field_object, fields_input, fields_of

PAGE = PageReading(number=1, width=600, height=800, rotation=0, text="", text_source="native")


def document(kind: dict[str, Any] | None = None, *values: FieldReading) -> FieldsInput:
    machine = MachineData(values=list(values))
    return fields_input([PAGE], [], kind, media_type="application/pdf", metadata={}, machine=machine)


def total(**more: Any) -> FieldReading:
    return FieldReading(
        key="total", value="5.00", value_type="amount", raw_text="5.00", method="embedded", producer="test", **more
    )


def test_what_the_contract_promises_is_always_there() -> None:
    told = field_object(total())
    assert (told["confidence"], told["page"], told["box"], told["checks"]) == (None, None, None, [])
    assert field_object(total(page=2, box=(0.1, 0.2, 0.3, 0.4)))["box"] == (0.1, 0.2, 0.3, 0.4)


def test_shares_of_types_come_with_the_document() -> None:
    kind = {"label": "receipt", "confidence": 0.7, "alternatives": [{"label": "invoice", "confidence": 0.2}]}
    found = document(kind)
    assert (found.type_label, found.type_shares) == ("receipt", {"receipt": 0.7, "invoice": 0.2})
    assert document().type_label is None


def test_a_broken_extractor_costs_its_own_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: FieldsInput) -> list[FieldReading]:
        raise ValueError("broken")

    def fine(_: FieldsInput) -> list[FieldReading]:
        return [total()]

    problems: list[Problem] = []
    assert [value["value"] for value in fields_of(document(None, total()), problems)] == ["5.00"]
    monkeypatch.setattr(extractors, "EVERY_TYPE", (broken, fine, broken))
    assert [value["value"] for value in fields_of(document(), problems)] == ["5.00"]
    assert [problem.code for problem in problems] == ["fields_incomplete"]


def test_a_fault_behind_the_extractors_costs_the_fields_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[FieldReading]:
        raise ValueError("broken")

    problems: list[Problem] = []
    monkeypatch.setattr(extractors, "checked", broken)
    assert fields_of(document(None, total()), problems) == []
    assert [problem.code for problem in problems] == ["fields_failed"]


def test_a_fault_in_finding_entities_costs_the_entities_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[Any]:
        raise ValueError("broken")

    monkeypatch.setattr(entities_stage, "find_entities", broken)
    problems: list[Problem] = []
    assert entities_of([PAGE], NoEntities(), problems, 1.0) == []
    assert [problem.code for problem in problems] == ["entities_failed"]
