"""Django's view of the web app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Web."""

    name = "apps.web"
    verbose_name = "Web"
