"""Django's view of the extraction app."""

from django.apps import AppConfig


class ExtractionConfig(AppConfig):
    """Extraction."""

    name = "apps.extraction"
    verbose_name = "Extraction"
