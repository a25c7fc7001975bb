"""The processes of one installation, in the order they start."""

import sys
from dataclasses import dataclass, field

# Where a library would use every core or the network by default.
READING_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "MALLOC_ARENA_MAX": "2"}
ENCODER_ENVIRONMENT = {
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "MALLOC_ARENA_MAX": "2",
}


@dataclass(frozen=True)
class ProcessSpec:
    """One process: how it is started and how long it may take to stop.

    late: readiness does not need it, so it starts after that and leaves the processor to the others.
    """

    name: str
    arguments: tuple[str, ...]
    nice: int = 0
    stop_s: float = 10.0
    late: bool = False
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> list[str]:
        """The command line, with the Python that runs the supervisor."""
        return [sys.executable, *self.arguments]


def processes(*, host: str, port: int, workers: int) -> list[ProcessSpec]:
    """List what runs, web first; stopping goes the other way round."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        ProcessSpec(
            "web",
            ("-m", "gunicorn", "docintel.wsgi", "--config", "python:apps.core.supervisor.gunicorn", "--bind", bind),
        ),
        ProcessSpec(
            "reading",
            _celery("reading", "--pool=prefork", f"--concurrency={workers}"),
            nice=5,
            environment=READING_ENVIRONMENT,
        ),
        ProcessSpec(
            "encoder",
            _celery("encoder", "--pool=threads", "--concurrency=2", "--include=apps.pipeline.encoder.tasks"),
            nice=10,
            late=True,
            environment=ENCODER_ENVIRONMENT,
        ),
        ProcessSpec("scheduler", ("manage.py", "scheduler"), late=True),
    ]


def _celery(queue: str, *options: str) -> tuple[str, ...]:
    # Gossip, mingle and remote control serve fleets; here they would only delay the start.
    quiet = ("--without-gossip", "--without-mingle", "--loglevel=INFO", f"--hostname={queue}@%h")
    # Django's checks would import every page of the web, and keep it: 40 MB.
    return ("-m", "celery", "-A", "docintel", "--skip-checks", "worker", f"--queues={queue}", *options, *quiet)
