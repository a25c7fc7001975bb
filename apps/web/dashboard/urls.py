"""The addresses of the dashboard."""

from django.urls import path

from apps.web.dashboard import samples, views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("dashboard/live/", views.dashboard_live, name="dashboard_live"),
    path("dashboard/samples/load/", samples.samples_load, name="samples_load"),
    path("dashboard/samples/remove/", samples.samples_delete, name="samples_remove"),
]
