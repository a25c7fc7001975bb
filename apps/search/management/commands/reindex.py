"""Builds the full-text index anew from the stored pages."""

from django.core.management.base import BaseCommand

from apps.search.services import index_rebuild


class Command(BaseCommand):
    """`manage.py reindex`."""

    help = "Drops the full-text index and builds it anew from the stored pages. Vectors stay as they are."

    def handle(self, **options: object) -> None:
        """Rebuild and say how many pages there are."""
        self.stdout.write(f"{index_rebuild()} pages indexed")
