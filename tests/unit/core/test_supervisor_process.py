"""The supervisor's own process: small, told by a plan, and clear to the person at the terminal."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from apps.core.supervisor.plan import Plan
from apps.core.supervisor.terminal import welcome

PROJECT = Path(__file__).resolve().parents[3]
PLAN = Plan(
    base_dir="/srv",
    data_dir="/data",
    host="::1",
    port=8001,
    base_url="http://[::1]:8001",
    workers=3,
    embedded=True,
    samples=False,
    began=12.5,
)


def test_a_plan_survives_the_command_line() -> None:
    assert Plan.of(PLAN.command) == PLAN
    assert PLAN.command[1:3] == ["-m", "apps.core.supervisor"]


def test_it_holds_no_framework() -> None:
    names = "import sys, json, apps.core.supervisor.__main__; print(json.dumps(list(sys.modules)))"
    output = subprocess.run([sys.executable, "-c", names], cwd=PROJECT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(output.stdout)}
    assert "apps" in loaded
    assert not loaded & {"django", "docintel", "celery", "redis", "psycopg", "structlog"}


def test_the_welcome_names_the_address_and_the_login_where_there_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    welcome(base_url="http://localhost:8000", data_dir=tmp_path)
    assert capsys.readouterr().out == "\n    http://localhost:8000\n    Ctrl-C stops it.\n"
    (tmp_path / "demo_login.json").write_text(json.dumps({"email": "demo@docintel.example", "password": "swordfish"}))
    welcome(base_url="http://localhost:8000", data_dir=tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert [line.strip() for line in lines[2:4]] == ["demo sign-in: demo@docintel.example", "password:     swordfish"]
