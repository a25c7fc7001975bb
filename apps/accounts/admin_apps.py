"""Django's admin, with our site: staff log in through the product's own login page, second factor included."""

from django.contrib.admin.apps import AdminConfig


class AdminSiteConfig(AdminConfig):
    """The admin site."""

    default_site = "apps.accounts.admin_site.AdminSite"
