"""Django's view of the review app."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Review."""

    name = "apps.review"
    verbose_name = "Review"
