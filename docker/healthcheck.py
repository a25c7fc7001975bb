#!/usr/bin/env python3
"""Is this container's process well? Exit status 0: yes. The web answers /healthz, the others give signs of life."""

import http.client
import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from entrypoint import MARKER  # this script's folder is the first one Python looks into

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 5


def is_well(name: str) -> bool:
    """Look at one kind of process; a command of manage.py is well as long as it runs."""
    if name == "manage":
        return True
    return _web_answers() if name == "web" else _gives_signs_of_life(name)


def _web_answers() -> bool:
    port = int(os.environ.get("DOCINTEL_PORT", "8000"))
    host = urlsplit(os.environ.get("DOCINTEL_BASE_URL", "")).netloc or f"127.0.0.1:{port}"
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        client.request("GET", "/healthz", headers={"Host": host})
        return client.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def _gives_signs_of_life(kind: str) -> bool:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "docintel.settings")
    from apps.core.heartbeat import is_alive_on  # noqa: PLC0415  (reads the settings)

    return is_alive_on(socket.gethostname(), kind)


if __name__ == "__main__":
    sys.exit(0 if is_well(MARKER.read_text()) else 1)
