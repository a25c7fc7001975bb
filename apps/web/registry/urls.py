"""The addresses of the pages about models."""

from django.urls import path

from apps.web.registry import rankings, views

urlpatterns = [
    path("models/", views.model_list, name="model_list"),
    path("models/compare/", views.model_compare, name="model_compare"),
    path("models/rankings/<slug:document_type>/", rankings.ranking_choose, name="ranking_choose"),
    path("models/<uuid:version_id>/", views.model_detail, name="model_detail"),
    path("models/<uuid:version_id>/activate/", views.model_activate, name="model_activate"),
]
