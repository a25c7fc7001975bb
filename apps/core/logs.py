"""Logging: one structured line an event on standard error, with the run's or request's id bound once."""

import logging
import logging.config
import sys
from typing import Any

import structlog


def _is_news(record: logging.LogRecord) -> bool:
    """Tell whether a line is worth keeping: "not ready yet", asked ten times a second while starting, is not."""
    request = getattr(record, "request", None)
    return getattr(request, "path", "") != "/readyz"


def configure(config: dict[str, Any]) -> None:
    """Set up the standard library's logging and structlog alike (Django's LOGGING_CONFIG)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    renderer = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], drop_missing=True)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.getLogger("django.request").addFilter(_is_news)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(config.get("level", "INFO"))
    for noisy in (
        "celery.bootsteps",
        "kombu",
        "httpx",
        "django.utils.autoreload",
        "celery.worker.strategy",
        "celery.app.trace",
    ):
        logging.getLogger(noisy).setLevel("WARNING")
