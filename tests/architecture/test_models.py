"""What imports cannot show: foreign keys point down, no signals, everything is in the admin site."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db.models import ForeignKey, Model, OneToOneField

LAYERS = {
    name: level
    for level, names in enumerate(
        [
            ["core"],
            ["accounts"],
            ["documents"],
            ["extraction", "classification"],
            ["review", "search"],
            ["pipeline"],
            ["insights"],
            ["web", "api"],
        ]
    )
    for name in names
}
# Parts of others that are looked at inside the others' own pages.
WITHOUT_ADMIN = {"documents.PageContent"}


def own_models() -> list[type[Model]]:
    return [
        model for model in apps.get_models() if model._meta.app_label in LAYERS and model.__module__.startswith("apps.")
    ]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model: type[Model]) -> None:
    for field in model._meta.get_fields():
        if isinstance(field, ForeignKey | OneToOneField):
            target = field.related_model._meta.app_label
            level = LAYERS.get(target, 0)
            assert level < LAYERS[model._meta.app_label] or target == model._meta.app_label, field.name


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_model_is_in_the_admin_site(model: type[Model]) -> None:
    if model._meta.label in WITHOUT_ADMIN or model._meta.auto_created:
        return
    site = admin.site._registry
    assert model in site
    assert site[model].search_fields, "cannot be searched"
    assert site[model].list_display != ("__str__",), "shows nothing useful"


def test_no_signals() -> None:
    pattern = re.compile(r"django\.db\.models\.signals|django\.dispatch|django\.core\.signals")
    files = (path for path in (settings.BASE_DIR / "apps").rglob("*.py"))
    assert [str(path) for path in files if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_celery_only_where_it_belongs() -> None:
    allowed = re.compile(r"tasks\.py$|core/doorbell\.py$|management/commands/scheduler\.py$|tests/")
    pattern = re.compile(r"^\s*(from|import) celery", re.MULTILINE)
    files = (path for path in (settings.BASE_DIR / "apps").rglob("*.py") if not allowed.search(str(path)))
    assert [str(path) for path in files if pattern.search(path.read_text(encoding="utf-8"))] == []
