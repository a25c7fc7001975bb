"""What `manage.py up` tells the supervisor, which runs without Django: its settings alone would take 70 MB for ever."""

import json
import sys
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True)
class Plan:
    """The settings of an installation that the supervisor needs.

    embedded: it uses servers of its own; began: when `up` was called, by the monotonic clock.
    """

    base_dir: str
    data_dir: str
    host: str
    port: int
    base_url: str
    workers: int
    embedded: bool
    samples: bool
    began: float

    @property
    def command(self) -> list[str]:
        """The command line of the supervisor that follows this plan; it is to be started in `base_dir`."""
        return [sys.executable, "-m", "apps.core.supervisor", json.dumps(asdict(self))]

    @classmethod
    def of(cls, arguments: list[str]) -> Self:
        """Read the plan from the command line's last argument."""
        return cls(**json.loads(arguments[-1]))
