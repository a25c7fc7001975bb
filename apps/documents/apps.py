"""Django's view of the documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents."""

    name = "apps.documents"
    verbose_name = "Documents"
