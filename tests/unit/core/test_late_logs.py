"""Logging that is set up by the first line: nothing is lost, nothing said twice, and levels count from the start."""

import logging
from collections.abc import Iterator

import pytest

from apps.core.late_logs import log_when_needed


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """Lend the root logger."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    yield logger
    logger.handlers[:] = handlers
    logger.setLevel(level)


def test_lines_are_written_as_ever(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    log_when_needed({"level": "WARNING"})
    waiting = root.handlers[:]
    logging.getLogger("a.part").info("not worth it")
    assert root.handlers == waiting
    logging.getLogger("a.part").warning("the first of %d", 2)
    assert root.handlers != waiting
    logging.getLogger("a.part").warning("the second")
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("level=")[1] for line in lines] == [
        'warning event="the first of 2" logger=a.part',
        'warning event="the second" logger=a.part',
    ]
