"""Django's view of the core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Core: shared foundations."""

    name = "apps.core"
    verbose_name = "System"
