"""Asks the product itself whether it is ready, and the port whether it is free."""

import http.client
import socket
from contextlib import closing
from urllib.parse import urlsplit

WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  what to connect to where all addresses are served


def is_ready(*, host: str, port: int, base_url: str) -> bool:
    """Whether /readyz answers 200."""
    headers = {"Host": urlsplit(base_url).netloc, "X-Forwarded-Proto": urlsplit(base_url).scheme}
    with closing(http.client.HTTPConnection(WILDCARDS.get(host, host), port, timeout=3)) as client:
        try:
            client.request("GET", "/readyz", headers=headers)
            return client.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


def is_free(*, host: str, port: int) -> bool:
    """Whether the port can be bound."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
