"""The analysis object before anything is known of a file, and of one whose job was lost."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from apps.extraction.engine.errors import ReadingError
from apps.pipeline.analyze.inputs import FileIdentity, identity_of

SCHEMA = "docintel.analysis/1"


def empty_analysis(identity: FileIdentity) -> dict[str, Any]:
    """Return the object with all its keys, `failed` until something is read."""
    return {
        "schema": SCHEMA,
        "file": {**asdict(identity), "media_type": "application/octet-stream"},
        "status": "failed",
        "errors": [],
        "metadata": {},
        "pages": [],
        "tables": [],
        "type": None,
        "fields": [],
        "entities": [],
    }


def lost_analysis(path: Path, error: ReadingError, *, total_ms: float) -> dict[str, Any]:
    """Return what is left to say of a file whose job died or was ended."""
    return {
        **empty_analysis(identity_of(path)),
        "errors": [error.as_problem()],
        "timings_ms": {"total": round(total_ms, 2)},
    }
