"""Django's view of the api app."""

from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """REST API."""

    name = "apps.api"
    verbose_name = "REST API"

    def ready(self) -> None:
        """Make the description of our authentication known to the schema's generator."""
        import_module("apps.api.schema")
