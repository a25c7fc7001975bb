"""Logging for programs that seldom have anything to say: set up with the first line, since that takes .1 s."""

import logging
from typing import Any


class _FirstLine(logging.Handler):
    """Sets logging up when there is something to log, and hands it over."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self._config = config

    def emit(self, record: logging.LogRecord) -> None:
        from apps.core.logs import configure  # noqa: PLC0415  (structlog, which most runs do without)

        configure(self._config)
        logging.getLogger(record.name).handle(record)


def log_when_needed(config: dict[str, Any]) -> None:
    """Log as `logs.configure` has it, but load what that needs when the first line is written."""
    root = logging.getLogger()
    root.handlers[:] = [_FirstLine(config)]
    root.setLevel(config.get("level", "INFO"))
