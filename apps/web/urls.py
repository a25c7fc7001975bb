"""The addresses of the HTML pages."""

from django.urls import URLPattern

from apps.web import account_urls

app_name = "web"
urlpatterns: list[URLPattern] = [*account_urls.urlpatterns]
