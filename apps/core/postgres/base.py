"""The database backend of the embedded mode."""

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base

from apps.core.servers.locator import ensure_servers


class DatabaseWrapper(base.DatabaseWrapper):
    """Finds or starts the servers whenever a connection is opened; everything else is Django's."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> "psycopg.Connection[Any]":
        """Open a connection. Raises ServersError where the servers do not start."""
        ensure_servers(settings.PLACES)
        connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        return connection
