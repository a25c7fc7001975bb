"""Django's view of the classification app."""

from django.apps import AppConfig


class ClassificationConfig(AppConfig):
    """Classification."""

    name = "apps.classification"
    verbose_name = "Classification"
