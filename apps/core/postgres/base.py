"""Django's PostgreSQL backend with two additions, see the package."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base, operations

from apps.core.servers.locator import ensure_servers

# The protocol counts a statement's parameters in sixteen bits.
_MOST_PARAMETERS = 65_535


class DatabaseOperations(operations.DatabaseOperations):
    """Cuts what is stored or deleted in bulk into statements with no more parameters than one may have."""

    def bulk_batch_size(self, fields: Sequence[object], objs: Sequence[object]) -> int:
        """Return how many rows go into one statement."""
        return min(len(objs), _MOST_PARAMETERS // max(1, len(fields)))


class DatabaseWrapper(base.DatabaseWrapper):
    """Finds or starts the embedded servers whenever a connection is opened; everything else is Django's."""

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> "psycopg.Connection[Any]":
        """Open a connection. Raises ServersError where the embedded servers do not start."""
        if settings.EMBEDDED_DATABASE:
            ensure_servers(settings.PLACES)
        connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        return connection
