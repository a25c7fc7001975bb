"""The documentation tells the truth: links lead somewhere, commands and addresses exist, one version is told."""

import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from apps.pipeline.version import VERSION

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:|mailto:)([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# Paths in backticks, such as `apps/core/doorbell.py`; words in capitals, such as in `tests/unit/APP`, stand for any.
FILE = re.compile(r"`((?:apps|docintel|docker|docs|requirements|static|templates|tests)/[\w./-]+)`")
ANY = re.compile(r"(?:^|/)[A-Z]{3,}(?:[/.-]|$)")
ADDRESS = re.compile(r"^\| `(/[\w/-]*)` \|", re.MULTILINE)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors_of(page: Path) -> set[str]:
    """Make a heading's anchor as GitHub does."""
    headings = HEADING.findall(re.sub(r"```.*?```", "", text_of(page), flags=re.DOTALL))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    for link in LINK.findall(CODE.sub("", text_of(document))):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        if anchor:
            assert anchor in anchors_of(target), link


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_files_exist(document: Path) -> None:
    named = [path for path in FILE.findall(text_of(document)) if not ANY.search(path)]
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_commands_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = "\n".join(CODE.findall(text_of(document)))
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", code)) - targets == set()
    assert set(re.findall(r"manage\.py ([a-z_]+)", code)) - set(get_commands()) == set()


def test_the_user_guide_names_pages_that_exist() -> None:
    addresses = ADDRESS.findall(text_of(ROOT / "docs/user-guide.md"))
    assert len(addresses) > 5
    for address in addresses:
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(f"no page at {address}")


def test_one_version_everywhere() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert newest is not None
    assert declared == VERSION == newest[1]


def test_no_page_waits_to_be_written() -> None:
    assert [name_of(page) for page in PAGES if re.search(r"\b(TODO|FIXME|TBD|XXX)\b", text_of(page))] == []
