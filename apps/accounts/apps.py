"""Django's view of the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and workspaces."""

    name = "apps.accounts"
    verbose_name = "Accounts"
