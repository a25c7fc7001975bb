"""Makes the data folder a place the servers' account can reach, moving it to the system's state folder where it is not.

Only root ever needs that: a checkout under a private home cannot be entered by the account PostgreSQL runs as, and the
modes of folders that are not ours stay as they are.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from apps.core.servers.account import Account, can_reach, servers_account
from apps.core.servers.errors import ServersError
from apps.core.servers.places import Places

STATE_DIR = Path("/var/lib/docintel")


def settle(places: Places, *, for_servers: bool = True, state_dir: Path = STATE_DIR) -> None:
    """Create the data folder and its `run` folder; as root, move the data folder first where the servers need it."""
    try:
        places.data_dir.mkdir(parents=True, exist_ok=True)
        account = servers_account(places) if for_servers else None
        if account:
            _settle_as_root(places, account, state_dir)
        private_folder(places.run, account)
        if places.sockets != places.run:
            private_folder(places.sockets, account)
        places.logs.mkdir(exist_ok=True)
    except PermissionError as error:
        raise ServersError(
            f"The data folder {places.data_dir} cannot be used by this user ({error}). "
            "Set DOCINTEL_DATA_DIR to a folder of your own."
        ) from error


def private_folder(folder: Path, account: Account | None) -> None:
    """Make a folder of mode 0700 that belongs to the servers' account, or an error where somebody else has it."""
    owner = account.user if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        status = folder.lstat()
        if folder.is_symlink() or not folder.is_dir() or status.st_uid not in {owner, os.geteuid()}:
            raise ServersError(f"{folder} belongs to somebody else; remove it, or set DOCINTEL_DATA_DIR.") from None
        if status.st_uid == owner and status.st_mode & 0o077 == 0:
            return
    if account:
        os.chown(folder, account.user, account.group)
    folder.chmod(0o700)


def _settle_as_root(places: Places, account: Account, state_dir: Path) -> None:
    if can_reach(account, places.data_dir.resolve()):
        return
    parent = os.open(places.data_dir.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(parent, fcntl.LOCK_EX)  # two first starts at once: the second finds the link
        if not can_reach(account, places.data_dir.resolve()):
            _move(places, account, state_dir)
    finally:
        os.close(parent)


def _move(places: Places, account: Account, state_dir: Path) -> None:
    state_dir.mkdir(parents=True, exist_ok=True)
    target = Path(tempfile.mkdtemp(prefix=f"{places.digest}-", dir=state_dir))
    if not can_reach(account, state_dir):
        target.rmdir()
        raise ServersError(
            f"PostgreSQL does not run as root, and the account {account.name} that would run it reaches neither "
            f"{places.data_dir} nor {state_dir}. Set DOCINTEL_DATA_DIR to a folder it can enter."
        )
    if places.data_dir.is_symlink():  # of the user's own making, to a place that cannot be reached
        raise ServersError(
            f"The account {account.name} cannot enter {places.data_dir.resolve()}; set DOCINTEL_DATA_DIR."
        )
    shutil.copytree(places.data_dir, target, symlinks=True, dirs_exist_ok=True, copy_function=_copy_with_owner)
    aside = places.data_dir.with_name(f".{places.data_dir.name}-moved-{os.getpid()}")
    places.data_dir.rename(aside)
    places.data_dir.symlink_to(target)
    shutil.rmtree(aside)
    # Its old place was closed to other users: let nobody but the servers' account pass.
    os.chown(target, 0, account.group)
    target.chmod(0o710)


def _copy_with_owner(source: str, target: str) -> str:
    shutil.copy2(source, target)
    status = Path(source).stat()
    os.chown(target, status.st_uid, status.st_gid)
    return target
