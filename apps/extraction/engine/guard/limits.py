"""What a reading process may use, and the kernel's own limits that hold it to that."""

import ctypes
import os
import resource
import sys
from dataclasses import dataclass

_MB = 1 << 20
# Libraries, mapped models and thread stacks take address space without taking memory.
_ADDRESS_SPACE_SLACK_MB = 1_024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of one reading process. `timeout_s` is the longest a single request may take."""

    memory_mb: int = 2_048
    timeout_s: float = 120
    max_pages: int = 20_000
    max_file_mb: int = 2_048
    max_reply_mb: int = 512
    recycle_after_requests: int = 2_000
    recycle_above_mb: int = 600


def limit_memory(memory_mb: int) -> bool:
    """Bound the memory of this process; macOS accepts the call and does nothing."""
    bounded = False
    if hasattr(resource, "RLIMIT_DATA"):
        bounded = _set(resource.RLIMIT_DATA, memory_mb * _MB)
    bounded = _set(resource.RLIMIT_AS, (memory_mb + _ADDRESS_SPACE_SLACK_MB) * _MB) or bounded
    return bounded and sys.platform.startswith("linux")


def forbid_file_growth() -> bool:
    """No file can be written by this process, whatever it opens; pipes are not files."""
    return _set(resource.RLIMIT_FSIZE, 0) and _set(resource.RLIMIT_CORE, 0)


def limit_cpu(seconds: float) -> bool:
    """Let this process use that much more processor time; a hard stop beside the parent's clock."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    except (OSError, ValueError):
        return False
    return True


def _set(kind: int, value: int) -> bool:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):
        return False
    return True


def return_free_memory() -> None:
    """Hand freed memory back to the system, where the C library knows how (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def resident_mb(pid: int) -> float | None:
    """Memory a process holds now, in MB; None where the system does not tell."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as handle:  # noqa: PTH123  (twice as fast as pathlib, ten times a second)
            pages = int(handle.read().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / _MB
