"""The addresses of the pages about organisations."""

from django.urls import path

from apps.web.organisations import views

urlpatterns = [
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/<uuid:organisation_id>/", views.organisation_detail, name="organisation_detail"),
    path("organisations/<uuid:organisation_id>/rename/", views.organisation_rename, name="organisation_rename"),
    path("organisations/<uuid:organisation_id>/merge/", views.organisation_merge, name="organisation_merge"),
]
