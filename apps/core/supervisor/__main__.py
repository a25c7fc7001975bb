"""The supervisor's process, which `manage.py up` becomes once everything is prepared; needs no Django."""

import sys
import time
from functools import partial
from pathlib import Path

from apps.core.servers.errors import ServersError
from apps.core.servers.locator import ensure_servers, release_servers, servers_gone
from apps.core.servers.places import Places
from apps.core.supervisor.child import Child
from apps.core.supervisor.plan import Plan
from apps.core.supervisor.readiness import is_ready
from apps.core.supervisor.samples import SampleLoader
from apps.core.supervisor.supervisor import Supervisor
from apps.core.supervisor.table import processes
from apps.core.supervisor.terminal import say, welcome

STOP_SERVERS_S = 25.0


def main(plan: Plan) -> int:
    """Run until a signal asks to stop; gives the exit status."""
    places = Places(Path(plan.data_dir))
    try:
        if plan.embedded:
            ensure_servers(places)
        _supervise(plan, places)
        if plan.embedded:
            _stop_servers(places)
    except KeyboardInterrupt:  # before the supervisor's own handlers were there
        say("interrupted")
        return 0
    except ServersError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    say("stopped")
    return 0


def _supervise(plan: Plan, places: Places) -> None:
    clock = time.monotonic
    base_dir = Path(plan.base_dir)
    specs = processes(host=plan.host, port=plan.port, workers=plan.workers)
    children = [Child(spec, cwd=base_dir, logs=places.logs, clock=clock, say=say) for spec in specs]
    supervisor = Supervisor(children, say=say, clock=clock)
    samples = SampleLoader(
        cwd=base_dir, marker=places.data_dir / "samples-loaded", log=places.logs / "samples.log", say=say
    )
    pending = {"welcome"}

    def on_ready() -> None:
        say(f"ready after {clock() - plan.began:.1f} s")
        if plan.samples:
            samples.start()

    def each_turn(*, is_ready: bool) -> None:
        if plan.embedded:
            ensure_servers(places)
        if is_ready and pending and not samples.is_busy():
            pending.clear()
            welcome(base_url=plan.base_url, data_dir=places.data_dir)

    asks = partial(is_ready, host=plan.host, port=plan.port, base_url=plan.base_url)
    try:
        supervisor.run(is_ready=asks, on_ready=on_ready, each_turn=each_turn)
    finally:
        say("stopping")
        samples.stop()
        supervisor.stop()


def _stop_servers(places: Places) -> None:
    release_servers(places, at_once=True)
    deadline = time.monotonic() + STOP_SERVERS_S
    while not servers_gone(places) and time.monotonic() < deadline:
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(Plan.of(sys.argv)))
