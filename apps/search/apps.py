"""Django's view of the search app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search."""

    name = "apps.search"
    verbose_name = "Search"
