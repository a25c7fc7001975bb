"""The addresses of the HTML pages."""

from django.urls import URLPattern

from apps.web import account_urls
from apps.web.documents import urls as document_urls

app_name = "web"
urlpatterns: list[URLPattern] = [*account_urls.urlpatterns, *document_urls.urlpatterns]
