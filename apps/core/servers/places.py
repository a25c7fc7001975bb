"""Where the embedded servers keep their data, sockets, locks and logs below one data folder."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

# sockaddr_un holds 108 bytes on Linux and 104 on macOS; PostgreSQL adds "/.s.PGSQL.5432.lock" to its folder.
LONGEST_SOCKET_FOLDER = 80


@dataclass(frozen=True)
class Places:
    """The folders and files of one installation's embedded servers."""

    data_dir: Path

    @property
    def digest(self) -> str:
        """A short name for this data folder that stays the same when the folder itself becomes a link."""
        return hashlib.sha256(os.fsencode(self.data_dir.parent.resolve() / self.data_dir.name)).hexdigest()[:16]

    @property
    def run(self) -> Path:
        """Folder (mode 0700) of the locks and, where the path is short enough, of the sockets."""
        return self.data_dir / "run"

    @property
    def sockets(self) -> Path:
        """Folder (mode 0700) of the servers' sockets; a short one under /tmp where the data folder's is too long."""
        if len(os.fsencode(self.run)) <= LONGEST_SOCKET_FOLDER:
            return self.run
        # Not tempfile's folder: processes of one installation may differ in TMPDIR, but must agree on this place.
        return Path(f"/tmp/docintel-{self.digest}")  # noqa: S108  its owner and mode are checked before it is used

    @property
    def clients_lock(self) -> Path:
        """Locked shared by every process that uses the servers."""
        return self.run / "clients.lock"

    @property
    def keeper_lock(self) -> Path:
        """Locked by the keeper for as long as it lives."""
        return self.run / "keeper.lock"

    @property
    def start_lock(self) -> Path:
        """Locked while a process looks for a keeper and starts one."""
        return self.run / "start.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Locked by the one supervisor of this data folder."""
        return self.run / "supervisor.lock"

    @property
    def ready_file(self) -> Path:
        """Holds the keeper's process id while both servers answer."""
        return self.run / "ready"

    @property
    def postgres_data(self) -> Path:
        """PostgreSQL's cluster folder."""
        return self.data_dir / "postgres"

    @property
    def valkey_data(self) -> Path:
        """Valkey's folder for its append-only file."""
        return self.data_dir / "valkey"

    @property
    def valkey_socket(self) -> Path:
        """Valkey's unix socket."""
        return self.sockets / "valkey.sock"

    @property
    def programs(self) -> Path:
        """Copies of server binaries, made only where the account the servers run as cannot reach the originals."""
        return self.data_dir / "programs"

    @property
    def logs(self) -> Path:
        """Folder of the servers' and processes' logs."""
        return self.data_dir / "logs"
