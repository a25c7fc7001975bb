"""How the encoder worker stops: what is at hand may end within seconds, else it is given back for the next worker.

Its pool is of threads, which nobody can interrupt: Celery would wait for the batch to end, however long it takes.

Where the card fails, it ends at once. What was computed just then may have broken it, so those parts have used an
attempt up, as if the process had been killed; the next worker takes each of them by itself (see `pipeline.worker`), and
the one that breaks the card every time is a dead letter after its last attempt. All others go on uncounted.
"""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from types import SimpleNamespace
from uuid import UUID

from structlog import get_logger

from apps.classification.runtime.device_errors import DeviceLostError
from apps.pipeline.leases import owner_name
from apps.pipeline.outcome import Lease, LeaseLostError, WorkerBrokenError
from apps.pipeline.services import claims
from apps.pipeline.services.steps import step_fail

log = get_logger(__name__)

GRACE_S = 3.0  # as long as the supervisor is polite
_asked = threading.Event()
_urged = threading.Event()
_card: SimpleNamespace = SimpleNamespace(failure=None)  # the DeviceLostError, once there is one
_computed: dict[UUID, Lease] = {}  # by their tokens, what is computed just now, and no more once the card has failed
_noting = threading.Lock()
# Two that were tried before are never computed beside each other: else the innocent one would die with the other.
_suspected = threading.Lock()


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


def lost(failure: DeviceLostError) -> None:
    """Have the worker end at once: whatever this process would do on the card from now on fails."""
    with _noting:
        _card.failure = _card.failure or failure
    request(at_once=True)


@contextmanager
def computing(leases: Sequence[Lease]) -> Iterator[None]:
    """Know of parts while they are computed; raises WorkerBrokenError where the card fails, or has failed before."""
    with _suspected if any(lease.attempt > 1 for lease in leases) else nullcontext():
        with _noting:
            if _card.failure is not None:
                raise WorkerBrokenError
            _computed.update({lease.token: lease for lease in leases})
        try:
            yield
        except DeviceLostError as error:
            lost(error)
            raise WorkerBrokenError from error
        except Exception as error:
            if _card.failure is not None:  # another thread met it first; libraries have errors of their own for it
                raise WorkerBrokenError from error
            _done(leases)
            raise
        else:
            _done(leases)


def _done(leases: Sequence[Lease]) -> None:
    with _noting:
        for lease in leases:
            del _computed[lease.token]


def give_back() -> None:
    """Return all that this process holds, with the attempt of what was computed while the card failed counted."""
    with _noting:
        failure, suspects = _card.failure, list(_computed.values())
    if failure is not None:
        for lease in suspects:
            with suppress(LeaseLostError):
                step_fail(lease=lease, error=failure)
    if count := claims.give_back_held(owner=owner_name()):
        log.info("given_back", parts=count)


def _leave() -> None:
    """End the process after the grace; where all is done by then, Celery has ended it already."""
    _asked.wait()
    _urged.wait(GRACE_S)
    try:
        give_back()
    except Exception:
        log.exception("giving_back_failed")  # their leases run out by themselves
    finally:
        os._exit(0)
