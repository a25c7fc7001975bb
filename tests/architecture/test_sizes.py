"""Small files, small functions, small templates."""

import ast
import statistics
from pathlib import Path

import pytest
from django.conf import settings

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
LONGEST_TEMPLATE = 120
LARGEST_MEDIAN = 100


def python_files() -> list[Path]:
    found = [path for folder in ("apps", "docintel") for path in (settings.BASE_DIR / folder).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def test_files_stay_small() -> None:
    assert {name(path): lines(path) for path in python_files() if lines(path) > LONGEST_FILE} == {}
    sizes = [lines(path) for path in python_files() if lines(path) > 1]
    assert statistics.median(sizes) < LARGEST_MEDIAN


def test_functions_stay_small() -> None:
    long = {}
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                size = node.end_lineno - node.lineno + 1
                if size > LONGEST_FUNCTION:
                    long[f"{name(path)}:{node.name}"] = size
    assert long == {}


def test_templates_stay_small() -> None:
    templates = list((settings.BASE_DIR / "templates").rglob("*.html"))
    assert templates
    assert {name(path): lines(path) for path in templates if lines(path) > LONGEST_TEMPLATE} == {}


@pytest.mark.parametrize("folder", ["apps", "docintel"])
def test_every_module_says_what_lives_there(folder: str) -> None:
    silent = [
        name(path)
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if "migrations" not in path.parts and path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
