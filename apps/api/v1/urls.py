"""The addresses of version 1."""

from django.urls import URLPattern

app_name = "api-v1"
urlpatterns: list[URLPattern] = []
