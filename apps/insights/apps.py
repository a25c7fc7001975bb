"""Django's view of the insights app."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """Insights."""

    name = "apps.insights"
    verbose_name = "Insights"
