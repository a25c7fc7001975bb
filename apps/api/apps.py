"""Django's view of the api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """REST API."""

    name = "apps.api"
    verbose_name = "REST API"
