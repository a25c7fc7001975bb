"""What the documentation shows of the code is what the code is: the generated parts are as `make docs` writes them."""

import pytest

from tests.tools import docs


@pytest.mark.parametrize("name", docs.PAGES)
def test_generated_parts_are_up_to_date(name: str) -> None:
    text = (docs.ROOT / name).read_text(encoding="utf-8")
    assert docs.PART.search(text), "nothing is generated here"
    assert docs.renewed(text) == text, "run `make docs`"


def test_arrows_that_follow_from_others_are_left_out() -> None:
    imports: dict[str, set[str]] = {"web": {"pipeline", "core"}, "pipeline": {"core"}, "core": set()}
    assert docs.reduced(imports) == {"web": {"pipeline"}, "pipeline": {"core"}, "core": set()}


def test_every_app_is_drawn() -> None:
    apps = {folder.parent.name for folder in (docs.ROOT / "apps").glob("*/__init__.py")}
    assert docs.imports_between_apps().keys() == apps
