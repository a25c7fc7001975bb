"""Configuration: settings, URLs, Celery, WSGI. No behaviour lives here."""

from docintel.celery import app as celery_app

__all__ = ["celery_app"]
