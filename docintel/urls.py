"""Which address leads where."""

from django.contrib import admin
from django.urls import include, path, re_path

from apps.api.base import UnknownAddress

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("apps.api.v1.urls")),
    re_path("^api/", UnknownAddress.as_view()),
    path("", include("apps.api.health_urls")),
    path("", include("apps.web.urls")),
]
handler400 = "apps.web.errors.bad_request"
handler403 = "apps.web.errors.forbidden"
handler404 = "apps.web.errors.not_found"
handler500 = "apps.web.errors.server_error"
