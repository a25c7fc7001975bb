"""Identifiers: time-ordered UUIDs, so that rows made together lie together and sort by age."""

from uuid import UUID

import uuid6


def new_id() -> UUID:
    """Return a new UUID version 7 (RFC 9562)."""
    return UUID(bytes=uuid6.uuid7().bytes)
