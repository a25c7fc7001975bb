"""The admin site: staff log in through the ordinary login page, so that second factors and throttles apply."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse


class AdminSite(admin.AdminSite):
    """docintel's administration."""

    site_header = "docintel administration"
    site_title = "docintel"
    index_title = "Everything the installation holds"

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Send people to the product's login page instead of the admin's own."""
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response
