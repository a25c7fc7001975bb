"""Static files as browsers get them after `collectstatic`: every module is addressed by a name that holds its hash."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.templatetags.static import static
from pytest_django import Settings

from docintel.settings import STORAGES

HASHED = re.compile(r"\.[0-9a-f]{12}\.js\Z")
# Not what a comment on types says: {import("...").Type}
IMPORT = re.compile(r"""(?:\bfrom|(?<!\{)\bimport)\s*\(?\s*["'](\.{0,2}/[^"']+)["']""")


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    """Collect all static files as a start of the product does; gives the folder."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": STORAGES["staticfiles"]}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path / "static"


def test_every_module_is_imported_by_its_hashed_name(collected: Path) -> None:
    paths: dict[str, str] = json.loads((collected / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    seen = 0
    for name in sorted(paths.values()):
        if not name.endswith(".js"):
            continue
        assert HASHED.search(name), name
        module = collected / name
        for address in IMPORT.findall(module.read_text(encoding="utf-8")):
            seen += 1
            assert HASHED.search(address), f"{name} imports {address}"
            assert (module.parent / address).resolve().is_file(), f"{name} imports {address}"
    own = Path(__file__).parents[4] / "static" / "app" / "js"
    written = sum(len(IMPORT.findall(path.read_text(encoding="utf-8"))) for path in own.rglob("*.js"))
    assert seen >= written > 10


def test_a_changed_module_changes_the_names_of_those_that_import_it(collected: Path, settings: Settings) -> None:
    before = static("app/js/app.js")
    changed = collected.parent / "changed"
    copy = changed / "app" / "js" / "lib" / "toasts.js"
    copy.parent.mkdir(parents=True)
    source = Path(settings.STATICFILES_DIRS[0]) / "app" / "js" / "lib" / "toasts.js"
    copy.write_text(source.read_text(encoding="utf-8") + "\n// changed\n", encoding="utf-8")
    settings.STATICFILES_DIRS = [changed, *settings.STATICFILES_DIRS]
    settings.STATIC_ROOT = collected.parent / "second"
    settings.STORAGES = {**settings.STORAGES}  # a new storage, that knows nothing of the first names
    call_command("collectstatic", interactive=False, verbosity=0)
    assert static("app/js/app.js") != before
