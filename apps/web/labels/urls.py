"""The addresses of the pages about types."""

from django.urls import path

from apps.web.labels import views

urlpatterns = [
    path("types/", views.label_list, name="label_list"),
    path("types/new/", views.label_new, name="label_new"),
    path("types/<slug:slug>/", views.label_detail, name="label_detail"),
    path("types/<slug:slug>/save/", views.label_save, name="label_save"),
    path("types/<slug:slug>/retire/", views.label_retire, name="label_retire"),
]
