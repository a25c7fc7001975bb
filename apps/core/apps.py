"""Django's view of the core app."""

import django_stubs_ext
from django.apps import AppConfig

django_stubs_ext.monkeypatch()  # lets classes such as ModelAdmin name their model's type


class CoreConfig(AppConfig):
    """Core: shared foundations."""

    name = "apps.core"
    verbose_name = "System"
