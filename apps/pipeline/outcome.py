"""What the execution of a part gives back, and what it is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.core.errors import TransientError


@dataclass(frozen=True)
class Lease:
    """A claimed part: everything a worker needs to execute it and to prove that it still may."""

    step_id: UUID
    token: UUID
    step: str
    part: int
    attempt: int
    input: dict[str, Any]
    run_id: UUID
    document_id: UUID
    reading_id: UUID
    workspace_id: UUID
    lane: int
    is_beside: bool = False


@dataclass(frozen=True)
class Problem:
    """A failure of a part of the input that leaves the rest usable."""

    code: str
    message: str
    page: int | None = None


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Outcome:
    """`store` writes the results inside the transaction that completes the part; `more` are inputs of further parts."""

    store: Callable[[], None] = _nothing
    problems: tuple[Problem, ...] = ()
    more: tuple[dict[str, Any], ...] = field(default=())


class LeaseLostError(TransientError):
    """Another worker has taken the part over: nothing this one found may be stored."""

    code = "lease_lost"
    message = "Another worker has taken over."


class WorkerBrokenError(Exception):
    """This process can execute nothing any more: what it holds is left to whoever ends it."""
