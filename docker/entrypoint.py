#!/usr/bin/env python3
"""What a container runs: `web`, `reading`, `encoder` or `scheduler`, else a command of manage.py.

The processes are those of the supervisor's table, so that a container never starts them differently.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from apps.core.supervisor.table import ProcessSpec, processes  # noqa: E402  (the path is set above)

# Tells healthcheck.py which process this container runs.
MARKER = Path(tempfile.gettempdir()) / "docintel-process"


def spec_of(arguments: list[str]) -> ProcessSpec:
    """Find a process by its name; anything else is a command of manage.py with its options."""
    table = processes(
        host=os.environ.get("DOCINTEL_HOST", "127.0.0.1"),
        port=int(os.environ.get("DOCINTEL_PORT", "8000")),
        workers=int(os.environ.get("DOCINTEL_WORKERS") or os.cpu_count() or 1),
    )
    known = {spec.name: spec for spec in table}
    if len(arguments) == 1 and arguments[0] in known:
        return known[arguments[0]]
    return ProcessSpec("manage", ("manage.py", *(arguments or ["help"])))


def main() -> None:
    """Become the process."""
    spec = spec_of(sys.argv[1:])
    MARKER.write_text(spec.name)
    os.chdir(ROOT)
    os.nice(spec.nice)
    os.execve(sys.executable, spec.command, os.environ | spec.environment)  # noqa: S606  (no shell is wanted)


if __name__ == "__main__":
    main()
