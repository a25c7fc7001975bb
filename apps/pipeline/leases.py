"""Keeps the leases of a worker process alive from one thread of its own while parts are executed."""

import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import connection
from structlog import get_logger

from apps.pipeline.outcome import Lease
from apps.pipeline.services import claims

log = get_logger(__name__)


def owner_name() -> str:
    """Name this process in a lease: host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


class LeaseKeeper:
    """Renews the leases that are held, three times within their length."""

    def __init__(self) -> None:
        self._tokens: Counter[UUID] = Counter()  # how many blocks hold each: blocks may lie in each other
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._pid = 0

    @contextmanager
    def holding(self, leases: Sequence[Lease]) -> Iterator[None]:
        """Keep these leases alive inside the block."""
        tokens = Counter(lease.token for lease in leases)
        with self._changed:
            self._start()
            self._tokens += tokens
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._tokens -= tokens

    def _start(self) -> None:
        """Start the thread once a process: a fork takes no threads along."""
        if self._pid != os.getpid():
            self._pid, self._tokens = os.getpid(), Counter()
            self._thread = threading.Thread(target=self._renew_forever, name="lease-keeper", daemon=True)
            self._thread.start()

    def _renew_forever(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._tokens))
            time.sleep(settings.LEASE_S / 3)  # most parts end within that, and cost no connection
            with self._changed:
                tokens = sorted(self._tokens)
            if tokens:
                self._renew(tokens)

    def _renew(self, tokens: list[UUID]) -> None:
        try:
            claims.renew(tokens=tokens)
        except Exception as error:  # noqa: BLE001  (without this thread every long part would be done again and again)
            log.warning("renewal_failed", error=repr(error))
        finally:
            connection.close()  # needed every ten seconds only: the server's connections are few


keeper = LeaseKeeper()
