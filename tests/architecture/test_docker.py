"""The image and the compose file, checked without a container engine: what they name exists, nothing is given away."""

import importlib
import re
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = {"web", "reading", "encoder", "scheduler"}
SERVERS = {"database", "redis"}
DOCUMENTED = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE))
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|KEY")
REQUIRED = re.compile(r"\$\{[A-Z_]+:\?[^}]+\}")  # compose refuses to start where such a name is not set


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "docker/compose.yaml").read_text())
    return parsed


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "docker/Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


@pytest.fixture
def entrypoint(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docker"))
    return importlib.import_module("entrypoint")


def own_services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: service for name, service in compose["services"].items() if "build" in service}


def test_one_service_a_process(compose: dict[str, Any], entrypoint: ModuleType) -> None:
    services = own_services(compose)
    assert services.keys() == PROCESSES | {"migrate"}
    assert compose["services"].keys() - services.keys() == SERVERS
    for name in PROCESSES:
        assert services[name]["command"] == [name]
        assert entrypoint.spec_of([name]).name == name


def test_other_commands_are_those_of_manage_py(compose: dict[str, Any], entrypoint: ModuleType) -> None:
    command = own_services(compose)["migrate"]["command"]
    assert command[0] in get_commands()
    assert entrypoint.spec_of(command).command[1:] == ["manage.py", "migrate", "--no-input"]
    assert entrypoint.spec_of(["scheduler", "--help"]).command[1:] == ["manage.py", "scheduler", "--help"]


def test_workers_are_as_many_as_configured(entrypoint: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCINTEL_WORKERS", "7")
    assert "--concurrency=7" in entrypoint.spec_of(["reading"]).command


def test_services_wait_for_what_they_need(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in own_services(compose).items():
        for other, wanted in service["depends_on"].items():
            assert other in services, name
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in services[other], other
        expected = {"database"} if name == "migrate" else {"migrate", "database", "redis"}
        assert service["depends_on"].keys() == expected
    assert services["web"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_services_come_back_and_have_few_rights(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    for service in own_services(compose).values():
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert "privileged" not in service
        assert "user" not in service, "the image says who runs"


def test_volumes_exist_and_data_lies_in_them(compose: dict[str, Any]) -> None:
    used = {volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])}
    assert used == compose["volumes"].keys()
    assert "blobs:/data/blobs" in compose["services"]["reading"]["volumes"]


def test_servers_are_the_supported_ones(compose: dict[str, Any]) -> None:
    assert compose["services"]["database"]["image"] == "pgvector/pgvector:pg18"
    assert compose["services"]["redis"]["image"].startswith("valkey/valkey:")
    assert "noeviction" in compose["services"]["redis"]["command"]
    assert compose["services"]["redis"]["command"][1:3] == ["--appendonly", "yes"]


def test_every_name_is_documented(compose: dict[str, Any], instructions: list[tuple[str, str]]) -> None:
    named = {name for service in own_services(compose).values() for name in service["environment"]}
    named |= set(re.findall(r"^([A-Z_]+)=", (ROOT / "docker/env.example").read_text(), re.MULTILINE))
    named |= {name for key, text in instructions if key == "ENV" for name in re.findall(r"(DOCINTEL_\w+)=", text)}
    assert named - DOCUMENTED == {"POSTGRES_PASSWORD"}


def test_compose_asks_for_what_the_example_has(compose: dict[str, Any]) -> None:
    told = set(re.findall(r"^([A-Z_]+)=", (ROOT / "docker/env.example").read_text(), re.MULTILINE))
    assert set(re.findall(r"\$\{(\w+)", (ROOT / "docker/compose.yaml").read_text())) <= told
    assert all(service["env_file"] == ".env" for service in own_services(compose).values())


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name):
                assert REQUIRED.fullmatch(value), name
    for line in (ROOT / "docker/env.example").read_text().splitlines():
        if SECRET.search(line.partition("=")[0]) and not line.startswith("#"):
            assert line.endswith("="), line
    assert ".env" in (ROOT / "docker/.gitignore").read_text().splitlines()


def test_sources_exist_and_reach_the_build(instructions: list[tuple[str, str]]) -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    copied = [text.split()[:-1] for key, text in instructions if key == "COPY" and not text.startswith("--from")]
    sources = {source for some in copied for source in some}
    assert {"apps", "docintel", "templates", "static", "requirements", "manage.py"} <= sources
    assert rules[0] == "*"
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in rules, source
    secret = ("docker/.env", "var/secret_key", ".git/config")
    assert not any(fnmatch(path, rule[1:]) for path in secret for rule in rules if rule.startswith("!"))


def test_what_the_code_reads_beside_itself_is_in_the_image(instructions: list[tuple[str, str]]) -> None:
    copied = {source for key, text in instructions if key == "COPY" for source in text.split()[:-1]}
    files = [path for folder in ("apps", "docintel") for path in (ROOT / folder).rglob("*.py")]
    named = {name for path in files for name in re.findall(r"BASE_DIR / \"([\w.]+)\"", path.read_text())}
    assert "pyproject.toml" in named
    assert named - copied == {"var"}


def test_the_image_runs_as_nobody_special(instructions: list[tuple[str, str]]) -> None:
    users = [text for key, text in instructions if key == "USER"]
    assert users == ["docintel"]
    assert any(key == "RUN" and "useradd --uid 10001" in text for key, text in instructions)
    last_root_step = max(index for index, (key, text) in enumerate(instructions) if key == "COPY")
    assert instructions.index(("USER", "docintel")) > last_root_step
    assert not any(key == "ADD" for key, _ in instructions)
    environment = " ".join(text for key, text in instructions if key in {"ENV", "ARG"})
    assert not SECRET.search(environment)


def test_the_image_looks_after_itself(instructions: list[tuple[str, str]]) -> None:
    keys = [key for key, _ in instructions]
    assert keys.count("FROM") == 2
    assert "HEALTHCHECK" in keys
    assert any(key == "RUN" and "collectstatic" in text for key, text in instructions)
    assert any(key == "RUN" and "requirements/install.sh" in text for key, text in instructions)
    commands = [text for key, text in instructions if key in {"ENTRYPOINT", "HEALTHCHECK"}]
    for script in re.findall(r"docker/\w+\.py", " ".join(commands)):
        assert (ROOT / script).exists()
    assert ("CMD", '["web"]') in instructions
