"""What every template must keep to: the strict Content-Security-Policy, and icons that exist."""

import re
from pathlib import Path

import pytest

from apps.web.looks import FILE_LOOKS, NOTICE_ICONS, STATUS_LOOKS, TYPE_ICONS
from tests.tools.vendor_static import TARGET

TEMPLATES = Path(__file__).parents[3] / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (TARGET / "icons" / "sprite.svg").read_text(encoding="utf-8")))


def _name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_nothing_the_policy_would_block(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or "application/json" in script, script


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_icons_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = re.findall(r'{% icon "([^"]+)"', text) + re.findall(r'(?<![a-z_])icon="([^"]+)"', text)
    assert set(used) <= SPRITE


def test_icons_named_in_python_exist() -> None:
    python = "\n".join(path.read_text(encoding="utf-8") for path in (TEMPLATES.parent / "apps" / "web").rglob("*.py"))
    links = re.findall(r'Link\(\s*"[^"]+",\s*"([^"]+)"', python)
    looks = [look["icon"] for look in (*STATUS_LOOKS.values(), *FILE_LOOKS.values())]
    assert links
    assert {*links, *looks, *NOTICE_ICONS.values(), *TYPE_ICONS.values()} <= SPRITE
