"""The addresses of the HTML pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
