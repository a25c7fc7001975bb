"""One file's analysis object, `docintel.analysis/1`."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from apps.extraction.engine.errors import ErrorCode, ReadingError
from apps.extraction.engine.guard import GuardedReader
from apps.extraction.engine.layout import lay_out_document
from apps.extraction.engine.types import PageReading, Problem
from apps.pipeline.analyze.arguments import AnalyzeOptions
from apps.pipeline.analyze.empty import empty_analysis
from apps.pipeline.analyze.entities_stage import entities_of
from apps.pipeline.analyze.fields_stage import fields_input, fields_of
from apps.pipeline.analyze.inputs import identity_of
from apps.pipeline.analyze.model_stages import ModelStages
from apps.pipeline.analyze.pages import PageStages
from apps.pipeline.analyze.typing_stage import TypingFailedError, TypingStage
from apps.pipeline.typed_text import typed_text

logger = logging.getLogger(__name__)


class Timings:
    """Milliseconds by stage, and in total since the start."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of a block to a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._stages[name] = self._stages.get(name, 0) + (time.perf_counter() - started) * 1000

    def as_dict(self) -> dict[str, float]:
        """Return the stages so far and the total."""
        total = (time.perf_counter() - self._started) * 1000
        return {name: round(spent, 2) for name, spent in (*self._stages.items(), ("total", total))}


def analyze_file(path: Path, *, reader: GuardedReader, models: ModelStages, options: AnalyzeOptions) -> dict[str, Any]:
    """Return the analysis of one file, whatever happens to it."""
    timings = Timings()
    identity = identity_of(path)
    analysis = empty_analysis(identity)
    reader.set_deadline(options.timeout_s)
    try:
        _run_stages(analysis, path, reader, models, options, timings)
    except ReadingError as error:
        analysis["errors"].append(error.as_problem())
        if error.media_type:
            analysis["file"]["media_type"] = error.media_type
    except OSError:
        problem = ReadingError(ErrorCode.CORRUPT, "The file cannot be read from the disk.").as_problem()
        analysis["errors"].append(problem)
    except Exception:
        logger.exception("analyze failed on %s", identity.name)
        analysis["errors"].append(ReadingError(ErrorCode.CRASHED).as_problem())
    analysis["timings_ms"] = timings.as_dict()
    return analysis


def _run_stages(
    analysis: dict[str, Any],
    path: Path,
    reader: GuardedReader,
    models: ModelStages,
    options: AnalyzeOptions,
    timings: Timings,
) -> None:
    """Fill the analysis stage by stage; raises ReadingError where nothing can be read at all."""
    with timings.stage("read"):
        info = reader.open(path, name=analysis["file"]["name"], password=options.password)
        analysis["file"]["media_type"] = info.media_type
        analysis["metadata"] = {**info.facts(), "page_count": info.page_count}
        stages = PageStages(reader, path, info, options.password)
        pages = stages.read()
    if "ocr" not in options.skip and any(page.needs_ocr for page in pages):
        with timings.stage("ocr"):
            pages = stages.recognise(pages)
    if "tables" not in options.skip:
        with timings.stage("tables"):
            analysis["tables"] = stages.find_tables(pages)
    with timings.stage("layout"):
        pages = list(lay_out_document(pages, analysis["tables"]))
    if "type" not in options.skip and pages:
        with timings.stage("type"):
            analysis["type"] = _type(models.typing, pages, stages.problems, options.timeout_s)
    if "fields" not in options.skip and pages:
        with timings.stage("fields"):
            document = fields_input(
                pages,
                analysis["tables"],
                analysis["type"],
                media_type=info.media_type,
                metadata=analysis["metadata"],
                machine=stages.machine_data(pages, analysis["type"]["label"] if analysis["type"] else None),
            )
            analysis["fields"] = fields_of(document, stages.problems)
    if "entities" not in options.skip and pages:
        with timings.stage("entities"):
            analysis["entities"] = entities_of(pages, models.entities, stages.problems, options.timeout_s)
    analysis["pages"] = [_page_object(page, with_words="words" not in options.skip) for page in pages]
    analysis["errors"] = stages.problems
    analysis["status"] = _status(pages, stages.problems)


def _type(
    typing: TypingStage, pages: list[PageReading], problems: list[Problem], timeout_s: float
) -> dict[str, Any] | None:
    """Return the type; a model process that fails leaves the rest of the analysis usable."""
    try:
        return typing.type_of(typed_text(pages), timeout_s=timeout_s)
    except TypingFailedError as error:
        problems.append(Problem(code="type_failed", message=f"The type could not be determined: {error}"))
        return None


def _status(pages: list[PageReading], problems: list[Problem]) -> str:
    if not problems:
        return "succeeded"
    return "partial" if pages else "failed"


def _page_object(page: PageReading, *, with_words: bool) -> dict[str, Any]:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "rotation": page.rotation,
        "text": page.text,
        "text_source": page.text_source,
        "language": page.language,
        "words": page.words if with_words else [],
        "blocks": page.blocks,
    }
