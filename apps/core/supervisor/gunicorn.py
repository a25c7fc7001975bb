"""Gunicorn's settings: one process with threads, which dies with its master."""

from apps.core.servers.processes import die_with_parent

worker_class = "gthread"
workers = 1
threads = 8
timeout = 120
graceful_timeout = 5
keepalive = 15
control_socket_disable = True


def post_fork(_server: object, _worker: object) -> None:
    """Tie the process to its master, so that a killed one leaves nothing behind."""
    die_with_parent()
