"""The address of the screen for bundles."""

from django.urls import path

from apps.web.bundles import views

urlpatterns = [
    path("documents/<uuid:document_id>/split/", views.bundle, name="bundle"),
]
