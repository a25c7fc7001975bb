"""The account the servers run as: PostgreSQL refuses root, so root gives them to an unprivileged one that exists."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from apps.core.servers.errors import ServersError
from apps.core.servers.places import Places

CANDIDATES = ("postgres", "nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """A user and group that root hands the servers to."""

    name: str
    user: int
    group: int


def servers_account(places: Places) -> Account | None:
    """Whom the servers run as; None means as the current user, who is not root.

    The owner of an existing cluster or data folder comes first: another choice could not use it.
    """
    if os.geteuid() != 0:
        return None
    for folder in (places.postgres_data, places.data_dir):
        try:
            owner = folder.stat()
        except FileNotFoundError:
            continue
        if owner.st_uid != 0:
            return Account(str(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise ServersError(
        f"PostgreSQL does not run as root, and none of the accounts {', '.join(CANDIDATES)} exists to run it. "
        "Run docintel as an ordinary user, or set DATABASE_URL."
    )


def can_reach(account: Account, path: Path) -> bool:
    """Whether this account can get at the path (enter a folder, execute a file), tried out as that account."""
    test = 'if [ -d "$1" ]; then cd "$1"; else [ -x "$1" ]; fi'
    try:
        outcome = subprocess.run(
            ["/bin/sh", "-c", test, "sh", str(path)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=account.user,
            group=account.group,
            extra_groups=[],
            check=False,
        )
    except PermissionError as error:
        raise ServersError(
            f"PostgreSQL does not run as root, and switching to the account {account.name} is not allowed here "
            f"({error}). Run docintel as an ordinary user, or set DATABASE_URL."
        ) from error
    return outcome.returncode == 0
