"""The pages of models and of experiments with them, light and dark, wide and narrow, under axe-core, diagrams drawn."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from apps.accounts.models import User
from apps.classification.models import Experiment, ModelVersion
from apps.classification.services import shipped_version
from tests.e2e.documents.conftest import own_places
from tests.integration.web.experiments.conftest import experiment
from tests.integration.web.registry.conftest import learned

__all__ = ["experiment", "learned", "own_places"]
SHAPES = [
    pytest.param({"width": width, "height": 800}, theme, id=f"{theme}-{width}")
    for theme in ("light", "dark")
    for width in (1280, 360)
]


@pytest.mark.parametrize(("viewport", "theme"), SHAPES)
def test_model_pages(
    new_page: Callable[..., Page],
    looks_right: Callable[[Page], None],
    alice: User,
    learned: list[ModelVersion],
    experiment: Experiment,
    viewport: dict[str, int],
    theme: str,
) -> None:
    page = new_page(alice, viewport=viewport, theme=theme)
    for path in (
        "/models/",
        "/models/compare/",
        *(f"/models/{version.pk}/" for version in (learned[0], shipped_version())),
        "/experiments/",
        "/experiments/new/",
        f"/experiments/{experiment.pk}/",
    ):
        page.goto(path)
        page.locator("html.has-js").wait_for()
        for shown in page.get_by_text("Show as a table").all():
            shown.click()
        looks_right(page)
