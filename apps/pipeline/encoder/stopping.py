"""How the encoder worker stops: what is at hand may end within seconds, else it is given back for the next worker.

Its pool is of threads, which nobody can interrupt: Celery would wait for the batch to end, however long it takes.
"""

import os
import signal
import threading

from structlog import get_logger

from apps.pipeline.leases import owner_name
from apps.pipeline.services import claims

log = get_logger(__name__)

GRACE_S = 3.0  # as long as the supervisor is polite
_asked = threading.Event()
_urged = threading.Event()


def watch() -> None:
    """Be ready for the request to stop; SIGQUIT asks without grace. The main thread has to call."""
    signal.signal(signal.SIGQUIT, lambda *_: request(at_once=True))
    threading.Thread(target=_leave, name="stopping", daemon=True).start()


def request(*, at_once: bool = False) -> None:
    """Ask the worker to stop; safe in a signal handler."""
    if at_once:
        _urged.set()
    _asked.set()


def is_requested() -> bool:
    """Whether the worker was asked to stop, so that nothing more may be claimed."""
    return _asked.is_set()


def _leave() -> None:
    """End the process after the grace; where all is done by then, Celery has ended it already."""
    _asked.wait()
    _urged.wait(GRACE_S)
    try:
        if count := claims.give_back_held(owner=owner_name()):
            log.info("given_back", parts=count)
    except Exception:
        log.exception("giving_back_failed")  # their leases run out by themselves
    finally:
        os._exit(0)
