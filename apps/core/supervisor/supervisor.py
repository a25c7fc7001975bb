"""The loop: start everything, keep it running, stop it in order."""

import signal
from collections.abc import Callable
from typing import Protocol

from apps.core.servers.processes import wait_with_signals
from apps.core.supervisor.child import Child

STARTING_POLL_S = 0.1
POLL_S = 1.0
POLITE_S = 3.0  # for what is at hand, before it is interrupted
LONGEST_DELAY_S = 8.0  # late processes wait for readiness, but not longer


class Turn(Protocol):
    """What else is done in every turn of the loop."""

    def __call__(self, *, is_ready: bool) -> None:
        """Do it."""


class Supervisor:
    """Runs the children of one installation in the main thread until a signal asks to stop."""

    def __init__(self, children: list[Child], *, say: Callable[[str], None], clock: Callable[[], float]) -> None:
        self.children = children
        self.say = say
        self.clock = clock
        self.requests = 0  # signals received: the first stops, the second forces
        handled = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        self.wait = wait_with_signals(dict.fromkeys(handled, self._request_stop))

    @property
    def stopping(self) -> bool:
        """Whether a signal asked to stop."""
        return self.requests > 0

    def _request_stop(self) -> None:
        self.requests += 1

    def start(self, *, late: bool) -> None:
        """Start the late or the other children in order; they find their servers themselves."""
        for child in self.children:
            if child.spec.late is late and child.process is None:
                child.start()

    def run(self, *, is_ready: Callable[[], bool], on_ready: Callable[[], None], each_turn: Turn) -> None:
        """Watch the children until asked to stop; `on_ready` is called once, when the product answers."""
        self.start(late=False)
        began = self.clock()
        ready = False
        while not self.stopping:
            for child in self.children:
                child.watch()
            if not ready and is_ready():
                ready = True
                on_ready()
            if ready or self.clock() - began > LONGEST_DELAY_S:
                self.start(late=True)
            each_turn(is_ready=ready)
            if not self.stopping:
                self.wait(POLL_S if ready else STARTING_POLL_S)

    def stop(self) -> None:
        """Ask the children to finish, the last one started first; then less politely; kill all at a second signal."""
        asked = max(1, self.requests)
        began = self.clock()
        waiting = list(reversed(self.children))
        for child in waiting:
            child.send(signal.SIGTERM)
        urged = False
        while waiting and self.requests <= asked:
            waiting = [child for child in waiting if not child.has_ended()]
            if not urged and self.clock() - began > POLITE_S:
                urged = True
                for child in waiting:
                    child.send(signal.SIGQUIT)  # Celery gives back the task at hand
            for child in waiting:
                if self.clock() - began > child.spec.stop_s:
                    self.say(f"{child.spec.name} did not finish in {child.spec.stop_s:g} s and is killed")
                    child.kill()
            if waiting:
                self.wait(0.2)
        for child in waiting:
            child.kill()
