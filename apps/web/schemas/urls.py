"""The addresses of the pages about schemas."""

from django.urls import path

from apps.web.schemas import views

urlpatterns = [
    path("schemas/", views.schema_list, name="schema_list"),
    path("schemas/open/", views.schema_open, name="schema_open"),
    path("schemas/<slug:slug>/", views.schema_detail, name="schema_detail"),
    path("schemas/<slug:slug>/save/", views.schema_save, name="schema_save"),
    path("schemas/<slug:slug>/read-again/", views.schema_read_again, name="schema_read_again"),
]
