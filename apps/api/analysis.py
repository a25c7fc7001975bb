"""A document's analysis object, `docintel.analysis/1`, built from the database piece by piece."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from apps.classification.selectors import prediction_of
from apps.documents.models import Document, Page, TypeSource
from apps.documents.selectors import blocks_of, original_of, pages_of, words_of
from apps.extraction.entities.selectors import entities_of
from apps.extraction.fields.selectors.values import values_for_document
from apps.extraction.models import Entity, FieldValue, Table
from apps.extraction.selectors import tables_of
from apps.pipeline.models import LIVE_RUN_STATES, PipelineRun
from apps.pipeline.selectors import run_errors, step_summaries

SCHEMA: Final = "docintel.analysis/1"
# Pages with their words are read and sent a few at a time: a thousand of them need no more memory than these.
PAGES_AT_ONCE: Final = 50


@dataclass(frozen=True)
class Wanted:
    """Which part of the analysis: pages `first` to `last` (None: to the end), with or without words."""

    first: int = 1
    last: int | None = None
    words: bool = True

    def holds(self, number: int | None) -> bool:
        """Tell whether something on this page belongs to it; what is on no page always does."""
        return number is None or (number >= self.first and (self.last is None or number <= self.last))


def analysis_json(*, document: Document, run: PipelineRun, wanted: Wanted) -> Iterator[bytes]:
    """Yield the object as JSON: all but the pages, and the pages last, since they are many."""
    head = msgspec.json.encode(_head(document, run, wanted))
    yield head[:-1] + b',"pages":['
    for number, pages in enumerate(_page_groups(document, wanted)):
        encoded = msgspec.json.encode(pages)[1:-1]
        yield b"," + encoded if number else encoded
    yield b"]}"


def _head(document: Document, run: PipelineRun, wanted: Wanted) -> dict[str, Any]:
    blob, reading = original_of(document=document), run.reading
    metadata = reading.metadata | {"page_count": reading.page_count}
    told = run_errors(run=run)
    errors = [{name: error[name] for name in ("code", "message", "page") if name in error} for error in told]
    return {
        "schema": SCHEMA,
        "file": {
            "name": document.file_name,
            "size": blob.size,
            "sha256": blob.sha256,
            "media_type": reading.media_type or "application/octet-stream",
        },
        "status": _status(run),
        "errors": errors,
        "metadata": metadata,
        "tables": [_table(table) for table in tables_of(reading_id=reading.pk) if wanted.holds(table.page_number)],
        "type": _type(document, run),
        "fields": [
            _field(value) for value in values_for_document(document=document) if wanted.holds(value.page_number)
        ],
        "entities": [_entity(each) for each in entities_of(reading_id=reading.pk) if wanted.holds(each.page_number)],
        "timings_ms": _timings(run),
    }


def _status(run: PipelineRun) -> str:
    """Tell how reading ended; of a run that only reads the fields anew, how the one whose pages it has did."""
    if run.state not in LIVE_RUN_STATES:
        return run.state.lower()
    return "partial" if run.earlier_errors else "succeeded"


def _type(document: Document, run: PipelineRun) -> dict[str, Any] | None:
    """Give the model's word, or a person's with what the model said as alternatives."""
    found = prediction_of(reading_id=run.reading_id)
    said = {"label": found.label, "confidence": found.probability} if found else None
    alternatives = list(found.alternatives) if found else []
    if document.type_source == TypeSource.HUMAN:
        others = [each for each in [said, *alternatives] if each and each["label"] != document.type_label]
        return {"label": document.type_label, "confidence": None, "alternatives": others, "model": "human"}
    if found is None or said is None:
        return None
    return said | {"alternatives": alternatives, "model": found.model_version.version}


def _table(table: Table) -> dict[str, Any]:
    return {
        "page": table.page_number,
        "box": table.box,
        "row_count": table.row_count,
        "column_count": table.column_count,
        "confidence": table.confidence,
        "header_rows": table.header_rows,
        "continues": table.continues,
        "cells": table.cells,
    }


def _field(value: FieldValue) -> dict[str, Any]:
    return {
        "id": value.pk,
        "key": value.key,
        "value": value.value if value.value_table is None else value.value_table,
        "value_type": value.value_type,
        "currency": value.currency,
        "raw_text": value.raw_text,
        "confidence": value.confidence,
        "page": value.page_number,
        "box": value.box,
        "words": value.words,
        "method": value.method.lower(),
        "producer": value.producer,
        "state": value.state.lower(),
        "is_supported": value.is_supported,
        "checks": value.checks,
        "alternatives": value.alternatives,
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return {
        "kind": entity.kind,
        "text": entity.text,
        "value": entity.value,
        "page": entity.page_number,
        "box": entity.box,
        "confidence": entity.confidence,
    }


def _timings(run: PipelineRun) -> dict[str, float]:
    """Sum up the work of each step; `total` is the time from the first step's start to the end of the last."""
    stages = {each["step"]: each["work_ms"] or 0 for each in step_summaries(run_ids=[run.pk])}
    begun, ended = run.started_at or run.created_at, run.finished_at
    return stages | {"total": round((ended - begun).total_seconds() * 1000, 1) if ended else 0}


def _page_groups(document: Document, wanted: Wanted) -> Iterator[list[dict[str, Any]]]:
    first = wanted.first
    while True:
        pages = list(pages_of(document=document, first=first, last=wanted.last)[:PAGES_AT_ONCE])
        if pages:
            yield _pages(pages, wanted)
        if len(pages) < PAGES_AT_ONCE:
            return
        first = pages[-1].number + 1


def _pages(pages: Sequence[Page], wanted: Wanted) -> list[dict[str, Any]]:
    ids = [page.pk for page in pages]
    words, blocks = words_of(page_ids=ids) if wanted.words else {}, blocks_of(page_ids=ids)
    return [
        {
            "number": page.number,
            "width": page.width,
            "height": page.height,
            "rotation": page.rotation,
            "text": page.text,
            "text_source": page.text_source.lower(),
            "language": page.language or None,
            "words": words.get(page.pk, []),
            "blocks": blocks.get(page.pk, []),
        }
        for page in pages
    ]
