"""Untrusted bytes are parsed in a child process with limits; its crash is a result and not an accident."""

from apps.extraction.engine.guard.client import GuardedReader
from apps.extraction.engine.guard.limits import Limits

__all__ = ["GuardedReader", "Limits"]
