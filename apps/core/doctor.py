"""What `manage.py doctor` is made of: findings, and the checks every app contributes in its `doctor_checks` module."""

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec

from django.apps import apps


class State(StrEnum):
    """How a part is doing."""

    WELL = "well"
    NOTE = "note"  # worth knowing; nothing is broken
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One line of the report; a problem's detail says what helps."""

    subject: str
    state: State
    detail: str


Check = Callable[[], Iterable[Finding]]


def well(subject: str, detail: str) -> Finding:
    """Report a part that is as it should be."""
    return Finding(subject, State.WELL, detail)


def note(subject: str, detail: str) -> Finding:
    """Report something that limits without being broken."""
    return Finding(subject, State.NOTE, detail)


def problem(subject: str, detail: str) -> Finding:
    """Report what does not work, and what helps."""
    return Finding(subject, State.PROBLEM, detail)


def discover() -> list[tuple[str, Check]]:
    """List the checks of all installed apps with their names: each `doctor_checks` module has a list `CHECKS`."""
    found = []
    for app in apps.get_app_configs():
        name = f"{app.name}.doctor_checks"
        if app.name.startswith("apps.") and find_spec(name):
            found += [(check.__name__, check) for check in importlib.import_module(name).CHECKS]
    return found


def examine(checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """Run every check; one that fails is a problem of its own and stops no other."""
    for name, check in checks:
        try:
            yield from check()
        except Exception as error:  # noqa: BLE001  whatever is broken is what the report is for
            yield problem(name.replace("_", " "), f"{type(error).__name__}: {error}".strip())
